"""Directives for after a death: their own consent, their versions, executed on proof by the DPO alone."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from palier.accounts.models import Account
from palier.core.action import writing
from palier.courrier.models import Envoi
from palier.vie_privee.droits_personnes.exports import build_export, recipient_link
from palier.vie_privee.models import CompteEfface, Directive, ExportDonnees
from tests.cast import Cast
from tests.factories import PASSWORD, pdf

PAGE = "/mon-compte/donnees/apres-deces"


def signed_in(who: str) -> Client:
    client = Client()
    client.post("/connexion", {"login": f"{who}@courriel.example", "password": PASSWORD})
    client.post("/reauthentification", {"password": PASSWORD})
    return client


@pytest.fixture
def dpo(cast: Cast) -> Client:
    with writing("fixtures"):
        cast.accounts["sans"].is_dpo = True
        cast.accounts["sans"].save()
    return cast.client("sans")


def proof() -> dict[str, object]:
    return {"preuve": "Acte n° 12", "fichier": SimpleUploadedFile("acte.pdf", pdf("ACTE"))}


def test_nothing_is_kept_without_its_own_consent(cast: Cast) -> None:
    conrad = signed_in("conrad")
    assert "vos héritiers" in conrad.get(PAGE).content.decode()
    assert conrad.post(PAGE, {"sort": "effacer"}).status_code == 422
    assert conrad.post(PAGE, {"sort": "transmettre", "accord": "on"}).status_code == 422
    assert not Directive.objects.exists()


def test_the_password_is_asked_again(cast: Cast) -> None:
    answer = cast.client("conrad").post(PAGE, {"sort": "effacer", "accord": "on"})
    assert answer.status_code == 302 and answer["Location"].startswith("/reauthentification")
    assert not Directive.objects.exists()


def test_versions_and_withdrawal(cast: Cast) -> None:
    conrad = signed_in("conrad")
    for sort in ("effacer", "effacer"):
        assert conrad.post(PAGE, {"sort": sort, "accord": "on", "precisions": ""}).status_code == 302
    rows = list(Directive.objects.order_by("version"))
    assert [(r.version, r.retiree_le is None) for r in rows] == [(1, False), (2, True)]
    assert "consens spécialement" in rows[1].accord
    conrad.post(PAGE, {"retirer": "1"})
    assert not Directive.objects.filter(retiree_le=None).exists()


def test_executed_on_proof_the_account_goes(cast: Cast, dpo: Client) -> None:
    signed_in("conrad").post(PAGE, {"sort": "effacer", "accord": "on"})
    row = Directive.objects.get()
    page = f"/exploitant/dpo/directives/{row.id}"
    for who in ("edgar", "adele", "conrad", "charlie"):
        assert cast.client(who).get(page).status_code == 404
    assert dpo.post(page, {"preuve": "Acte n° 12"}).status_code == 422
    assert dpo.post(page, proof()).status_code == 302
    assert not Account.objects.filter(pk=cast.accounts["conrad"].pk).exists()
    assert CompteEfface.objects.get().raison == "deces"
    row.refresh_from_db()
    assert row.preuve["reference"] == "Acte n° 12" and len(row.preuve["sha256"]) == 64
    assert dpo.post(page, proof()).status_code == 404


def test_a_copy_goes_once_to_the_person_named(cast: Cast, dpo: Client) -> None:
    facts = {
        "sort": "transmettre",
        "accord": "on",
        "destinataire_nom": "Lise",
        "destinataire_email": "lise@poste.example",
    }
    signed_in("conrad").post(PAGE, facts)
    dpo.post(f"/exploitant/dpo/directives/{Directive.objects.get().id}", proof())
    export = ExportDonnees.objects.get()
    assert not Account.objects.get(pk=cast.accounts["conrad"].pk).is_active
    build_export(export.id)
    export.refresh_from_db()
    assert not Account.objects.filter(pk=cast.accounts["conrad"].pk).exists()
    assert Envoi.objects.filter(modele="directive_remise").count() == 1
    path = "/" + recipient_link(export).split("/", 3)[3]
    lise = Client()
    assert "Recevoir la copie" in lise.get(path).content.decode()
    answer = lise.post(path)
    assert "Aubry" in zipfile.ZipFile(io.BytesIO(answer.content)).read("donnees.json").decode()
    assert lise.post(path).status_code == 410
    assert lise.get(path[:-2] + "zz").status_code == 404
