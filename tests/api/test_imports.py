"""Imports by the API: a zip at once, tables by parts, replays, refusals; the report and what is on line."""

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory

from palier.api.actions.confier import expire
from palier.api.actions.documents import purge_orphans
from palier.api.idempotence import begin
from palier.api.machine import recognise
from palier.api.models import DocumentRecu, EnvoiApi, Morceau
from palier.core.action import writing
from palier.core.dates import now
from palier.echanges.enums import EtatImport
from palier.echanges.models import Import, Source
from palier.patrimoine.models import Tiers
from palier.retours.models import Retour
from palier.retours.registre import tables
from tests.api.conftest import PREFIX, Programme, make_key, problem, run_jobs
from tests.echanges.fabrique import AGENCE, ARRETE, PDF, csv_bytes, make_dossier, sound_tables

JSON, ZIP, NDJSON = "application/json", "application/zip", "application/x-ndjson"


def manifest(**changes: Any) -> bytes:
    """A manifest without its files."""
    content = {
        "format": "dossier-portail", "version": "1.0", "agence": AGENCE,
        "source": {"logiciel": "essai", "base": "principale"}, "mode": "snapshot",
        "genere_le": f"{ARRETE}T02:00:00+01:00", "arrete_au": ARRETE, **changes,
    }  # fmt: skip
    return json.dumps(content).encode()


