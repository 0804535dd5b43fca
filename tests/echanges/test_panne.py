"""Crashes: killed or cut off anywhere, what is on line stays whole, and the next run finishes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.execution import run_import
from tests.echanges.fabrique import AGENCE, make_dossier, sound_tables
from tests.factories import make_agence
from tests.plugin import ROOT

LIGNES = 15_000


def dossier(path: Path, name: str, lines: int) -> Path:
    """A dossier whose first person bears this name, with so many ledger lines that an import lasts."""
    tables = sound_tables()
    tables["tiers"][0]["nom"] = name
    pair = [{"compte_id": "A2", "le": "2026-11-22", "libelle": name, "debit": "1.00", "credit": "1.00"}]
    tables["mouvements"] += [{**pair[0], "id": f"N{i}"} for i in range(lines)]
    return make_dossier(path, tables)


@pytest.fixture
def agence(real_base: None, tmp_path: Path) -> UUID:
    """An agence on line with the version « AVANT », really committed."""
    from django.db import transaction

    with transaction.atomic(), writing("fixtures"):
        made = make_agence(AGENCE, "Agence d’essai").agence
    actor = Actor.system(made.id, "test")
    with acting_as(actor), writing("fixtures"):
        row = create_import(actor, "a.zip", depot="", octets=1)
    run_import(actor, row.id, dossier(tmp_path / "avant.zip", "AVANT", 10))
    return UUID(str(made.id))


def state(superuser: psycopg.Connection[Any], agence: UUID) -> tuple[str, int]:
    """The name of the first person, and how many ledger lines are on line."""
    (name,) = superuser.execute(
        "select nom from patrimoine_tiers where agence_id = %s and reference = 'T1'", [agence]
    ).fetchall()[0]
    (lines,) = superuser.execute(
        "select count(*) from comptabilite_mouvement where agence_id = %s and archive_le is null", [agence]
    ).fetchall()[0]
    return str(name), int(lines)


def start(path: Path) -> subprocess.Popen[bytes]:
    """The command, in a process of its own."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "dossier", "import"]
    return subprocess.Popen(
        [*command, "--agence", AGENCE, str(path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_for_progress(
    superuser: psycopg.Connection[Any], agence: UUID, share: float, process: "subprocess.Popen[bytes]"
) -> None:
    """Return once the running import has told at least this share, or has ended; it is left stopped.

    It goes on by small steps, and is looked at while it stands: however busy the machine, it cannot end between two looks.
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        os.kill(process.pid, signal.SIGSTOP)
        found = superuser.execute(
            "select etat, progres from echanges_import where agence_id = %s order by recu_le desc limit 1",
            [agence],
        ).fetchone()
        if found and (
            found[0] not in {"recu", "en_cours", "applique"} or (found[0] == "en_cours" and found[1] >= share)
        ):
            return
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.005)
    raise AssertionError("the import told nothing")


AVANT, APRES = ("AVANT", 12), ("APRES", LIGNES + 2)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.75])
def test_killed_import_leaves_the_old_state_and_the_next_run_finishes(
    agence: UUID, superuser: psycopg.Connection[Any], tmp_path: Path, share: float
) -> None:
    path = dossier(tmp_path / "apres.zip", "APRES", LIGNES)
    process = start(path)
    try:
        wait_for_progress(superuser, agence, share, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert state(superuser, agence) == AVANT
    again = start(path)
    said, _none = again.communicate(timeout=120)
    assert again.returncode == 0, said.decode()
    assert state(superuser, agence) == APRES
    states = superuser.execute(
        "select etat from echanges_import where agence_id = %s order by recu_le", [agence]
    ).fetchall()
    assert [s for (s,) in states] == ["applique", "abandonne", "applique"]


def test_import_survives_a_database_that_cuts_it_off(
    agence: UUID, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    process = start(dossier(tmp_path / "apres.zip", "APRES", LIGNES))
    wait_for_progress(superuser, agence, 0.5, process)
    cut = superuser.execute(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'palier_app' "
        "and datname = current_database() and pid <> pg_backend_pid() "
        "and query not like 'LISTEN%%' and application_name not like 'pytest%%' and state is not null "
        "and pid in (select pid from pg_locks where locktype = 'advisory')",
    ).fetchone()
    assert cut is not None and cut[0] >= 1
    assert state(superuser, agence)[0] in {"AVANT"}
    os.kill(process.pid, signal.SIGCONT)
    said, _none = process.communicate(timeout=120)
    assert process.returncode == 0, said.decode()
    assert "nouvel essai" in said.decode()
    assert state(superuser, agence) == APRES


def rollback(import_id: str) -> subprocess.Popen[bytes]:
    """The command that takes an import back, in a process of its own."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "dossier", "annuler", import_id]
    return subprocess.Popen(
        [*command, "--agence", AGENCE], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def test_killed_rollback_leaves_the_state_whole_and_the_next_run_finishes(
    agence: UUID, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    done = start(dossier(tmp_path / "apres.zip", "APRES", LIGNES))
    assert done.wait(timeout=240) == 0
    (import_id,) = superuser.execute(
        "select id from echanges_import where agence_id = %s order by recu_le desc limit 1", [agence]
    ).fetchall()[0]
    process = rollback(str(import_id))
    deadline = time.monotonic() + 60
    # Its transaction has begun to write: it holds a lock for writing on the ledger.
    while time.monotonic() < deadline and process.poll() is None:
        held = superuser.execute(
            "select count(*) from pg_locks where relation = 'comptabilite_mouvement'::regclass "
            "and mode = 'RowExclusiveLock'"
        ).fetchone()
        if held and held[0]:
            break
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert state(superuser, agence) == APRES
    again = rollback(str(import_id))
    said, _none = again.communicate(timeout=240)
    assert again.returncode == 0, said.decode()
    assert state(superuser, agence) == AVANT
