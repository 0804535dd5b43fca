"""The copy: everything about the person, nothing of another, by a published schema; opened by its owner alone."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palier.acces.droits import recompute
from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import now
from palier.core.ids import new_id
from palier.courrier.models import Envoi
from palier.echanges.historique.models import Version
from palier.echanges.models import Import
from palier.vie_privee.comptes.demande import ask_deletion
from palier.vie_privee.conservation.regles import SANS_PERSONNE
from palier.vie_privee.droits_personnes.copie import SCHEMA, words
from palier.vie_privee.droits_personnes.exports import build_export, purge_exports
from palier.vie_privee.droits_personnes.portee import DANS_LA_COPIE, HORS_COPIE
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


def test_every_table_is_in_the_copy_or_named_with_a_reason() -> None:
    tables = {m._meta.label for m in apps.get_models()} - set(SANS_PERSONNE)
    assert tables == {*DANS_LA_COPIE, *HORS_COPIE} - set(SANS_PERSONNE)
    assert not set(DANS_LA_COPIE) & set(HORS_COPIE)
    schema = json.loads(SCHEMA.read_text())["properties"]
    parts = {f"exploitant.{name}" for name in schema["exploitant"]["properties"]}
    parts |= {f"agence.{name}" for name in schema["agences"]["items"]["properties"]}
    # Read from tables named elsewhere: accès of closed spaces, the journal of an agence.
    assert parts - set(DANS_LA_COPIE.values()) == {"exploitant.agences_fermees", "agence.journal"}
    told = DOC.read_text(encoding="utf-8")
    assert [reason for reason in HORS_COPIE.values() if reason not in told] == []


def test_every_table_said_to_be_in_the_copy_is_read_for_it(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        for who in ("claire", "beatrice"):  # a co-owner, a landlord
            make(cast, who)
    read = " ".join(query["sql"] for query in queries.captured_queries)
    names = {label: apps.get_model(label)._meta.db_table for label in DANS_LA_COPIE}
    assert [label for label, table in names.items() if table not in read] == []


def test_codes_are_told_without_their_secret_and_only_ones_own(cast: Cast) -> None:
    cast.system()
    with writing("fixtures"), connection.cursor() as cursor:
        for who in ("claire", "conrad"):
            cursor.execute(
                "insert into acces_codeacces (agence_id, id, acces_id, identifiant, secret, canal, emis_le, expire_le,"
                " utilise_le) values (%s, gen_random_uuid(), %s, %s, %s, 'courrier', now(), now(), now())",
                [cast.a.agence.id, cast.acces[who].id, f"IDENT-{who}", f"SECRET-{who}"],
            )
    client, row = make(cast)
    text = fetch(client, row).read("donnees.json").decode()
    ours = json.loads(text)["agences"][1]
    assert [(c["identifiant"], c["canal"]) for c in ours["codes"]] == [("IDENT-claire", "courrier")]
    assert set(ours["codes"][0]) == {
        "identifiant",
        "canal",
        "emis_le",
        "expire_le",
        "utilise_le",
        "revoque_le",
    }
    assert "SECRET" not in text and "IDENT-conrad" not in text


def test_former_values_deletion_and_incidents_are_in_it(cast: Cast) -> None:
    asked = ask_deletion(cast.actor("claire"))
    cast.system()
    with writing("fixtures"):
        brought = Import.objects.create(
            agence_id=cast.a.agence.id, id=new_id(), nom_fichier="x", depot="", recu_le=now()
        )
        for who, nom in (("claire", "ANCIEN-NOM"), ("conrad", "AUTRE-ANCIEN")):
            Version.objects.create(
                agence_id=cast.a.agence.id, id=new_id(), import_id=brought.id, table_nom="tiers", operation="modifie",
                ligne_id=cast.rows["tiers"][who].id, unite_id=cast.a.agence.id, cree_le=now(),
                avant={"nom": nom, "empreinte": "x"},
            )  # fmt: skip
    client, row = make(cast)
    data = json.loads(fetch(client, row).read("donnees.json"))
    ours = data["agences"][1]
    assert [v["avant"] for v in ours["valeurs_anterieures"]] == [{"nom": "ANCIEN-NOM"}]
    assert ours["incidents"] == [] and data["exploitant"]["avertissements"] == []
    assert [s["prevue_le"] for s in data["exploitant"]["suppression"]] == [asked.prevue_le.isoformat()]


def test_former_values_of_a_compte_go_to_who_held_it_always_and_to_no_former_holder(cast: Cast) -> None:
    """A version has no dates of its own: what a compte said is not for who held it for a time only."""
    cast.system()
    compte = cast.rows["comptes"]["claire"]
    with writing("fixtures"):
        cast.a.titre(compte, cast.acces["fabien"].tiers, "indivisaire", date(2019, 1, 1), date(2023, 12, 31))
        recompute(cast.a.agence.id)
        brought = Import.objects.create(
            agence_id=cast.a.agence.id, id=new_id(), nom_fichier="x", depot="", recu_le=now()
        )
        Version.objects.create(
            agence_id=cast.a.agence.id, id=new_id(), import_id=brought.id, table_nom="comptes", operation="modifie",
            ligne_id=compte.id, unite_id=cast.a.agence.id, cree_le=now(), avant={"intitule": "CANARI D’APRÈS"},
        )  # fmt: skip
    for who, sees in (("claire", True), ("fabien", False)):
        client, row = make(cast, who)
        assert ("CANARI D’APRÈS" in fetch(client, row).read("donnees.json").decode()) is sees, who


def test_an_agence_whose_spaces_are_closed_is_named_not_left_out_in_silence(cast: Cast) -> None:
    with writing("fixtures"):
        type(cast.b.agence).objects.filter(id=cast.b.agence.id).update(statut="suspendue")
    client, row = make(cast)
    data = json.loads(fetch(client, row).read("donnees.json"))
    assert [a["agence"]["nom"] for a in data["agences"]] == ["Cabinet A"]
    assert [(a["agence"], a["contrat"]) for a in data["exploitant"]["agences_fermees"]] == [
        ("Agence B", "suspendue")
    ]


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
