"""The vault: what went in comes out, and nothing else ever does."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palier.core import streaming, vault
from palier.core.ids import new_id


@pytest.fixture
def key() -> vault.AgenceKey:
    agence = new_id()
    return vault.unwrap_key(agence, *vault.wrap_new_key(agence))


def stored_file(folder: Path) -> Path:
    return next(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, vault.CHUNK - 1, vault.CHUNK, vault.CHUNK + 1, 3 * vault.CHUNK])
def test_read_gives_back_the_same_bytes(key: vault.AgenceKey, size: int) -> None:
    content = os.urandom(size)
    _sha, address, length = vault.store(key, content)
    assert (length, vault.read(key, address, length)) == (size, content)


def test_same_content_is_stored_once(key: vault.AgenceKey, vault_folder: Path) -> None:
    first = vault.store(key, b"contenu")
    before = stored_file(vault_folder).stat().st_mtime_ns
    assert vault.store(key, b"contenu") == first
    assert [p for p in vault_folder.rglob("*") if p.is_file()] == [stored_file(vault_folder)]
    assert stored_file(vault_folder).stat().st_mtime_ns == before


def test_nothing_readable_lies_in_the_storage(key: vault.AgenceKey, vault_folder: Path) -> None:
    sha, _address, _length = vault.store(key, b"CANARI " * 1000)
    file = stored_file(vault_folder)
    assert b"CANARI" not in file.read_bytes()
    assert sha not in str(file)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "removed", "extended", "header"])
def test_damaged_file_is_never_served(key: vault.AgenceKey, vault_folder: Path, damage: str) -> None:
    content = os.urandom(vault.CHUNK + 500)
    _sha, address, length = vault.store(key, content)
    file = stored_file(vault_folder)
    raw = bytearray(file.read_bytes())
    if damage == "truncated":
        raw = raw[:-1]
    elif damage == "flipped":
        raw[-40] ^= 1
    elif damage == "emptied":
        raw = bytearray()
    elif damage == "extended":
        raw += b"x"
    elif damage == "header":
        raw[0] ^= 1
    file.write_bytes(raw)
    if damage == "removed":
        file.unlink()
    with pytest.raises(vault.DamagedFile):
        vault.read(key, address, length)


def test_file_of_another_agence_does_not_decrypt(key: vault.AgenceKey, vault_folder: Path) -> None:
    other_id: UUID = new_id()
    other = vault.unwrap_key(other_id, *vault.wrap_new_key(other_id))
    _sha, address, length = vault.store(key, b"secret")
    source = stored_file(vault_folder)
    target = vault_folder / str(other_id) / address[:2] / address
    target.parent.mkdir(parents=True)
    target.write_bytes(source.read_bytes())
    with pytest.raises(vault.DamagedFile):
        vault.read(other, address, length)


def test_chunks_cannot_be_swapped(key: vault.AgenceKey, vault_folder: Path) -> None:
    _sha, address, length = vault.store(key, os.urandom(2 * vault.CHUNK))
    file = stored_file(vault_folder)
    raw = file.read_bytes()
    step = vault.NONCE + vault.CHUNK + vault.TAG
    head, first, second = (
        raw[: vault.HEADER.size],
        raw[vault.HEADER.size :][:step],
        raw[vault.HEADER.size + step :],
    )
    file.write_bytes(head + second + first)
    with pytest.raises(vault.DamagedFile):
        vault.read(key, address, length)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.integers(0, 700_000), st.integers(0, 700_000))
def test_any_slice_is_exact(key: vault.AgenceKey, one: int, two: int) -> None:
    content = bytes(i * 7 % 251 for i in range(700_000))
    _sha, address, length = vault.store(key, content)
    start, stop = sorted((one, two))
    stored = vault.StoredFile(key, address, length)
    assert stored.read(start, stop) == content[start:stop]
    stored.close()


@pytest.mark.parametrize(
    ("header", "status", "expected"),
    [
        ("", 200, slice(0, 1000)),
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=990-", 206, slice(990, 1000)),
        ("bytes=-5", 206, slice(995, 1000)),
        ("bytes=990-5000", 206, slice(990, 1000)),
        ("bytes=0-1,5-6", 200, slice(0, 1000)),
        ("bytes=1000-", 416, slice(0, 0)),
        ("bytes=9-3", 416, slice(0, 0)),
        ("octets=1-2", 200, slice(0, 1000)),
    ],
)
def test_ranges(key: vault.AgenceKey, header: str, status: int, expected: slice) -> None:
    content = os.urandom(1000)
    sha, address, length = vault.store(key, content)
    request = RequestFactory().get("/", headers={"Range": header} if header else {})
    response = streaming.file_response(
        request, key, address, length, name="a.pdf", mime="application/pdf", etag=sha
    )
    assert (response.status_code, response.content) == (status, content[expected])  # type: ignore[attr-defined]


def test_disposition_never_breaks_the_header() -> None:
    header = streaming.disposition('re\r\nX: "é\\/../appel.pdf')
    assert "\r" not in header and "\n" not in header
    assert header.startswith("attachment; ")
