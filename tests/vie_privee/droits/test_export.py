"""The copy: everything about the person, nothing of another, by a published schema; opened by its owner alone."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import now
from palier.courrier.models import Envoi
from palier.vie_privee.droits_personnes.copie import SCHEMA, words
from palier.vie_privee.droits_personnes.exports import build_export, purge_exports
from palier.vie_privee.models import ExportDonnees
from tests.cast import Cast
from tests.factories import PASSWORD

PAGE = "/mon-compte/donnees/copie"
DOC = Path(__file__).resolve().parents[3] / "docs" / "export.md"


def make(cast: Cast, who: str = "claire") -> tuple[Client, ExportDonnees]:
    client = Client()
    client.post("/connexion", {"login": f"{who}@courriel.example", "password": PASSWORD})
    client.post("/reauthentification", {"password": PASSWORD})
    client.post(PAGE)
    row = ExportDonnees.objects.get(account_id=cast.accounts[who].pk)
    build_export(row.id)
    row.refresh_from_db()
    return client, row


def fetch(client: Client, row: ExportDonnees) -> zipfile.ZipFile:
    response = client.get(reverse("export_telecharger", args=[row.id]))
    assert response.status_code == 200, response.get("Location")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return zipfile.ZipFile(io.BytesIO(body))


def test_the_copy_holds_everything_of_claire_at_both_agencies(cast: Cast) -> None:
    client, row = make(cast)
    assert row.etat == "pret"
    found = fetch(client, row)
    data = json.loads(found.read("donnees.json"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker())
    assert data["exploitant"]["compte"]["email"] == "claire@courriel.example"
    assert [a["agence"]["nom"] for a in data["agences"]] == ["Agence B", "Cabinet A"]
    ours = data["agences"][1]
    assert [one["nom"] for one in ours["identite"]] == ["Lefèvre"]
    assert len(ours["mouvements"]) == 3 and len(ours["echeances_lignes"]) == 2
    titles = [d["titre"] for a in data["agences"] for d in a["documents"]]
    assert titles == ["CANARI-B-CLAIRE bail", "CANARI-A-CLAIRE appel"]
    path = ours["documents"][0]["fichier"]
    assert found.read(path).startswith(b"%PDF")
    page = found.read("lisez-moi.html").decode()
    assert "Lefèvre" in page and "<script" not in page
    assert Envoi.objects.filter(modele="export_pret").count() == 1


@pytest.mark.parametrize("who", ["claire", "beatrice", "leo", "fabien", "conrad"])
def test_nobody_else_is_in_it(cast: Cast, who: str) -> None:
    client, row = make(cast, who)
    found = fetch(client, row)
    text = found.read("donnees.json").decode() + " ".join(found.namelist())
    names = {"claire": "Lef", "beatrice": "Noël", "leo": "Garnier", "fabien": "Durand", "conrad": "Aubry",
             "charlie": "Autre", "anna": "Petit"}  # fmt: skip
    for other, nom in names.items():
        if other != who:
            assert f'"{nom}' not in text and nom.upper() not in text, (who, other)
            assert f"{other}@courriel.example" not in text
    for canary in ("TOUS", "CONSEIL", "INTERNE", "APRES"):
        assert f"CANARI-A-{canary}" not in text


def test_the_page_and_the_schema_say_the_same_parts() -> None:
    schema = json.loads(SCHEMA.read_text())
    parts = set(schema["properties"]["exploitant"]["properties"])
    parts |= set(schema["properties"]["agences"]["items"]["properties"])
    assert parts == set(words())
    told = DOC.read_text(encoding="utf-8")
    assert [part for part in parts if f"| `{part}` |" not in told] == []


def test_the_password_is_asked_again(cast: Cast) -> None:
    _client, row = make(cast)
    older = cast.client("claire")  # signed in without a recent proof of the password
    response = older.get(reverse("export_telecharger", args=[row.id]))
    assert response.status_code == 302 and response["Location"].startswith("/reauthentification")


def test_another_person_gets_nothing_even_with_the_link(cast: Cast) -> None:
    _client, row = make(cast)
    for who in ("charlie", "conrad"):
        thief = Client()
        thief.post("/connexion", {"login": f"{who}@courriel.example", "password": PASSWORD})
        thief.post("/reauthentification", {"password": PASSWORD})
        assert thief.get(reverse("export_telecharger", args=[row.id])).status_code == 404
    assert Client().get(reverse("export_telecharger", args=[row.id])).status_code == 302


def test_two_clicks_make_one_copy_and_three_a_day_at_most(cast: Cast) -> None:
    claire = cast.client("claire")
    for _ in range(2):
        claire.post(PAGE)
    assert ExportDonnees.objects.count() == 1
    assert "En attente" in claire.get(PAGE).content.decode()
    for _ in range(2):
        with writing("fixtures"):
            ExportDonnees.objects.update(etat="expire")
        assert claire.post(PAGE).status_code == 302
    with writing("fixtures"):
        ExportDonnees.objects.update(etat="expire")
    assert claire.post(PAGE).status_code == 429


def test_it_is_sealed_and_gone_after_a_week(cast: Cast) -> None:
    client, row = make(cast)
    stored = [
        default_storage.open(f"{row.id}/{a}/{f}").read()
        for a in default_storage.listdir(str(row.id))[0]
        for f in default_storage.listdir(f"{row.id}/{a}")[1]
    ]
    assert len(stored) == 1 and b"Lef" not in stored[0] and b"PK" not in stored[0][:40]
    assert purge_exports() == 0
    with writing("fixtures"):
        ExportDonnees.objects.update(expire_le=now() - timedelta(seconds=1))
    assert client.get(reverse("export_telecharger", args=[row.id])).status_code == 410
    assert purge_exports() == 1
    assert default_storage.listdir(f"{row.id}/{row.adresse[:2]}")[1] == []
    row.refresh_from_db()
    assert bytes(row.cle) == b""


def test_an_account_erased_meanwhile_makes_no_copy(cast: Cast) -> None:
    cast.client("sans").post(PAGE)
    row = ExportDonnees.objects.get()
    with writing("fixtures"):
        Account.objects.filter(pk=cast.accounts["sans"].pk).delete()
    build_export(row.id)
    assert not ExportDonnees.objects.exists()


def test_an_interrupted_copy_starts_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from palier.vie_privee.droits_personnes import exports

    cast.client("claire").post(PAGE)
    row = ExportDonnees.objects.get()
    original: Any = exports.of_agency
    monkeypatch.setattr(exports, "of_agency", lambda *_a: (_ for _ in ()).throw(OSError("cut")))
    with pytest.raises(OSError, match="cut"):
        build_export(row.id)
    monkeypatch.setattr(exports, "of_agency", original)
    build_export(row.id)
    row.refresh_from_db()
    assert row.etat == "pret"
