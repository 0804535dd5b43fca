"""Requests: split by controller, acknowledged, answered, refused, extended; nobody else's."""

import re
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from psycopg import sql

from palier.core.action import writing
from palier.core.dates import now
from palier.courrier.models import Envoi
from palier.vie_privee.comptes.effacement import erase_account, portal_actor
from palier.vie_privee.droits_personnes.demandes import link
from palier.vie_privee.droits_personnes.garde import forget_requests
from palier.vie_privee.models import DemandeAgence, DemandeCompte
from tests.cast import Cast
from tests.courrier.boite import deliver
from tests.factories import pdf

LISTE = "/mon-compte/donnees/demandes"


@pytest.fixture
def dpo(cast: Cast) -> Client:
    with writing("fixtures"):
        cast.accounts["sans"].is_dpo = True
        cast.accounts["sans"].save()
    return cast.client("sans")


def ask(cast: Cast, who: str = "claire", to: tuple[Any, ...] = ()) -> Any:
    wanted = [str(x) for x in to] or [str(cast.a.agence.id), "compte"]
    return cast.client(who).post(
        LISTE, {"droit": "acces", "message": "Je voudrais savoir ce que vous avez.", "a": wanted}
    )


def of_a(cast: Cast) -> DemandeAgence:
    rows = DemandeAgence.objects.visible_to(cast.system())
    found: DemandeAgence = rows.get(agence_id=cast.a.agence.id)
    return found


def test_a_request_is_split_and_acknowledged(cast: Cast) -> None:
    page = cast.client("claire").get(f"{LISTE}?droit=acces").content.decode()
    assert "Cabinet A" in page and "Agence B" in page
    assert ask(cast)["Location"] == LISTE
    agence, compte = of_a(cast), DemandeCompte.objects.get()
    assert agence.dossier_id == compte.dossier_id
    assert agence.acces_id == cast.acces["claire"].id
    assert not DemandeAgence.objects.visible_to(cast.system(cast.b)).exists()
    sent = sorted(Envoi.objects.order_by("id").values_list("modele", flat=True))
    assert sent == ["demande_agence", "demande_dpo", "demande_recue"]
    assert "Cabinet A" in cast.client("claire").get(LISTE).content.decode()


