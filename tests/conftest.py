"""Fixtures shared by every test. No test switches a wall off: the role, the row policies and the door stay on."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from tests.cast import Cast
from tests.standing import STANDING, vault_in

pytest_plugins = ["tests.detectors"]

#: What PostgreSQL is told of an actor (palier/core/tenancy.py).
SETTINGS = ["acces", "agences", "account", "jour", "cercles", "bornes", "dates", "lieux", "machine", "source"]


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is made by ``tests.plugin``, as the owner; Django must not make another."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every database test reach the counters' connection too; on another server, run these alone."""
    elsewhere = []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or {"db", "cast", "client"} & names:
            transactional = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
            if not transactional:
                item.add_marker(pytest.mark.django_db(databases="__all__"), append=False)
            if item.get_closest_marker("meme_partout"):
                elsewhere.append(item)
        # Not « django_db_blocker »: pytest-django asks for it in every test.
        elif not {"transactional_db", "superuser", "real_base"} & names:
            elsewhere.append(item)
    if elsewhere and os.environ.get("PALIER_TEST_SERVER"):  # what reads no database says the same on any
        config.hook.pytest_deselected(items=elsewhere)
        left_out = set(elsewhere)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: the cast is there, below the test's own savepoint, or it is not."""
    STANDING.prepare(item)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing open, and no file."""
    with session.config.stash[blocking_manager_key].unblock():
        STANDING.leave()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path) -> Iterator[Path]:
    """Each test has its own vault folder."""
    folder = tmp_path / "coffre"
    with vault_in(folder):
        yield folder


@pytest.fixture
def cast(db: None, vault_folder: Path) -> Cast:
    """Two agences and everybody in them (tests/cast.py)."""
    return STANDING.cast_for(vault_folder)


@pytest.fixture
def nobody(db: None) -> Iterator[None]:
    """Nothing set in PostgreSQL: what an unforeseen path would have."""
    with connection.cursor() as cursor:
        for name in SETTINGS:
            cursor.execute(f"select set_config('palier.{name}', '', true)")
    yield


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection, to look behind the walls (committed rows only)."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as open_connection:
        yield open_connection


@pytest.fixture
def real_base(django_db_blocker: Any, superuser: psycopg.Connection[Any]) -> Iterator[None]:
    """A database whose commits are real (races, crashes); emptied afterwards as superuser."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
    names = superuser.execute(
        "select format('%I', c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition"
        " and c.relname not in ('django_migrations', 'django_content_type', 'auth_permission',"
        " 'vie_privee_textelegal', 'procrastinate_version')"
    ).fetchall()
    # Emptying a table makes new files: those that hold nothing are left alone.
    asked = " union all ".join(f"(select '{name}' from {name} limit 1)" for (name,) in names)
    written = ", ".join(name for (name,) in superuser.execute(asked).fetchall())  # type: ignore[arg-type]
    if not written:
        return
    superuser.execute("set session_replication_role = replica")
    superuser.execute(f"truncate {written} cascade")  # type: ignore[arg-type]
    superuser.execute("set session_replication_role = default")


@pytest.fixture(autouse=True)
def nothing_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """No material version of a legal text but those of the test: what a process keeps would tell of another's."""
    from palier.vie_privee import annonces

    monkeypatch.setattr(annonces, "_kept", (time.monotonic(), []))


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine: any address but loopback and local sockets is refused."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"Network access refused in tests: {address!r}")
        real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


assert settings.MODE == "test", "tests.plugin must run before Django's settings are read (-p tests.plugin)"
