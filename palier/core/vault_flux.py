"""Streams in and out of the vault: sealed as they come, read where one wants; never whole in memory nor in clear."""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files import File
from django.core.files.storage import default_storage

from palier.core.vault import CHUNK, HEADER, MAGIC, NONCE, AgenceKey, StoredFile, _bound, _is_complete, _path


class WrongLength(Exception):
    """The stream ended before its announced length, or went past it."""


class WrongDigest(Exception):
    """The stream's SHA-256 is not the one announced."""


def _even(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of CHUNK, the last one shorter."""
    kept = bytearray()
    for block in blocks:
        kept += block
        while len(kept) >= CHUNK:
            yield bytes(kept[:CHUNK])
            del kept[:CHUNK]
    if kept:
        yield bytes(kept)


class _Sealing:
    """Seals a stream of a known length; its digest is known at the end."""

    def __init__(self, key: AgenceKey, address: str, blocks: Iterable[bytes], length: int) -> None:
        self._key, self._address, self._blocks, self._length = key, address, blocks, length
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        cipher = AESGCM(self._key.data)
        yield HEADER.pack(MAGIC, CHUNK, self._length)
        seen = rank = 0
        for piece in _even(self._blocks):
            seen += len(piece)
            if seen > self._length:
                raise WrongLength
            self._digest.update(piece)
            nonce = os.urandom(NONCE)
            yield nonce + cipher.encrypt(nonce, piece, _bound(self._key, self._address, rank, self._length))
            rank += 1
        if seen != self._length:
            raise WrongLength
        if not rank:  # an empty file has one empty chunk
            nonce = os.urandom(NONCE)
            yield nonce + cipher.encrypt(nonce, b"", _bound(self._key, self._address, 0, 0))

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def receive(
    key: AgenceKey, blocks: Iterable[bytes], length: int, *, address: str = "", sha256: str = ""
) -> tuple[str, str]:
    """Seal a stream of ``length`` bytes as it comes; return (sha256, address).

    ``address``: where to keep it, a random place by default. With ``sha256``, the content must have that digest.
    Raises WrongLength or WrongDigest, as well as whatever ``blocks`` raises: nothing is kept then.
    """
    address = address or os.urandom(32).hex()
    path = _path(key, address)
    sealing = _Sealing(key, address, blocks, length)

    def verified() -> Iterator[bytes]:
        yield from sealing
        if sha256 and sealing.sha256 != sha256:
            raise WrongDigest

    if getattr(default_storage, "base_location", None) is None:
        with TemporaryFile() as sealed:
            for piece in verified():
                sealed.write(piece)
            sealed.seek(0)
            if not _is_complete(path, length):
                with suppress(FileNotFoundError):
                    default_storage.delete(path)
                default_storage.save(path, File(sealed))
        return sealing.sha256, address
    final = Path(default_storage.path(path))
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f"{final.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with temporary.open("wb") as target:
            for piece in verified():
                target.write(piece)
        temporary.replace(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return sealing.sha256, address


class _Plain(io.RawIOBase):
    """The plain bytes of a stored file, for readers that seek."""

    def __init__(self, stored: StoredFile) -> None:
        self._stored, self._at = stored, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._stored.length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        stop = min(self._at + len(buffer), self._stored.length)
        content = self._stored.read(self._at, stop) if stop > self._at else b""
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._stored.close()
        super().close()


def open_stored(key: AgenceKey, address: str, length: int) -> io.BufferedReader:
    """Return a seekable reader of a stored file, each chunk verified before it is given. Raises DamagedFile."""
    return io.BufferedReader(_Plain(StoredFile(key, address, length)), CHUNK)
