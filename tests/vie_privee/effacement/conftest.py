"""A database with real commits, a fresh one beside it, and the commands run between them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import transaction
from psycopg import sql

from palier.core.action import writing
from tests.cast import Cast, build_cast
from tests.vie_privee.effacement.outils import environment


@pytest.fixture
def keyring(tmp_path: Path, settings: Any) -> Path:
    settings.TROUSSEAU_DIR = tmp_path / "trousseau"
    return tmp_path / "trousseau"


@pytest.fixture
def committed(real_base: None, keyring: Path) -> Cast:
    with transaction.atomic(), writing("fixtures"):
        return build_cast()


@pytest.fixture
def elsewhere(superuser: psycopg.Connection[Any]) -> Iterator[str]:
    """A fresh, migrated database beside that of the tests."""
    template = superuser.execute(
        "select datname from pg_database where datname like 'palier_gabarit_%' and shobj_description(oid, 'pg_database')"
        " = 'prete' order by oid desc limit 1"
    ).fetchone()
    assert template is not None
    name = f"palier_ailleurs_{os.getpid()}"
    superuser.execute(
        sql.SQL("create database {} template {} owner palier_owner").format(
            sql.Identifier(name), sql.Identifier(template[0])
        )
    )
    yield name
    superuser.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def here(tmp_path: Path, keyring: Path, monkeypatch: Any) -> dict[str, str]:
    """The environment of the tests' database, its vault where a command finds it."""
    data = tmp_path / "ici"
    data.mkdir()
    (data / "coffre").symlink_to(tmp_path / "coffre")
    (tmp_path / "coffre").mkdir(exist_ok=True)
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"]) as open_connection:
        name = open_connection.info.dbname
    return environment(name, data, keyring)
