"""What goes back to the agence passes our own check, with its manifest; a copropriété's archive has its bordereau."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.urls import reverse

from palier.agences.actions import create_agence
from palier.agences.cles import agence_key
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as, open_actor
from palier.core.vault import read
from palier.echanges.actions import create_import
from palier.echanges.controle import check_dossier
from palier.echanges.execution import run_import
from palier.echanges.reversibilite.actions import give_back, prepare, request_handover
from palier.echanges.reversibilite.models import Remise
from tests.cast import Cast
from tests.factories import PASSWORD
from tests.plugin import ROOT
from tests.vie_privee.effacement.outils import OPERATEUR, end

PAGE = "/g/cabinet-a/restitution"


def _ready(cast: Cast, copropriete_id: Any = None) -> tuple[Remise, zipfile.ZipFile]:
    row = request_handover(cast.staff("adele"), copropriete_id)
    prepare(cast.a.agence.id, row.id)
    actor = cast.system()
    done: Remise = Remise.objects.visible_to(actor).get(agence_id=cast.a.agence.id, id=row.id)
    return done, zipfile.ZipFile(io.BytesIO(read(cast.a.key, done.adresse, done.octets)))


EXEMPLE = ROOT / "docs" / "dossier" / "exemple" / "dossier.zip"


def _plain(value: str) -> str:
    """Return a number without the zeros that end its decimals."""
    return (
        value.rstrip("0").rstrip(".")
        if value.replace("-", "", 1).replace(".", "", 1).isdigit() and "." in value
        else value
    )


def _table(archive: zipfile.ZipFile, name: str) -> list[list[tuple[str, str]]]:
    rows = csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig")), delimiter=";")
    return sorted(sorted((k, _plain(v)) for k, v in row.items() if v and k != "fichier") for row in rows)


def test_the_published_example_comes_back_as_it_was_and_passes_the_check(db: None, tmp_path: Path) -> None:
    open_actor(OPERATEUR)
    agence = create_agence(OPERATEUR, slug="agence-essai", nom="Agence d’essai")
    actor = Actor.system(agence.id, "test")
    with acting_as(actor), writing("test"):
        row = create_import(actor, "dossier.zip", depot="", octets=EXEMPLE.stat().st_size)
    run_import(actor, row.id, EXEMPLE)
    open_actor(actor)
    asked = request_handover(actor)
    prepare(agence.id, asked.id)
    open_actor(actor)
    done = Remise.objects.visible_to(actor).get(agence_id=agence.id, id=asked.id)
    whole = zipfile.ZipFile(io.BytesIO(read(agence_key(actor, agence.id), done.adresse, done.octets)))
    manifest = json.loads(whole.read("manifeste.json"))
    for entry in manifest["fichiers"]:
        assert hashlib.sha256(whole.read(entry["chemin"])).hexdigest() == entry["sha256"]
    path = tmp_path / "dossier.zip"
    path.write_bytes(
        next(whole.read(e["chemin"]) for e in manifest["fichiers"] if "dossier-demo" in e["chemin"])
    )
    (tmp_path / "travail").mkdir()
    with check_dossier(path, "agence-essai", tmp_path / "travail") as controle:
        assert [(a.code, a.table, a.colonne) for a in controle.anomalies if a.gravite.value != "INFO"] == []
        assert not controle.refuse
    with zipfile.ZipFile(path) as back, zipfile.ZipFile(EXEMPLE) as sent:
        tables = [n.removesuffix(".csv") for n in sent.namelist() if n.endswith(".csv")]
        assert {n for n in back.namelist() if n.endswith(".csv")} == {f"{t}.csv" for t in tables}
        for table in tables:
            assert _table(back, table) == _table(sent, table), table


def test_a_copropriete_is_handed_over_with_its_inventory(cast: Cast) -> None:
    _row, archive = _ready(cast, cast.rows["copropriete"].id)
    manifest = json.loads(archive.read("manifeste.json"))
    names = {f["chemin"] for f in manifest["fichiers"]}
    assert any("CANARI-A-CONSEIL" in name for name in names)
    assert {"inventaire.csv", "bordereau.pdf"} < names == set(archive.namelist()) - {"manifeste.json"}
    for entry in manifest["fichiers"]:
        assert hashlib.sha256(archive.read(entry["chemin"])).hexdigest() == entry["sha256"]
    assert archive.read("bordereau.pdf").startswith(b"%PDF")


def test_only_administrators_take_data_and_the_password_is_asked_again(cast: Cast) -> None:
    row, _zip = _ready(cast)
    file = reverse("gestion:restitution_fichier", args=["cabinet-a", row.id])
    for who in ("charlie", "claire", "bruno", "sans"):
        assert {cast.client(who).get(p).status_code for p in (PAGE, file)} == {404}
    assert cast.client("gaston").get(PAGE).status_code == 403
    client = cast.client("adele")
    assert "Télécharger" in client.get(PAGE).content.decode()
    asked = client.get(file)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/reauthentification")
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    answer = client.get(file)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"


def test_after_the_end_this_page_alone_still_opens(cast: Cast, monkeypatch: Any) -> None:
    end(cast.a.agence.id, monkeypatch, days_ago=2)
    assert give_back(cast.a.agence.id) >= 2
    client = cast.client("adele")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Il vous reste 5 jours" in page.content.decode()
    assert client.get("/g/cabinet-a/").status_code == 404
    assert cast.client("gaston").get(PAGE).status_code == 404
    assert client.post(PAGE, {"copropriete": "pas-un-uuid"}).status_code == 404
    assert client.post(PAGE, {}).status_code == 302
