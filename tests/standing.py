"""The cast stays on stage: built once for the tests that follow one another, each in a savepoint above it.

Building it takes a quarter of a second, and some 1,200 tests ask for it. A test that would not roll back (real commits),
or that asks for a database without the cast, makes it leave; the next one that needs it has it built again.
"""

import contextlib
import copy
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from pytest_django.plugin import blocking_manager_key

from tests.cast import Cast, build_cast


@contextlib.contextmanager
def vault_in(folder: Path) -> Iterator[None]:
    """Keep the vault's files in ``folder``."""
    storage = storages["default"]
    former = storage._location

    def move(location: str) -> None:
        storage._location = location
        for name in ("base_location", "location"):
            storage.__dict__.pop(name, None)

    move(str(folder))
    try:
        yield
    finally:
        move(former)


class Standing:
    """The cast that is in the open transaction of this process, if any."""

    def __init__(self) -> None:
        self._cast: Cast | None = None
        self._block: contextlib.ExitStack | None = None
        self._files: Path | None = None

    def prepare(self, item: pytest.Item) -> None:
        """Before a test sets itself up: have the cast there if it is to be rolled back above it, and away if not."""
        wanted = "cast" in item.fixturenames and not _commits(item)  # type: ignore[attr-defined]
        with item.config.stash[blocking_manager_key].unblock():
            if not wanted:
                if _reads_database(item):
                    self.leave()
                return
            if self._cast is None or connection.closed_in_transaction or not connection.in_atomic_block:
                self.leave()
                self._build()

    def _build(self) -> None:
        self._files = Path(tempfile.mkdtemp(prefix="palier-distribution-"))
        self._block = contextlib.ExitStack()
        self._block.enter_context(transaction.atomic())
        with vault_in(self._files):
            self._cast = build_cast()

    def leave(self) -> None:
        """Undo the transaction of the cast."""
        if self._block is not None:
            if connection.in_atomic_block:
                connection.set_rollback(True)
            self._block.close()
            shutil.rmtree(self._files or "", ignore_errors=True)
        self._cast = self._block = self._files = None

    def cast_for(self, folder: Path) -> Cast:
        """Return the cast, its rows free to be changed and its files in ``folder``; built there and then if it left."""
        if self._cast is None or self._files is None:
            return build_cast()
        shutil.copytree(self._files, folder, dirs_exist_ok=True)
        return copy.deepcopy(self._cast)


def _commits(item: pytest.Item) -> bool:
    names = set(item.fixturenames)  # type: ignore[attr-defined]
    marks = list(item.iter_markers("django_db"))
    return bool(
        {"transactional_db", "live_server", "real_base", "superuser"} & names
        or any(mark.kwargs.get("transaction") for mark in marks)
    )


def _reads_database(item: pytest.Item) -> bool:
    names = set(item.fixturenames)  # type: ignore[attr-defined]
    return bool(
        item.get_closest_marker("django_db")
        or {"db", "client", "transactional_db", "live_server", "real_base", "superuser"} & names
    )


STANDING = Standing()
