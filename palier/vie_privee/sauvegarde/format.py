"""The backup file: a zip of sealed members. Each member is a stream of AES-256-GCM frames, bound to its name and rank.

Members ``commun/…`` are sealed under the installation's backup key; members ``agences/<id>/…`` under a key derived from
that agence's own data key, which the backup does not hold; members ``coffre/<id>/…`` are the vault's files as they are.
Frame: last flag (1 byte), length (4 bytes), nonce, ciphertext and tag. A cut, altered, moved or borrowed frame does not
open; a member without its last frame is cut.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from palier.core.vault import AgenceKey

MANIFESTE = "sauvegarde.json"
FORMAT, VERSION = "palier-sauvegarde", "1.0"
BLOC = 256 * 1024
_HEAD = struct.Struct(">BI")
_NONCE = 12


class DamagedBackup(Exception):
    """A member is cut, altered, or was sealed under another key."""


def common_key() -> bytes:
    """Return the installation's backup key: PALIER_SAUVEGARDE_KEY, or one derived from the vault's."""
    if settings.SAUVEGARDE_KEY:
        return bytes.fromhex(settings.SAUVEGARDE_KEY)
    return hmac.new(bytes.fromhex(settings.VAULT_KEY), b"palier sauvegarde", hashlib.sha256).digest()


def agence_backup_key(key: AgenceKey) -> bytes:
    """Return the key of an agence's members."""
    return hmac.new(key.data, b"palier sauvegarde", hashlib.sha256).digest()


def _bound(name: str, rank: int, last: int) -> bytes:
    return f"{name}|{rank}|{last}".encode()


def seal(out: IO[bytes], name: str, key: bytes, blocks: Iterable[bytes]) -> int:
    """Write a member; return its plain length."""
    cipher, rank, total = AESGCM(key), 0, 0
    pending = bytearray()

    def frame(piece: bytes, last: int) -> None:
        nonce = os.urandom(_NONCE)
        sealed = nonce + cipher.encrypt(nonce, piece, _bound(name, rank, last))
        out.write(_HEAD.pack(last, len(sealed)) + sealed)

    for block in blocks:
        pending += block
        while len(pending) > BLOC:
            frame(bytes(pending[:BLOC]), 0)
            del pending[:BLOC]
            rank, total = rank + 1, total + BLOC
    frame(bytes(pending), 1)
    return total + len(pending)


def unseal(source: IO[bytes], name: str, key: bytes) -> Iterator[bytes]:
    """Yield the plain blocks of a member. Raises DamagedBackup rather than yield a bad one, or end too early."""
    cipher, rank = AESGCM(key), 0
    while True:
        head = source.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise DamagedBackup(name)
        last, length = _HEAD.unpack(head)
        sealed = source.read(length)
        try:
            yield cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(name, rank, last))
        except (InvalidTag, ValueError):
            raise DamagedBackup(name) from None
        if last:
            return
        rank += 1