def ndjson(rows: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def open_tables(programme: Programme) -> str:
    response = programme.post("/imports", manifest(), JSON)
    assert response.status_code == 202, response.content
    return str(response.json()["id"])


def send_documents(programme: Programme) -> None:
    """Send the PDF that the sound tables cite."""
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert programme.send("HEAD", f"/documents/{sha256}").status_code == 404
    assert programme.put(f"/documents/{sha256}", PDF, "application/pdf").status_code == 201
    assert programme.send("HEAD", f"/documents/{sha256}").status_code == 200
    assert programme.put(f"/documents/{sha256}", PDF, "application/pdf").status_code == 200


def test_a_zip_is_received_and_applied_in_one_request(programme: Programme, tmp_path: Path) -> None:
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    response = programme.post("/imports?suite=appliquer&nom=nuit.zip", content, ZIP)
    assert response.status_code == 202, response.content
    number = response.json()["id"]
    assert response["Location"] == f"{PREFIX}/imports/{number}"
    assert response.json()["etat"] == "recu"
    assert run_jobs() == ["api.confier", "echanges.importer", "api.signaler"]
    found = programme.get(f"/imports/{number}").json()
    total = sum(len(rows) for rows in sound_tables().values())
    assert (found["etat"], found["termine"], found["compte"]["en_ligne"]) == ("applique", True, total)
    assert programme.get("/imports/courant").json()["arrete_au"] == ARRETE
    actor = programme.actor()
    run = Import.objects.visible_to(actor).get(agence_id=actor.agence_id)
    assert (run.voie, run.nom_fichier) == ("api", "nuit.zip")
    assert EnvoiApi.objects.visible_to(actor).get(agence_id=actor.agence_id).depot == ""


def test_tables_by_parts_give_what_the_zip_gives(programme: Programme, tmp_path: Path) -> None:
    number = open_tables(programme)
    tables = sound_tables()
    for row in tables.get("documents", []):
        row["fichier"] = f"sha256:{row['sha256']}"
    send_documents(programme)
    for i, (table, rows) in enumerate(tables.items()):
        body, kind = (ndjson(rows), NDJSON) if i % 2 else (csv_bytes(table, rows), "text/csv")
        assert programme.put(f"/imports/{number}/tables/{table}", body, kind).status_code == 201
    assert programme.post(f"/imports/{number}/controler").status_code == 202
    assert problem(programme.post(f"/imports/{number}/appliquer"))["code"] == "import_en_cours"
    run_jobs()
    checked = programme.get(f"/imports/{number}").json()
    assert (checked["etat"], checked["controle_seul"], checked["message"]) == ("verifie", True, "")
    assert not Tiers.objects.visible_to(programme.actor()).exists()
    assert programme.post(f"/imports/{number}/appliquer").status_code == 202
    run_jobs()
    found = programme.get(f"/imports/{number}").json()
    report = programme.get(f"/imports/{number}/rapport").json()
    assert (found["etat"], report["anomalies"]) == ("applique", [])
    assert found["compte"]["en_ligne"] == sum(len(rows) for rows in tables.values())
    assert problem(programme.post(f"/imports/{number}/appliquer"))["code"] == "import_clos"
    assert (
        problem(programme.put(f"/imports/{number}/tables/tiers", b"id;nom\n1;A\n"))["code"] == "import_clos"
    )
    assert not Morceau.objects.visible_to(programme.actor()).exists()


def test_a_refused_import_is_corrected_by_its_part(programme: Programme) -> None:
    number = open_tables(programme)
    programme.put(f"/imports/{number}/tables/tiers", b"id;nom\n1;A\n1;B\n")
    programme.post(f"/imports/{number}/controler")
    run_jobs()
    lines = programme.get(f"/imports/{number}/rapport").json()["anomalies"]
    assert lines
    as_csv = programme.get(f"/imports/{number}/rapport?format=csv")
    assert as_csv["Content-Type"].startswith("text/csv")
    assert as_csv.content.decode("utf-8-sig").count("\r\n") == len(lines) + 1
    assert programme.get(f"/imports/{number}/rapport", Accept="text/csv")["Content-Type"].startswith(
        "text/csv"
    )
    again = programme.put(f"/imports/{number}/tables/tiers", b"id;nature;nom\n1;PM;A\n2;PM;B\n")
    assert (again.status_code, again.json()["lignes"]) == (200, 2)
    programme.post(f"/imports/{number}/controler")
    run_jobs()
    assert programme.get(f"/imports/{number}").json()["etat"] == "verifie"


def test_a_replay_is_served_once_and_another_request_is_refused(programme: Programme, tmp_path: Path) -> None:
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    first = programme.post("/imports", content, ZIP, Idempotency_Key="nuit-1")
    again = programme.post("/imports", content, ZIP, Idempotency_Key="nuit-1")
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (202, 202, "true")
    assert (first.json(), first["Location"]) == (again.json(), again["Location"])
    assert EnvoiApi.objects.visible_to(programme.actor()).count() == 1
    for body, kind, path in ((content + b"x", ZIP, ""), (manifest(), JSON, ""), (content, ZIP, "?nom=autre")):
        other = problem(programme.post(f"/imports{path}", body, kind, Idempotency_Key="nuit-1"))
        assert (other["status"], other["code"]) == (422, "idempotence_autre_demande")
    number = first.json()["id"]
    one = programme.post(f"/imports/{number}/appliquer", Idempotency_Key="nuit-2")
    two = programme.post(f"/imports/{number}/appliquer", Idempotency_Key="nuit-2")
    assert (one.status_code, two.status_code, one.json()) == (202, 202, two.json())


def test_a_replay_still_running_waits_and_a_refused_one_may_be_corrected(programme: Programme) -> None:

    request = RequestFactory().post(
        "/api/v1/imports", headers={"Authorization": f"Bearer {programme.secret}", "Idempotency-Key": "k"}
    )
    assert begin(recognise(request), request) is not None
    found = programme.post("/imports", manifest(), JSON, Idempotency_Key="k")
    assert (problem(found)["code"], found["Retry-After"]) == ("idempotence_en_cours", "5")
    assert problem(programme.post("/imports", b"{", JSON, Idempotency_Key="j"))["status"] == 422
    assert programme.post("/imports", manifest(), JSON, Idempotency_Key="j").status_code == 202


def test_a_manifest_of_another_source_or_agence_is_refused(programme: Programme, tmp_path: Path) -> None:
    for changes in ({"agence": "autre"}, {"source": {"logiciel": "essai", "base": "b"}}):
        found = problem(programme.post("/imports", manifest(**changes), JSON))
        assert (found["status"], found["code"]) == (403, "source_differente")
    _id, secret = make_key(programme.agence_id, logiciel="autre")
    other = Programme(programme.agence_id, secret, _id)
    found = problem(other.post("/imports", make_dossier(tmp_path / "a.zip").read_bytes(), ZIP))
    assert (found["status"], found["code"]) == (403, "source_differente")
    assert [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"PK\x03\x04nope", ZIP, 422, "manifeste_refuse"),
        (b"nope", ZIP, 422, "manifeste_refuse"),
        (b"{", JSON, 422, "manifeste_illisible"),
        (b"[]", JSON, 422, "manifeste_illisible"),
        (b"[" * 5000, JSON, 422, "manifeste_illisible"),
        (manifest(fichiers=[]), JSON, 422, "fichiers_calcules"),
        (manifest(dialecte="excel-fr"), JSON, 422, "dialecte_refuse"),
        (manifest(arrete_au="2999-01-01"), JSON, 422, "manifeste_refuse"),
        (b"x", "text/plain", 415, "type_refuse"),
        (b"", ZIP, 411, "longueur_absente"),
    ],
)
def test_what_is_no_dossier_is_refused(
    programme: Programme, body: bytes, kind: str, status: int, code: str
) -> None:
    found = problem(programme.post("/imports", body, kind))
    assert (found["status"], found["code"]) == (status, code)


