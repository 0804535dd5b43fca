"""Imports from the desk: deposit, report, decision, downloads."""

import csv
import html
import io
import json
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palier.core.action import writing
from palier.core.dates import now
from palier.echanges.models import Anomalie, Import
from tests.cast import Cast


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def a_zip() -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("dossier.json", "{}")
    return SimpleUploadedFile("nuit.zip", out.getvalue(), content_type="application/zip")


def an_import(cast: Cast, etat: str, **facts: Any) -> Import:
    cast.system()
    with writing("test"):
        row: Import = Import.objects.create(
            agence_id=cast.a.agence.id, nom_fichier="nuit.zip", depot="", etat=etat, recu_le=now(), **facts
        )
        Anomalie.objects.create(
            agence_id=row.agence_id, import_id=row.id, rang=1, gravite="LIGNE", code="portee_inconnue",
            table="documents", ligne=12, identifiant="=1+1", colonne="portee_id", valeur_masquee="@cmd",
            message="« portee_id » est inconnu.", conseil="Corrigez l'identifiant.",
        )  # fmt: skip
    return row


def test_a_deposit_is_kept_queued_and_followed(cast: Cast) -> None:
    client = cast.client("gaston")
    response = client.post(address("deposer"), {"dossier": a_zip(), "mode": "importer"})
    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    assert "hx-trigger" in page
    assert "X-Palier-Sonde" in page
    assert "http-equiv" in page  # and without JavaScript too
    assert "nuit.zip" in client.get(address("imports")).content.decode()


def test_a_check_alone_is_queued_as_such(cast: Cast) -> None:
    from django.db import connection

    cast.client("gaston").post(address("deposer"), {"dossier": a_zip(), "mode": "verifier"})
    with connection.cursor() as cursor:
        cursor.execute("select args ->> 'check_only' from procrastinate_jobs order by id desc limit 1")
        assert cursor.fetchone() == ("true",)


def test_nothing_is_judged_by_its_name_and_nothing_at_all_is_refused(cast: Cast) -> None:
    client = cast.client("gaston")
    sent = SimpleUploadedFile("écritures.csv", b"bonjour")
    assert client.post(address("deposer"), {"dossier": sent}).status_code == 302
    assert client.post(address("deposer"), {}).status_code == 422
    empty = client.post(address("deposer"), {"dossier": SimpleUploadedFile("vide.zip", b"")})
    assert empty.status_code == 422


def test_several_files_are_received_in_the_order_of_their_sequence(cast: Cast, tmp_path: Any) -> None:
    from tests.echanges.fabrique import make_dossier

    files = []
    for name, sequence in (("b.zip", 2), ("a.zip", 3), ("c.zip", 1)):
        content = make_dossier(tmp_path / name, sequence=sequence).read_bytes()
        files.append(SimpleUploadedFile(name, content))
    client = cast.client("gaston")
    response = client.post(address("deposer"), {"dossier": files, "mode": "importer"}, follow=True)
    assert "3 fichiers sont reçus" in response.content.decode()
    actor = cast.system()
    rows = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("recu_le", "id")
    assert [(row.nom_fichier, row.voie) for row in rows] == [(n, "main") for n in ("c.zip", "b.zip", "a.zip")]


def test_the_script_sends_one_file_and_reads_a_plain_answer(cast: Cast) -> None:
    client = cast.client("gaston")
    answer = client.post(address("deposer"), {"dossier": a_zip()}, headers={"accept": "application/json"})
    assert answer.status_code == 201
    assert client.get(answer.json()["adresse"]).status_code == 200
    refused = client.post(address("deposer"), {}, headers={"accept": "application/json"})
    assert (refused.status_code, "Choisissez" in refused.json()["faute"]) == (422, True)


