"""An agence whose contract ended eight days ago; checksums of every other agence, to the row."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from palier.agences.models import FinContrat
from palier.core import dates
from palier.core.actor import Actor, Role
from palier.core.embedded_postgres import with_database, with_user
from palier.core.tenancy import open_actor
from palier.vie_privee.contrats.actions import end_contract
from palier.vie_privee.effacement import catalogue
from tests.plugin import ROOT

OPERATEUR = Actor(role=Role.SYSTEME, reason="test")


def end(agence_id: UUID, monkeypatch: Any, days_ago: int = 8) -> FinContrat:
    """End a contract as it would have been, that many days ago."""
    jour, moment = dates.today() - timedelta(days=days_ago), dates.now() - timedelta(days=days_ago)
    with monkeypatch.context() as clock, transaction.atomic():
        clock.setattr(dates, "today", lambda: jour)
        clock.setattr(dates, "now", lambda: moment)
        open_actor(OPERATEUR)
        return end_contract(OPERATEUR, agence_id)


def checksums(agence_id: UUID, connection: Any) -> dict[str, str]:
    """Return the digest of the rows of an agence in each table. ``connection``: one that sees them."""
    found = {}
    with connection.cursor() as cursor:
        for nom, colonne in {**catalogue.columns(), "agences_agence": "id"}.items():
            cursor.execute(
                f"select coalesce(string_agg(t::text, chr(10) order by t::text), '') from {nom} t where {colonne} = %s",
                [agence_id],
            )
            found[nom] = hashlib.sha256(str(cursor.fetchone()[0]).encode()).hexdigest()
    return found


def whole_dump(superuser: psycopg.Connection[Any]) -> bytes:
    """Return every row of every table of the base, as COPY writes them."""
    tables = superuser.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
        " and not c.relispartition order by 1"
    ).fetchall()
    out = bytearray()
    for (nom,) in tables:
        with superuser.cursor() as cursor, cursor.copy(f"copy (select * from {nom}) to stdout") as copy:
            for block in copy:
                out += bytes(block)
    return bytes(out)


def command(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the portal as a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *arguments], env=env, cwd=ROOT, check=False,
        capture_output=True, text=True,
    )  # fmt: skip


def environment(database: str, data: Path, keyring: Path) -> dict[str, str]:
    """Return what leads a command to a database, a data folder and a keyring."""
    base = with_database(os.environ["DATABASE_SUPERUSER_URL"], database)
    return {
        **os.environ, "PALIER_MODE": "test", "PALIER_DB_ROLE": "owner", "PALIER_DATA": str(data),
        "PALIER_TROUSSEAU": str(keyring), "DATABASE_SUPERUSER_URL": base,
        **{f"DATABASE_{role}URL": with_user(base, f"palier_{user}")
           for role, user in (("", "app"), ("OWNER_", "owner"), ("EXPLOITANT_", "exploitant"))},
    }  # fmt: skip
