"""The database server itself stops in the middle of an import and comes back: the old state whole, then the new one.

On a server of its own, in a folder of its own: the one of the other tests is not to be stopped under them.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from config.lanceur import database
from tests.echanges.fabrique import AGENCE
from tests.echanges.test_panne import APRES, AVANT, LIGNES, dossier, state, wait_for_progress
from tests.plugin import ROOT

_AGENCE = """
import django; django.setup()
from django.db import transaction
from palier.core.action import writing
from tests.factories import make_agence
with transaction.atomic(), writing("fixtures"):
    print(make_agence({slug!r}, "Agence d’essai").agence.id)
"""


class Serveur:
    """A migrated database on a server of its own, with an agence whose version « AVANT » is on line."""

    def __init__(self, data: Path) -> None:
        self.data = data
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        kept |= {"PALIER_MODE": "test", "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.env = database.open_database(data, kept).env
        for command in ("migrate", "prepare_base"):
            assert database.manage(self.env, command, "-v", "0", owner=True) == 0
        made = subprocess.run(
            database.python("-c", _AGENCE.format(slug=AGENCE)), env=self.env, cwd=ROOT, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        self.agence = UUID(made.stdout.split()[-1])

    def importing(self, path: Path) -> subprocess.Popen[bytes]:
        """Start the command, in a process of its own."""
        arguments = [str(ROOT / "manage.py"), "dossier", "import", "--agence", AGENCE, str(path)]
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", *arguments], cwd=ROOT, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def connect(self) -> psycopg.Connection[Any]:
        """Return a superuser's connection."""
        return psycopg.connect(self.env["DATABASE_SUPERUSER_URL"], autocommit=True)

    def stop_at_once(self) -> None:
        """Stop without ceremony (pg_ctl stop -m immediate: SIGQUIT to the server), as a power cut would."""
        pid = int((self.data / "pg" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 3)
        limit = time.monotonic() + 30
        while database.is_running(self.data):
            assert time.monotonic() < limit, "the server does not stop"
            time.sleep(0.05)

    def start_again(self) -> None:
        """Start the server, which recovers from its log."""
        limit = time.monotonic() + 60
        command = database.python("-m", "palier.core.embedded_postgres", str(self.data))
        while subprocess.call(command, env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL) != 0:
            assert time.monotonic() < limit, "the server does not come back"
            time.sleep(0.5)


@pytest.fixture
def serveur() -> Iterator[Serveur]:
    """The server, ended whatever happens. Not in pytest's own folder, which each pytest closes to other users."""
    data = Path(os.environ["PALIER_DATA"]) / f"redemarrage-{os.getpid()}"
    try:
        yield Serveur(data)
    finally:
        database.stop(data)
        shutil.rmtree(data, ignore_errors=True)


def test_server_stopped_in_the_middle_of_an_import(serveur: Serveur, tmp_path: Path) -> None:
    first = serveur.importing(dossier(tmp_path / "avant.zip", "AVANT", 10))
    said, _none = first.communicate(timeout=120)
    assert first.returncode == 0, said.decode()
    path = dossier(tmp_path / "apres.zip", "APRES", LIGNES)
    process = serveur.importing(path)
    try:
        with serveur.connect() as watcher:
            wait_for_progress(watcher, serveur.agence, 0.5, process)
            assert state(watcher, serveur.agence) == AVANT
        serveur.stop_at_once()
        os.kill(process.pid, signal.SIGCONT)
        serveur.start_again()
        with serveur.connect() as witness:
            assert state(witness, serveur.agence) in (
                AVANT,
                APRES,
            )  # APRES when the same run tried again already
        said, _none = process.communicate(timeout=180)
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        assert "Traceback" not in said.decode(), said.decode()
        with serveur.connect() as witness:
            assert state(witness, serveur.agence) == AVANT
        again = serveur.importing(path)
        said, _none = again.communicate(timeout=180)
        assert again.returncode == 0, said.decode()
    with serveur.connect() as witness:
        assert state(witness, serveur.agence) == APRES
        states = witness.execute("select etat from echanges_import order by recu_le").fetchall()
    assert {etat for (etat,) in states} <= {"applique", "abandonne"}
