"""The commands of the documentation and the Python client, against a real server and a real worker loop."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from palier.core.action import writing
from tests.api.conftest import make_key, run_jobs
from tests.api.test_imports import manifest, ndjson
from tests.echanges.fabrique import AGENCE, PDF, csv_bytes, make_dossier, sound_tables
from tests.factories import make_agence
from tests.plugin import ROOT

CLIENT = ROOT / "clients" / "python" / "palier_client.py"


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@dataclass
class Portail:
    """A portal that runs, and a key for it."""

    url: str
    cle: str

    def env(self) -> dict[str, str]:
        return {**os.environ, "PALIER_URL": self.url, "PALIER_CLE": self.cle, "PYTHONDONTWRITEBYTECODE": "1"}


def _work(end: threading.Event) -> None:
    try:
        while not end.wait(0.1):
            run_jobs()
    finally:
        connections.close_all()


@pytest.fixture
def portail(real_base: None) -> Iterator[Portail]:
    from django.db import transaction

    with transaction.atomic(), writing("fixtures"):
        agence = make_agence(AGENCE, "Agence d’essai").agence.id
    _id, secret = make_key(agence)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Threaded, handler_class=_Quiet)
    end = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=_work, args=(end,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    yield Portail(f"http://127.0.0.1:{server.server_port}", secret)
    end.set()
    server.shutdown()
    server.server_close()
    for thread in threads:
        thread.join(20)


def blocks() -> list[str]:
    """Every command of the page, in order."""
    text = (ROOT / "docs" / "api" / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```bash\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_every_command_of_the_page_runs(portail: Portail, tmp_path: Path) -> None:
    tables = sound_tables()
    make_dossier(tmp_path / "dossier.zip")
    (tmp_path / "appel.pdf").write_bytes(PDF)
    (tmp_path / "manifeste.json").write_bytes(manifest())
    (tmp_path / "tiers.csv").write_bytes(csv_bytes("tiers", tables["tiers"][:2]))
    (tmp_path / "tiers-suite.csv").write_bytes(csv_bytes("tiers", tables["tiers"][2:]))
    (tmp_path / "comptes.ndjson").write_bytes(ndjson(tables["comptes"]))
    shutil.copy(CLIENT, tmp_path)
    script = "set -euo pipefail\n" + "\n".join(blocks())
    assert len(blocks()) >= 7
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=portail.env(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert json.loads((tmp_path / "import.json").read_text())["etat"] == "verifie"
    assert (tmp_path / "rapport.csv").read_bytes().startswith(b"\xef\xbb\xbfgravite;code")


def run_client(portail: Portail, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CLIENT), *arguments],
        env=portail.env(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_client_sends_then_does_nothing_twice(portail: Portail, tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "dossier.zip")
    first = run_client(portail, "envoyer", str(path))
    assert first.returncode == 0, first.stderr
    again = run_client(portail, "envoyer", str(path))
    assert (again.returncode, json.loads(again.stdout)["id"]) == (0, json.loads(first.stdout)["id"])
    rows = sound_tables()
    for table in ("tiers", "comptes"):
        (tmp_path / f"{table}.csv").write_bytes(csv_bytes(table, rows[table]))
    (tmp_path / "m.json").write_bytes(manifest())
    files = [str(tmp_path / name) for name in ("m.json", "tiers.csv", "comptes.csv")]
    checked = run_client(portail, "tables", "--controler", *files)
    assert checked.returncode == 0, checked.stderr
    report = run_client(portail, "rapport", json.loads(checked.stdout)["id"])
    assert report.stdout.startswith("gravite;code")
    assert run_client(Portail(portail.url, "palier_" + "x" * 43), "courant").returncode == 1


def test_the_same_part_twice_at_once_is_one_part(portail: Portail, vault_folder: Path) -> None:
    portal = the_client().Palier(portail.url, portail.cle)
    number = portal.open_tables(manifest())
    path = f"/imports/{number}/tables/tiers?partie=1"
    bodies = [f"id;nature;nom\n{n};PM;{'N' * 2000}\n" for n in range(6)]
    found: list[int] = []

    def send(body: str) -> None:
        found.append(portal.call("PUT", path, body.encode(), "text/csv").status)

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == [200] * 5 + [201]
    (table,) = portal.state(number)["tables"]
    assert (table["parties"], table["lignes"]) == ([1], 1)
    assert len([file for file in vault_folder.rglob("*") if file.is_file()]) == 1


def the_client() -> Any:
    """The client as a module."""
    spec = importlib.util.spec_from_file_location("palier_client", CLIENT)
    assert spec is not None and spec.loader is not None
    client = importlib.util.module_from_spec(spec)
    sys.modules["palier_client"] = client
    spec.loader.exec_module(client)
    return client


def test_the_client_cuts_between_whole_records(tmp_path: Path) -> None:
    client = the_client()
    content = b'id;nom\n1;"a\nb"\n2;c\n3;"d\ne"\n'
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    found = list(client.parts(path, header=True, size=14))
    assert found == [b'id;nom\n1;"a\nb"\n', b'id;nom\n2;c\n3;"d\ne"\n']
    with pytest.raises(ValueError, match="https"):
        client.Palier("http://exemple.fr", "k")