PARTS = [
    (b"rien;du;tout\n1;2;3\n", "text/csv", "entete_absente"),
    (b'id;nom\n1;"ouvert\n', "text/csv", "lignes_refusees"),
    (b"id;nom\n1;" + b"A" * 70_000 + b"\n", "text/csv", "ligne_trop_longue"),
    (b'{"id": "1", "nom": "' + b"A" * 300_000 + b'"}\n', NDJSON, "ligne_trop_longue"),
    (b'{"id": "1", "pirate": "x"}\n', NDJSON, "lignes_refusees"),
    (b'{"id": ["1"]}\n', NDJSON, "lignes_refusees"),
    (b'{"id": "1", "id": "2"}\n', NDJSON, "lignes_refusees"),
    (b'{"id": NaN}\n', NDJSON, "lignes_refusees"),
    (b'{"id": 1e999999999}\n', NDJSON, "lignes_refusees"),
    (b"[" * 30_000 + b"\n", NDJSON, "lignes_refusees"),
    (b"\xff\xfe\n", NDJSON, "lignes_refusees"),
]


@pytest.mark.parametrize(("body", "kind", "code"), PARTS)
def test_a_bad_part_is_refused_and_nothing_of_it_stays(
    programme: Programme, body: bytes, kind: str, code: str
) -> None:
    number = open_tables(programme)
    found = problem(programme.put(f"/imports/{number}/tables/tiers", body, kind))
    assert (found["status"], found["code"]) == (422, code)
    assert [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()] == []


def test_a_bad_line_is_named(programme: Programme) -> None:
    number = open_tables(programme)
    body = ndjson([{"id": "1", "nom": "A"}]) * 3 + b'{"id": {}}\n'
    found = problem(programme.put(f"/imports/{number}/tables/tiers", body, NDJSON, Accept_Language="en"))
    assert [fault["ou"] for fault in found["erreurs"]] == ["line 4"]


def test_a_body_cut_short_is_refused(programme: Programme) -> None:
    number = open_tables(programme)
    response = Client().request(
        **{
            "REQUEST_METHOD": "PUT", "PATH_INFO": f"{PREFIX}/imports/{number}/tables/tiers",
            "CONTENT_TYPE": "text/csv", "CONTENT_LENGTH": "1000", "wsgi.input": io.BytesIO(b"id;nom\n1;A\n"),
            "HTTP_AUTHORIZATION": f"Bearer {programme.secret}",
        }
    )  # fmt: skip
    assert problem(response)["code"] == "envoi_interrompu"


@pytest.mark.parametrize(
    "table", ["../tiers", "..%2Ftiers", "tiers.csv", "TIERS", "tiers%00", "pg_class", "%2e%2e", "tiers;drop"]
)
def test_a_table_is_one_of_the_format_or_nothing(programme: Programme, table: str) -> None:
    number = open_tables(programme)
    found = problem(programme.put(f"/imports/{number}/tables/{table}", b"id;nom\n1;A\n"))
    assert found["status"] in {400, 404}


