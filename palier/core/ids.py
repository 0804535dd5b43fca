"""Identifiers: time-ordered and unguessable for our own rows, keyed digests for back-office rows.

Authorisation never rests on an identifier being secret; it only must not be countable (security.md T3).
"""

import hashlib
from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): 74 random bits behind a millisecond clock."""
    return UUID(int=uuid7().int)


def keyed_id(salt: bytes, *parts: str) -> UUID:
    """Return the identifier of the thing that ``parts`` name, under the agence's secret ``salt``.

    The same back-office key always gives the same identifier, so foreign keys are computed rather than looked
    up; without the salt it cannot be guessed. SHA-256 truncated to 128 bits of ``hex(salt) | part | part…``;
    ``SQL_KEYED_ID`` in ``palier.echanges`` computes the same value inside DuckDB.
    """
    text = salt.hex() + "|" + "|".join(parts)
    return UUID(hex=hashlib.sha256(text.encode()).hexdigest()[:32])
