"""Prepares the database before Django reads its settings: loaded early by ``-p tests.plugin``.

``PALIER_TEST_SERVER`` names the superuser's url of another server (the PostgreSQL 15 pass); unset, the embedded one.
Each pytest-xdist worker has its own database, copied from a template migrated once as the tables' owner.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "seul")


def _migrations_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("palier/*/migrations/*.py")):
        digest.update(path.read_bytes())
    for name in (
        "palier/core/tenancy.py",
        "palier/core/management/commands/prepare_base.py",
        "requirements.lock",
    ):
        file = ROOT / name
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()[:12]


def _wait_for_no_disk(superuser: str) -> None:
    """Spare a throw-away server the writing that only a power cut would miss."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(name)))
        connection.execute("select pg_reload_conf()")


def _urls(superuser: str, database: str) -> dict[str, str]:
    from palier.core import embedded_postgres as server

    base = server.with_database(superuser, database)
    return {
        "DATABASE_URL": server.with_user(base, "palier_app"),
        "DATABASE_OWNER_URL": server.with_user(base, "palier_owner"),
        "DATABASE_EXPLOITANT_URL": server.with_user(base, "palier_exploitant"),
        "DATABASE_SUPERUSER_URL": base,
    }


def _template(superuser: str) -> str:
    """Return the name of the migrated template database, made when absent (one process makes it, others wait)."""
    from palier.core import embedded_postgres as server

    name = f"palier_gabarit_{_migrations_digest()}"
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(7254)")
        ready = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name]
        ).fetchone()
        if ready is None or ready[0] != "prete":
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )
            server.prepare(superuser, name)
            env = {**os.environ, **_urls(superuser, name), "PALIER_DB_ROLE": "owner"}
            for command in ("migrate", "prepare_base"):
                subprocess.run(
                    [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), command, "-v", "0"],
                    check=True,
                    env=env,
                    cwd=ROOT,
                )
            connection.execute(sql.SQL("comment on database {} is 'prete'").format(sql.Identifier(name)))
        connection.execute("select pg_advisory_unlock(7254)")
    return name


def prepare() -> None:
    """Set the environment of this process: test mode, its own data folder, its own database."""
    from palier.core import embedded_postgres as server

    data = Path(os.environ.get("PALIER_TEST_DATA", ROOT / "var" / "test")).resolve()
    os.environ.update(PALIER_MODE="test", PALIER_DEBUG="0", PALIER_DATA=str(data / WORKER))
    superuser = os.environ.get("PALIER_TEST_SERVER")  # somebody's: its settings are not ours to change
    if not superuser:
        superuser = server.start(data).superuser
        _wait_for_no_disk(superuser)
    template = _template(server.with_database(superuser, "postgres"))
    database = f"palier_test_{WORKER}"
    with psycopg.connect(server.with_database(superuser, "postgres"), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(7254)")
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database))
        )
        connection.execute(
            sql.SQL("create database {} template {} owner palier_owner").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        connection.execute("select pg_advisory_unlock(7254)")
    server.prepare(server.with_database(superuser, "postgres"), database)
    os.environ.update(_urls(superuser, database))


def _is_controller() -> bool:
    """Tell whether this process only hands tests out to xdist workers: it needs no database."""
    return "PYTEST_XDIST_WORKER" not in os.environ and any(
        arg.startswith(("-n", "--numprocesses")) and arg not in {"-n0", "--numprocesses=0"}
        for arg in sys.argv[1:]
    )


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
prepare()