def test_parts_without_order_or_with_a_hole(programme: Programme) -> None:
    number = open_tables(programme)
    assert problem(programme.post(f"/imports/{number}/appliquer"))["code"] == "parties_manquantes"
    programme.put(f"/imports/{number}/tables/tiers?partie=3", b"id;nature;nom\n3;PM;C\n")
    found = problem(programme.post(f"/imports/{number}/appliquer"))
    assert [fault["message"] for fault in found["erreurs"]] == ["partie 1 absente", "partie 2 absente"]
    other = problem(programme.put(f"/imports/{number}/tables/tiers?partie=1", b"nom;id;nature\nA;1;PM\n"))
    assert other["code"] == "entete_differente"
    programme.put(f"/imports/{number}/tables/tiers?partie=2", b"id;nature;nom\r\n2;PM;B")
    programme.put(f"/imports/{number}/tables/tiers?partie=1", b"\xef\xbb\xbfid;nature;nom\n1;PM;A\n")
    assert programme.get(f"/imports/{number}").json()["tables"] == [
        {"table": "tiers", "parties": [1, 2, 3], "lignes": 3, "octets": 66}
    ]
    for rank in ("0", "-1", "10001", "x"):
        assert programme.put(f"/imports/{number}/tables/tiers?partie={rank}", b"id\n1\n").status_code == 422
    programme.post(f"/imports/{number}/controler")
    run_jobs()
    bilan = programme.get(f"/imports/{number}/rapport").json()["bilan"]
    assert bilan["tables"]["tiers"]["bonnes"] == 3
    programme.post(f"/imports/{number}/appliquer")
    run_jobs()
    assert (
        programme.get(f"/imports/{number}").json()["compte"]["en_ligne"] == 3
    )  # a dossier of one table alone


def test_digests_are_checked(programme: Programme) -> None:
    number = open_tables(programme)
    body = b"id;nom\n1;A\n"
    good = "sha-256=:" + b64encode(hashlib.sha256(body).digest()).decode() + ":"
    path = f"/imports/{number}/tables/tiers"
    assert programme.put(path, body, Content_Digest=good).status_code == 201
    assert problem(programme.put(path, body + b"2;B\n", Content_Digest=good))["code"] == "condense_different"
    assert problem(programme.put(path, body, Content_Digest="sha-256=:x:"))["code"] == "condense_mal_forme"
    wrong = "/documents/" + "0" * 64
    assert problem(programme.put(wrong, PDF, "application/pdf"))["code"] == "condense_different"
    fake = hashlib.sha256(b"hello").hexdigest()
    assert (
        problem(programme.put(f"/documents/{fake}", b"hello", "application/pdf"))["code"] == "fichier_pas_pdf"
    )
    assert problem(programme.put(f"/documents/{fake}", b"hello", "text/csv"))["status"] == 415
    assert programme.put("/documents/..%2f..%2fetc", PDF, "application/pdf").status_code in {400, 404}
    assert programme.put(f"/documents/{'g' * 64}", PDF, "application/pdf").status_code == 422


def test_a_program_gives_up_but_never_releases_the_brake(programme: Programme) -> None:
    number = open_tables(programme)
    found = problem(programme.post(f"/imports/{number}/confirmer"))
    assert (found["status"], found["code"]) == (403, "confirmation_humaine")
    programme.put(f"/imports/{number}/tables/tiers", b"id;nom\n1;A\n")
    assert programme.post(f"/imports/{number}/annuler").json()["etat"] == "abandonne"
    assert problem(programme.post(f"/imports/{number}/appliquer"))["code"] == "import_clos"
    assert programme.post(f"/imports/{number}/annuler").status_code == 200


def test_an_import_that_waits_is_given_up(programme: Programme, tmp_path: Path) -> None:
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    number = programme.post("/imports?suite=appliquer", content, ZIP).json()["id"]
    run_jobs()
    actor = programme.actor()
    with writing("test"):
        Import.objects.visible_to(actor).filter(agence_id=actor.agence_id).update(etat=EtatImport.A_CONFIRMER)
    assert programme.post(f"/imports/{number}/annuler").json()["etat"] == "abandonne"


