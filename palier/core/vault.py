"""The vault: files encrypted with their agence's key, content-addressed, verified before a byte leaves.

Layout of a stored file: magic ``PAL1``, chunk size (4 bytes), plain length (8 bytes), then chunks of AES-256-GCM,
each with its 12-byte nonce and 16-byte tag. A chunk is bound (associated data) to the agence, the address, its
rank and the plain length: a truncated, altered, reordered or borrowed chunk does not decrypt.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

MAGIC = b"PAL1"
CHUNK = 256 * 1024
HEADER = struct.Struct(">4sIQ")
NONCE, TAG = 12, 16
WHOLE = 16 * 1024 * 1024  # up to this size a file is decrypted and verified before the first byte is sent


class DamagedFile(Exception):
    """The stored file is missing, truncated or altered: it is never served as good."""


@dataclass(frozen=True, slots=True)
class AgenceKey:
    """The data key of an agence, unwrapped, and the salt of its identifiers."""

    agence_id: UUID
    data: bytes
    salt: bytes

    def address(self, sha256: str) -> str:
        """Return where the content is stored: keyed, so that a storage listing tells nothing of the contents."""
        return hmac.new(self.data, b"address|" + sha256.encode(), hashlib.sha256).hexdigest()


def _wrapping_key() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.VAULT_KEY))


def wrap_new_key(agence_id: UUID) -> tuple[bytes, bytes]:
    """Return (wrapped data key, salt) for a new agence."""
    nonce = os.urandom(NONCE)
    wrapped = nonce + _wrapping_key().encrypt(nonce, os.urandom(32), agence_id.bytes)
    return wrapped, os.urandom(32)


def unwrap_key(agence_id: UUID, wrapped: bytes, salt: bytes) -> AgenceKey:
    """Return the agence's key; raise ``DamagedFile`` when the installation's key is not the one that wrapped it."""
    try:
        data = _wrapping_key().decrypt(wrapped[:NONCE], wrapped[NONCE:], agence_id.bytes)
    except InvalidTag:
        raise DamagedFile("The installation's key does not open this agence's key.") from None
    return AgenceKey(agence_id, data, bytes(salt))


def _path(key: AgenceKey, address: str) -> str:
    return f"{key.agence_id}/{address[:2]}/{address}"


def _bound(key: AgenceKey, address: str, rank: int, length: int) -> bytes:
    return key.agence_id.bytes + bytes.fromhex(address) + struct.pack(">QQ", rank, length)


def store(key: AgenceKey, content: bytes | IO[bytes]) -> tuple[str, str, int]:
    """Encrypt and keep ``content`` once; return (sha256, address, plain length). Safe to repeat.

    A stream is read twice (digest, then encryption): it must be seekable.
    """
    if isinstance(content, bytes):
        import io

        content = io.BytesIO(content)
    digest = hashlib.sha256()
    length = 0
    while block := content.read(CHUNK):
        digest.update(block)
        length += len(block)
    sha256 = digest.hexdigest()
    address = key.address(sha256)
    path = _path(key, address)
    if not _is_complete(path, length):
        content.seek(0)
        with suppress(FileNotFoundError):
            default_storage.delete(path)
        _write(path, _encrypt(key, address, content, length))
    return sha256, address, length


def _write(path: str, sealed: Iterator[bytes]) -> None:
    """Write under a temporary name then rename, so that a crash leaves no half file under the real name."""
    local = getattr(default_storage, "base_location", None)
    if local is None:
        default_storage.save(path, ContentFile(b"".join(sealed)))  # object stores write whole or not at all
        return
    final = Path(default_storage.path(path))
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f"{final.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with temporary.open("wb") as target:
        target.writelines(sealed)
        target.flush()
    temporary.replace(final)


def _is_complete(path: str, length: int) -> bool:
    return default_storage.exists(path) and default_storage.size(path) == sealed_size(length)


def sealed_size(length: int) -> int:
    """Return the size in storage of a file of ``length`` plain bytes."""
    chunks = max(1, -(-length // CHUNK))
    return HEADER.size + length + chunks * (NONCE + TAG)


def _encrypt(key: AgenceKey, address: str, content: IO[bytes], length: int) -> Iterator[bytes]:
    cipher = AESGCM(key.data)
    yield HEADER.pack(MAGIC, CHUNK, length)
    for rank in range(max(1, -(-length // CHUNK))):
        nonce = os.urandom(NONCE)
        yield nonce + cipher.encrypt(nonce, content.read(CHUNK), _bound(key, address, rank, length))


class StoredFile:
    """A file opened for reading; any slice of it, each chunk verified before it is given."""

    def __init__(self, key: AgenceKey, address: str, length: int) -> None:
        self.key, self.address, self.length = key, address, length
        path = _path(key, address)
        try:
            if default_storage.size(path) != sealed_size(length):
                raise DamagedFile("truncated")
            self._source = default_storage.open(path, "rb")
        except (FileNotFoundError, OSError):
            raise DamagedFile("missing") from None
        if self._source.read(HEADER.size) != HEADER.pack(MAGIC, CHUNK, length):
            raise DamagedFile("header")
        self._cipher = AESGCM(key.data)

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the plain bytes of [start, stop[; raise ``DamagedFile`` rather than yield a bad one."""
        if self.length == 0:
            return
        first, last = start // CHUNK, (stop - 1) // CHUNK
        step = NONCE + CHUNK + TAG
        self._source.seek(HEADER.size + first * step)
        for rank in range(first, last + 1):
            plain_size = min(CHUNK, self.length - rank * CHUNK)
            sealed = self._source.read(NONCE + plain_size + TAG)
            try:
                plain = self._cipher.decrypt(
                    sealed[:NONCE],
                    memoryview(sealed)[NONCE:],  # not a copy
                    _bound(self.key, self.address, rank, self.length),
                )
            except (InvalidTag, ValueError):
                raise DamagedFile(f"chunk {rank}") from None
            base = rank * CHUNK
            yield plain[max(0, start - base) : min(len(plain), stop - base)]

    def read(self, start: int = 0, stop: int | None = None) -> bytes:
        """Return the plain bytes of [start, stop[."""
        end = self.length if stop is None else stop
        return b"".join(self.chunks(start, end)) if end > start else b""

    def close(self) -> None:
        self._source.close()


def read(key: AgenceKey, address: str, length: int) -> bytes:
    """Return a whole file, verified."""
    stored = StoredFile(key, address, length)
    try:
        return stored.read()
    finally:
        stored.close()


def erase(key: AgenceKey, address: str) -> None:
    """Remove a file from the storage; quiet when it is gone already."""
    with suppress(FileNotFoundError):
        default_storage.delete(_path(key, address))