def test_too_many_files_at_once_are_refused(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("palier.screens.gestion.imports.ENSEMBLE", 1)
    response = cast.client("gaston").post(address("deposer"), {"dossier": [a_zip(), a_zip()]})
    assert response.status_code == 422


def test_what_waits_or_runs_is_cancelled_and_what_has_ended_is_not(cast: Cast) -> None:
    client = cast.client("gaston")
    waiting, running, ended = (an_import(cast, etat) for etat in ("recu", "en_cours", "applique"))
    page = client.get(address("imports")).content.decode()
    assert page.count("Annuler l’import de") == 2
    assert "every 2s" in page
    stop = address("import_annuler", import_id=waiting.id)
    assert client.post(stop, {"retour": "liste"}).url == address("imports")
    assert client.post(address("import_annuler", import_id=running.id)).status_code == 302
    assert "L’arrêt est demandé" in client.get(address("import", import_id=running.id)).content.decode()
    assert client.post(address("import_annuler", import_id=ended.id)).status_code == 409
    cast.system()
    found = {row.id: row for row in Import.objects.unguarded("test").all()}
    assert (found[waiting.id].etat, found[running.id].etat) == ("abandonne", "en_cours")
    assert found[running.id].annulation_le is not None


def test_a_running_import_is_told_in_the_language_of_the_reader(cast: Cast, settings: Any) -> None:
    row = an_import(cast, "en_cours", etape="lecture de comptes")
    client = cast.client("gaston")
    for name, facts in (("import", {"import_id": row.id}), ("imports", {})):
        assert "Lecture de comptes" in client.get(address(name, **facts)).content.decode()
    assert 'data-unite="Mo"' in client.get(address("imports")).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for name, facts in (("import", {"import_id": row.id}), ("imports", {})):
        page = client.get(address(name, **facts)).content.decode()
        assert "Reading comptes" in page
        assert "Lecture de comptes" not in page
    assert 'data-unite="MB"' in client.get(address("imports")).content.decode()


def test_a_deposit_larger_than_admitted_is_refused(cast: Cast, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10
    response = cast.client("gaston").post(address("deposer"), {"dossier": a_zip()})
    assert response.status_code == 413


def test_the_report_says_three_numbers_and_where_the_faults_are(cast: Cast) -> None:
    bilan = {"en_ligne": 1204, "a_corriger": 1, "inchanges": 38112, "codes": {"portee_inconnue": 40},
             "tables": {"documents": {"lues": 20, "bonnes": 19, "refusees": 1, "retenues": 0}}}  # fmt: skip
    row = an_import(cast, "partiel", bilan=bilan)
    page = cast.client("gaston").get(address("import", import_id=row.id)).content.decode()
    for text in ("1\u202f204", "38\u202f112", "documents, ligne 12", "@cmd", "Corrigez l", "40 fois"):
        assert text in page, text


def faults(row: Import, code: str, messages: list[str]) -> None:
    """Add these faults of one code to the report of an import."""
    with writing("test"):
        for rang, message in enumerate(messages, start=2):
            Anomalie.objects.create(
                agence_id=row.agence_id, import_id=row.id, rang=rang, gravite="LIGNE", code=code, table="comptes",
                ligne=rang, identifiant=f"A{rang}", message=message, conseil="Exportez toutes les écritures.",
            )  # fmt: skip


def test_each_fault_keeps_its_own_sentence_and_a_sentence_shared_is_said_once(cast: Cast) -> None:
    row = an_import(cast, "partiel", bilan={"codes": {"total_solde": 12, "copropriete_requise": 3}})
    own = [f"La somme des mouvements du compte est {n},50 ; son solde est 7,00." for n in range(101, 113)]
    faults(row, "total_solde", own)
    with writing("test"):
        Anomalie.objects.visible_to(cast.system()).filter(import_id=row.id, rang=1).delete()
    page = html.unescape(
        cast.client("gaston").get(address("import", import_id=row.id)).content.decode()
    ).replace("’", "'")
    card = page[page.index('id="code-total_solde"') :]
    assert [sentence in card for sentence in own] == [True] * 10 + [False] * 2
    assert "<h3>La somme des mouvements du compte est … ; son solde est ….</h3>" in card
    assert 'data-label="Constat"' in card
    assert "Les 10 premières sur 12" in card
    assert "la suite est dans le rapport CSV" in card


def test_a_sentence_shared_by_all_is_said_once(cast: Cast) -> None:
    row = an_import(cast, "partiel", bilan={"codes": {"copropriete_requise": 3}})
    faults(row, "copropriete_requise", ["Un compte de copropriétaire indique sa copropriété."] * 3)
    page = cast.client("gaston").get(address("import", import_id=row.id)).content.decode()
    card = page[page.index('id="code-copropriete_requise"') :]
    assert card.count("<h3>Un compte de copropriétaire indique sa copropriété.</h3>") == 1
    assert 'data-label="Constat"' not in card


def test_a_report_that_is_cut_says_so_everywhere(cast: Cast) -> None:
    cut = {"total_solde": {"gardees": 3, "total": 2531}}
    row = an_import(cast, "partiel", bilan={"codes": {"total_solde": 2531}, "coupes": cut})
    faults(row, "total_solde", ["Somme 1.", "Somme 2.", "Somme 3."])
    client = cast.client("gaston")
    page = client.get(address("import", import_id=row.id)).content.decode()
    said = "Les 3 premières sur 2\u202f531"
    assert said in page
    assert "la suite est dans le rapport CSV" not in page
    text = client.get(address("rapport_csv", import_id=row.id)).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [line["code"] for line in lines] == ["portee_inconnue"] + ["total_solde"] * 4
    assert said.replace("\u202f", " ") in lines[-1]["message"]
    assert "renvoyez" in lines[-1]["conseil"]
    content = json.loads(client.get(address("rapport_json", import_id=row.id)).content)
    assert said in content["coupes"]["total_solde"]["message"]
    assert len(content["anomalies"]) == 4


def test_the_dashboard_names_the_faults_of_what_is_on_line_whatever_came_after(cast: Cast) -> None:
    client = cast.client("gaston")
    assert "Rien n’attend votre décision" in client.get(address("accueil")).content.decode()
    applied = an_import(cast, "partiel", fin_le=now())
    an_import(cast, "verifie", fin_le=now())
    page = client.get(address("accueil")).content.decode()
    assert "1 ligne à corriger" in page
    assert address("import", import_id=applied.id) in page


def test_a_check_says_how_many_rows_are_good(cast: Cast) -> None:
    bilan = {"en_ligne": 0, "a_corriger": 1, "tables": {"lots": {"bonnes": 1500}, "baux": {"bonnes": 34}}}
    row = an_import(cast, "verifie", bilan=bilan)
    page = cast.client("gaston").get(address("import", import_id=row.id)).content.decode()
    assert "1\u202f534" in page
    assert "rien n’a changé en ligne" in page


def test_the_csv_runs_no_formula_and_the_json_is_whole(cast: Cast) -> None:
    row = an_import(cast, "partiel", bilan={"en_ligne": 3})
    client = cast.client("gaston")
    answer = client.get(address("rapport_csv", import_id=row.id))
    text = answer.content.decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert (line["id"], line["valeur_masquee"], line["ligne"]) == ("'=1+1", "'@cmd", "12")
    assert answer["Content-Disposition"].startswith("attachment")
    content = json.loads(client.get(address("rapport_json", import_id=row.id)).content)
    assert (content["en_ligne"], content["anomalies"][0]["id"]) == (3, "=1+1")


def test_the_brake_is_told_plainly_and_given_up(cast: Cast) -> None:
    row = an_import(cast, "a_confirmer", message="La table comptes perdrait 180 lignes sur 200.")
    client = cast.client("gaston")
    page = client.get(address("import", import_id=row.id)).content.decode()
    assert "perdrait 180 lignes" in page
    assert "nuit.zip" in client.get(address("accueil")).content.decode()
    assert client.post(address("import_confirmer", import_id=row.id)).status_code == 409  # its file is gone
    assert client.post(address("import_abandonner", import_id=row.id)).status_code == 302
    assert "Abandonné" in client.get(address("imports")).content.decode()
    assert client.post(address("import_abandonner", import_id=row.id)).status_code == 409


def test_the_imports_of_another_agence_do_not_exist(cast: Cast) -> None:
    row = an_import(cast, "partiel")
    for who in ("bruno", "charlie", "claire", "edgar"):
        client = cast.client(who)
        for name in ("import", "rapport_csv", "rapport_json"):
            assert client.get(address(name, import_id=row.id)).status_code == 404
        for name in ("import_confirmer", "import_abandonner", "import_annuler"):
            assert client.post(address(name, import_id=row.id)).status_code == 404
        foreign = reverse("gestion:import", kwargs={"agence": "agence-b", "import_id": row.id})
        assert client.get(foreign).status_code == 404