def test_the_agency_reads_the_name_of_its_own_file_and_no_address_of_the_account(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    assert row.email == ""
    desk = cast.client("adele")
    for page in ("/g/cabinet-a/droits", f"/g/cabinet-a/droits/{row.id}"):
        seen = desk.get(page).content.decode()
        assert "Mme Claire Lefèvre" in seen
        assert cast.accounts["claire"].email not in seen
    assert (
        DemandeCompte.objects.get().email == cast.accounts["claire"].email
    )  # the exploitant holds the account


def test_the_answer_reaches_the_address_that_the_account_has_then(cast: Cast) -> None:
    ask(cast)
    deliver()
    with writing("fixtures"):
        cast.accounts["claire"].email = "claire.nouvelle@courriel.example"
        cast.accounts["claire"].save()
    desk, page = cast.client("adele"), f"/g/cabinet-a/droits/{of_a(cast).id}"
    desk.post(page, {"acte": "prolonger", "texte": "Dix ans de pièces à réunir."})
    desk.post(page, {"acte": "repondre", "texte": "Voici tout."})
    assert [m.to for m in deliver()] == [["claire.nouvelle@courriel.example"]] * 2


def test_the_agency_is_told_that_a_closed_account_is_not_reached(cast: Cast) -> None:
    ask(cast)
    deliver()
    with writing("fixtures"):
        erase_account(portal_actor("test"), cast.accounts["claire"].pk, "demande")
    deliver()
    desk, page = cast.client("adele"), f"/g/cabinet-a/droits/{of_a(cast).id}"
    assert "n’a plus de compte" in desk.get(page).content.decode()
    said = desk.post(page, {"acte": "repondre", "texte": "Voici tout."}, follow=True).content.decode()
    assert of_a(cast).etat == "repondue"
    assert "Mme Claire Lefèvre" in said and "prévenue par e-mail" not in said
    assert deliver() == []


def test_two_clicks_are_one_request(cast: Cast) -> None:
    for _ in range(2):
        ask(cast)
    assert DemandeCompte.objects.count() == 1
    assert Envoi.objects.filter(modele="demande_recue").count() == 1


def test_nothing_is_asked_of_an_agency_where_one_holds_nothing(cast: Cast) -> None:
    assert ask(cast, "charlie", (cast.a.agence.id,)).status_code == 422
    assert not DemandeAgence.objects.visible_to(cast.system()).exists()


def test_others_find_nothing(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    for who in ("charlie", "conrad", "adele", "edgar"):
        assert cast.client(who).get(reverse("ma_demande", args=[row.id])).status_code == 404
    for who in ("bruno", "charlie", "claire", "edgar"):
        assert cast.client(who).get(f"/g/cabinet-a/droits/{row.id}").status_code == 404
    assert cast.client("gaston").get("/g/cabinet-a/droits").status_code == 403
    assert cast.client("edgar").get("/exploitant/dpo").status_code == 404


def test_the_agency_answers_with_a_file_that_only_the_person_opens(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    desk = cast.client("adele")
    page = f"/g/cabinet-a/droits/{row.id}"
    assert "Je voudrais savoir" in desk.get(page).content.decode()
    assert desk.post(page, {"acte": "repondre", "texte": ""}).status_code == 422
    content = pdf("CANARI-REPONSE")
    files = {"pieces": SimpleUploadedFile("dossier.pdf", content, "application/pdf")}
    assert desk.post(page, {"acte": "repondre", "texte": "Voici tout.", **files})["Location"] == page
    row = of_a(cast)
    assert (row.etat, row.reponse) == ("repondue", "Voici tout.")
    claire = cast.client("claire")
    seen = claire.get(reverse("ma_demande", args=[row.id])).content.decode()
    assert "Voici tout." in seen
    piece = reverse("ma_demande_piece", args=[row.id, row.pieces[0]["id"]])
    assert claire.get(piece).content == content
    assert cast.client("charlie").get(piece).status_code == 404
    assert desk.post(page, {"acte": "repondre", "texte": "Encore"}).status_code == 409
    assert Envoi.objects.filter(modele="demande_repondue").count() == 1
    stored = [f for _folder, f in walk_vault()]
    assert all(content not in data for data in stored)


def walk_vault(folder: str = "") -> list[tuple[str, bytes]]:
    folders, files = default_storage.listdir(folder)
    found = [(f"{folder}/{f}", default_storage.open(f"{folder}/{f}").read()) for f in files]
    for inner in folders:
        found += walk_vault(f"{folder}/{inner}".lstrip("/"))
    return found


def test_a_refusal_tells_where_to_complain(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    cast.client("adele").post(
        f"/g/cabinet-a/droits/{row.id}", {"acte": "refuser", "texte": "La loi nous l’interdit."}
    )
    page = cast.client("claire").get(reverse("ma_demande", args=[row.id])).content.decode()
    assert "La loi nous l’interdit." in page and "cnil.fr/plaintes" in page


def test_the_delay_is_extended_once_within_the_first_month(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    page, desk = f"/g/cabinet-a/droits/{row.id}", cast.client("adele")
    desk.post(page, {"acte": "prolonger", "texte": "Dix ans de pièces à réunir."})
    after = of_a(cast)
    assert (after.echeance - row.echeance).days > 55
    assert Envoi.objects.filter(modele="demande_prolongee").exists()
    assert desk.post(page, {"acte": "prolonger", "texte": "Encore."}).status_code == 409


def test_too_late_to_extend(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    with writing("fixtures"):
        row.recue_le, row.echeance = now() - timedelta(days=40), (now() - timedelta(days=9)).date()
        row.save()
    answer = cast.client("adele").post(
        f"/g/cabinet-a/droits/{row.id}", {"acte": "prolonger", "texte": "Trop de travail."}
    )
    assert answer.status_code == 409
    assert "premier mois" in answer.content.decode()
    assert "Délai dépassé" in answer.content.decode()


def test_a_person_without_an_account_is_answered_by_his_link(cast: Cast) -> None:
    visitor = Client()
    facts = {
        "agence": str(cast.a.agence.id), "droit": "effacement", "message": "J’étais locataire en 2012.",
        "nom": "Jeanne Partie", "email": "jeanne.partie@poste.example",
    }  # fmt: skip
    assert visitor.post("/droits", {**facts, "email": "pas une adresse"}).status_code == 422
    assert visitor.post("/droits", facts)["Location"] == "/droits/recu"
    row = of_a(cast)
    path = "/" + link(row).split("/", 3)[3]
    assert "J’étais locataire" in visitor.get(path).content.decode()
    altered = path[:-3] + ("aaa" if not path.endswith("aaa") else "bbb")
    assert visitor.get(altered).status_code == 404
    desk, page = cast.client("adele"), f"/g/cabinet-a/droits/{row.id}"
    assert "Jeanne Partie" in desk.get("/g/cabinet-a/droits").content.decode()
    assert "jeanne.partie@poste.example" in desk.get(page).content.decode()
    deliver()
    desk.post(page, {"acte": "identite", "texte": "Deux personnes de ce nom."})
    assert [m.to for m in deliver()] == [["jeanne.partie@poste.example"]]
    assert of_a(cast).etat == "identite"
    bad = visitor.post(path, {"fichier": SimpleUploadedFile("x.exe", b"MZ...")})
    assert bad.status_code == 422
    visitor.post(path, {"fichier": SimpleUploadedFile("carte.pdf", pdf("CARTE"))})
    row = of_a(cast)
    assert row.identite and row.etat == "recue"
    identite = f"{page}/{row.identite['id']}"
    assert desk.get(identite).status_code == 200
    assert visitor.get(f"{path}/{row.identite['id']}").status_code == 404


def test_a_verified_identity_is_erased(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with writing("fixtures"):
        ask(cast)
    row = of_a(cast)
    desk, page = cast.client("adele"), f"/g/cabinet-a/droits/{row.id}"
    desk.post(page, {"acte": "identite", "texte": "Un doute."})
    cast.client("claire").post(
        reverse("ma_demande", args=[row.id]), {"fichier": SimpleUploadedFile("c.pdf", pdf("CARTE"))}
    )
    row = of_a(cast)
    kept = row.identite["adresse"]
    assert any(kept in name for name, _ in walk_vault())
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page, {"acte": "verifier"})
    assert of_a(cast).identite == {}
    assert not any(kept in name for name, _ in walk_vault())


def test_known_or_unknown_a_visitor_gets_the_same_answer(cast: Cast) -> None:
    facts = {"agence": "", "droit": "acces", "message": "Que savez-vous de moi ?", "nom": "X"}
    known = Client().post("/droits", {**facts, "email": "claire@courriel.example"})
    unknown = Client().post("/droits", {**facts, "email": "nul@courriel.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert set(DemandeCompte.objects.order_by("id").values_list("account_id", flat=True)) == {None}


def test_the_form_is_rate_limited(cast: Cast) -> None:
    facts = {"agence": "", "droit": "acces", "nom": "X", "email": "insistant@courriel.example"}
    statuses = [
        Client().post("/droits", {**facts, "message": f"Ma demande numéro {n}"}).status_code for n in range(5)
    ]
    assert statuses == [302, 302, 302, 429, 429]


def test_the_dpo_answers_for_accounts_and_reads_figures(cast: Cast, dpo: Client) -> None:
    ask(cast)
    row = DemandeCompte.objects.get()
    assert "à traiter" in dpo.get("/exploitant/dpo").content.decode()
    page = f"/exploitant/dpo/demandes/{row.id}"
    assert dpo.post(page, {"acte": "repondre", "texte": "Voici."}).status_code == 302
    assert DemandeCompte.objects.get().etat == "repondue"
    assert dpo.get(f"/exploitant/dpo/demandes/{of_a(cast).id}").status_code == 404
    assert re.search(
        r"Voici", cast.client("claire").get(reverse("ma_demande", args=[row.id])).content.decode()
    )


def test_proofs_are_forgotten_after_the_prescription(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    cast.client("adele").post(f"/g/cabinet-a/droits/{row.id}", {"acte": "repondre", "texte": "Voici."})
    assert forget_requests(now() - timedelta(days=1)) == 0
    assert forget_requests(now() + timedelta(days=1)) == 1
    assert not DemandeAgence.objects.visible_to(cast.system()).exists()


def test_a_request_is_withdrawn_by_its_author_alone(cast: Cast) -> None:
    ask(cast)
    row = of_a(cast)
    address = reverse("ma_demande", args=[row.id])
    assert cast.client("charlie").post(address, {"annuler": "1"}).status_code == 404
    cast.client("claire").post(address, {"annuler": "1"})
    assert of_a(cast).etat == "annulee"


def test_addresses_of_accounts_kept_before_are_emptied(superuser: psycopg.Connection[Any]) -> None:
    """As the owner of the tables runs it: the policies are forced upon him too."""
    vider = import_module("palier.vie_privee.migrations.0011_demande_sans_adresse").VIDER
    insert = (
        "insert into vie_privee_demandeagence (agence_id, id, dossier_id, droit, account_id, acces_id, nom, email, langue,"
        " message, etat, recue_le, echeance, prolongation, identite_motif, identite, reponse, pieces)"
        " values (%s, %s, %s, 'acces', %s, %s, '', %s, 'fr', '', 'recue', now(), now(), '', '', '{}', '', '[]')"
    )
    agence, some = uuid4(), uuid4()
    rows = [("claire", some, some), ("efface", None, some), ("partie", some, None), ("sans", None, None)]
    with superuser.transaction(force_rollback=True):
        superuser.execute("set local session_replication_role = replica")
        for nom, account, acces in rows:
            superuser.execute(insert, [agence, uuid4(), uuid4(), account, acces, f"{nom}@courriel.example"])
        found = superuser.execute(
            "select tableowner from pg_tables where tablename = 'vie_privee_demandeagence'"
        )
        superuser.execute(sql.SQL("set local role {}").format(sql.Identifier(found.fetchone()[0])))  # type: ignore[index]
        superuser.execute(vider)
        superuser.execute("reset role")
        kept = superuser.execute("select email from vie_privee_demandeagence where agence_id = %s", [agence])
        assert sorted(email for (email,) in kept) == ["", "", "", "sans@courriel.example"]
        forced = superuser.execute(
            "select relforcerowsecurity from pg_class where relname = 'vie_privee_demandeagence'"
        )
        assert forced.fetchone() == (True,)