def test_the_last_applied_import_is_taken_back(programme: Programme, tmp_path: Path) -> None:
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    number = programme.post("/imports?suite=appliquer", content, ZIP).json()["id"]
    run_jobs()
    assert programme.post(f"/imports/{number}/annuler").json()["etat"] == "annule"
    assert not Tiers.objects.visible_to(programme.actor()).filter(archive_le__isnull=True).exists()
    assert problem(programme.post(f"/imports/{number}/annuler"))["status"] == 409


def test_what_nobody_applies_expires(programme: Programme) -> None:
    number = open_tables(programme)
    programme.put(f"/imports/{number}/tables/tiers", b"id;nom\n1;A\n")
    actor = programme.actor()
    assert expire(actor) == 0
    with writing("test"):
        rows = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id)
        rows.update(expire_le=now() - timedelta(seconds=1))
    assert expire(actor) == 1
    assert not Morceau.objects.visible_to(actor).exists()
    found = programme.get(f"/imports/{number}").json()
    assert (found["etat"], found["termine"]) == ("expire", True)


def test_a_document_that_nobody_cites_is_purged_after_a_week(programme: Programme, tmp_path: Path) -> None:
    other = PDF + b"% another\n"
    sha256 = hashlib.sha256(other).hexdigest()
    send_documents(programme)
    assert programme.put(f"/documents/{sha256}", other, "application/pdf").status_code == 201
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    programme.post("/imports?suite=appliquer", content, ZIP)
    run_jobs()
    actor = programme.actor()
    assert purge_orphans(actor) == 0
    with writing("test"):
        rows = DocumentRecu.objects.visible_to(actor).filter(agence_id=actor.agence_id)
        rows.update(recu_le=now() - timedelta(days=8))
    assert purge_orphans(actor) == 1
    assert programme.send("HEAD", f"/documents/{sha256}").status_code == 404
    assert programme.send("HEAD", f"/documents/{hashlib.sha256(PDF).hexdigest()}").status_code == 200


def test_a_program_reads_the_return_of_its_own_source(programme: Programme) -> None:
    actor = programme.actor()
    table = tables()[0]
    lines = [
        {champ.nom: "" for champ in table.colonnes}
        | {"id": str(n), "logiciel": logiciel, "base": "principale"}
        for n, logiciel in enumerate(("essai", "autre"))
    ]
    contenu = {
        "tables": {table.nom: lines},
        "pieces": [],
        "depuis": "",
        "jusqu_a": "2026-11-22T10:00:00+00:00",
    }
    with writing("test"):
        Retour.objects.create(
            agence_id=actor.agence_id,
            sequence=1,
            jusqu_a=now(),
            contenu=contenu,
            lignes=2,
            empreinte="0" * 64,
        )
    found = programme.get("/retours").json()
    assert [(r["sequence"], r["lignes"]) for r in found["retours"]] == [(1, 1)]
    sent = programme.get("/retours/1", Accept="application/zip")
    content = b"".join(sent.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {line["lignes"] for line in json.loads(archive.read("retour.json"))["fichiers"]} == {1}
    assert problem(programme.get("/retours/2", Accept="application/zip"))["status"] == 404


def test_pages_etags_languages_and_formats(programme: Programme) -> None:
    numbers = [open_tables(programme) for _ in range(3)]
    one = programme.get("/imports?limite=2").json()
    two = programme.get(f"/imports?limite=2&apres={one['suivant']}").json()
    found = [i["id"] for i in one["imports"] + two["imports"]]
    assert (found, two["suivant"]) == (numbers[::-1], None)
    assert problem(programme.get("/imports?apres=%C3%A9"))["code"] == "page_inconnue"
    first = programme.get("/imports/courant")
    same = programme.get("/imports/courant", If_None_Match=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    french = problem(programme.get("/imports/inconnu"))
    assert french["title"] == "Introuvable"
    assert problem(programme.get("/imports", Accept="text/html"))["status"] == 406
    assert problem(programme.send("DELETE", "/imports"))["status"] == 405
    assert "POST" in programme.send("DELETE", "/imports")["Allow"]


def test_the_source_is_written_with_the_key(programme: Programme) -> None:
    actor = programme.actor()
    assert Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai").arrete_au is None
