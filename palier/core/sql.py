"""Reads in hand-written SQL, for the pages where a queryset costs more than the query itself.

The row policies of ``tenancy`` decide what comes back: they know the actor since the request opened it. Callers
narrow by the space's own cercles besides, so that the wall and the floor are both crossed here too.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from palier.core.actor import Actor


def read(actor: Actor, statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of ``statement`` that ``actor``, opened in this transaction, sees.

    ``jour`` (the actor's date) is always given to the statement. Raises ``RuntimeError`` outside a transaction:
    there the actor's settings are gone, and every table would look empty.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("read() needs the actor's transaction.")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"jour": actor.today, **params})
        return cursor.fetchall()


def read_one(actor: Actor, statement: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row, or None."""
    rows = read(actor, statement, params)
    return rows[0] if rows else None
