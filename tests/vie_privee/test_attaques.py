"""What somebody would try against the rights of another: each attempt gets nothing, and changes nothing."""

import base64
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse

from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.api.actions.cles import create_key
from palier.api.enums import Portee
from palier.core.action import writing
from palier.core.dates import now
from palier.core.tenancy import enter, look_into, open_actor
from palier.courrier.models import Envoi
from palier.courrier.preferences import stop_link
from palier.vie_privee.comptes.demande import ask_deletion, undo_token
from palier.vie_privee.contrats.actions import end_contract, suspend
from palier.vie_privee.droits_personnes.demandes import link
from palier.vie_privee.droits_personnes.directives import write_directive
from palier.vie_privee.droits_personnes.limitation import set_restriction
from palier.vie_privee.effacement import certificat
from palier.vie_privee.effacement.etapes import run
from palier.vie_privee.models import (
    Assistance,
    CompteEfface,
    DemandeAgence,
    DemandeCompte,
    Directive,
    SuppressionDemandee,
)
from tests.cast import Cast
from tests.vie_privee.effacement.outils import OPERATEUR, end


@pytest.fixture(autouse=True)
def keyring(tmp_path: Any, settings: Any) -> None:
    settings.TROUSSEAU_DIR = tmp_path / "trousseau"


# --- A deletion is undone by the link of its own mail, and by nothing else ------------------------------------------


def test_a_forged_or_borrowed_link_undoes_no_deletion(cast: Cast) -> None:
    row = ask_deletion(cast.actor("claire"))
    account, moment = row.account_id, row.demandee_le.isoformat()
    good = undo_token(account, moment)
    tampered = good[:-2] + ("aa" if not good.endswith("aa") else "bb")
    other = undo_token(cast.accounts["conrad"].pk, moment)  # signed by us, but he asked for nothing
    elsewhere = signing.Signer(salt="palier.courrier.arret").sign(f"{account.hex}:{moment}")
    stop = stop_link(account).rpartition("/")[2]  # the link that stops notices
    for token in (tampered, other, elsewhere, stop, f"{account.hex}:{moment}", "", "x"):
        address = f"/garder-mon-compte/{token}"
        assert {Client().get(address).status_code, Client().post(address).status_code} <= {404, 405}, token
    assert SuppressionDemandee.objects.filter(account_id=account).exists()
    assert Client().get(f"/garder-mon-compte/{good}").status_code == 200
    assert SuppressionDemandee.objects.filter(account_id=account).exists()  # reading a mail undoes nothing


# --- The public form neither tells who has an account, nor acts for anybody -----------------------------------------


def _ask(email: str, agence: str = "") -> Any:
    return Client().post(
        "/droits",
        {"agence": agence, "droit": "effacement", "message": "Effacez tout, je suis cette personne.", "nom": "X",
         "email": email},
    )  # fmt: skip


def test_asking_in_anothers_name_erases_nothing_and_writes_to_him(cast: Cast) -> None:
    claire = cast.accounts["claire"]
    assert _ask(claire.email).status_code == 302
    assert _ask(claire.email, str(cast.a.agence.id)).status_code == 302
    row = DemandeCompte.objects.get()
    assert row.account_id is None  # nobody is looked up: the request is tied to no account
    dpo = cast.accounts["sans"]
    with writing("fixtures"):
        Account.objects.filter(pk=dpo.pk).update(is_dpo=True)
    address = reverse("exploitant:dpo_demande", args=[row.id])
    page = cast.client("sans").get(address).content.decode()
    assert "sans compte : son identité n’est pas établie" in page
    cast.client("sans").post(address, {"acte": "repondre", "texte": "C’est fait, dit la réponse."})
    cast.system()
    asked = DemandeAgence.objects.visible_to(cast.system()).get()
    cast.client("adele").post(
        reverse("gestion:droit", args=["cabinet-a", asked.id]), {"acte": "repondre", "texte": "C’est fait."}
    )
    assert Account.objects.filter(pk=claire.pk, is_active=True).exists()
    assert not SuppressionDemandee.objects.exists() and not CompteEfface.objects.exists()
    assert enter(claire.pk).acces
    # The acknowledgement and the answer go to the mailbox named: he is told, the other learns nothing.
    told = Envoi.objects.filter(modele__in=("demande_recue", "demande_repondue"))
    assert {e.account_id for e in told} == {None}


def test_the_link_of_a_request_opens_no_other(cast: Cast) -> None:
    _ask("une@ailleurs.example")
    _ask("autre@ailleurs.example", str(cast.a.agence.id))
    mine = DemandeCompte.objects.get()
    other = DemandeAgence.objects.visible_to(cast.system()).get()
    assert Client().get(link(mine).replace("http://testserver", "")).status_code == 200
    swapped = [
        signing.dumps(["", other.id.hex], salt="palier.vie_privee.demande"),
        signing.dumps([cast.b.agence.id.hex, other.id.hex], salt="palier.vie_privee.demande"),
        signing.dumps([cast.a.agence.id.hex, mine.id.hex], salt="palier.vie_privee.demande"),
        signing.dumps(mine.id.hex, salt="palier.vie_privee.remise"),
        link(mine).rpartition("/")[2][:-3] + "abc",
    ]
    for token in swapped:
        assert Client().get(reverse("droits_suivi", args=[token])).status_code == 404


def test_a_signed_in_persons_request_is_opened_by_no_public_link(cast: Cast) -> None:
    cast.client("claire").post(
        "/mon-compte/donnees/demandes",
        {"droit": "acces", "message": "Toutes mes données, merci.", "a": ["compte"]},
    )
    row = DemandeCompte.objects.get()
    token = signing.dumps(["", row.id.hex], salt="palier.vie_privee.demande")
    assert Client().get(reverse("droits_suivi", args=[token])).status_code == 404


def test_a_suspended_agence_still_answers_and_an_ended_one_is_not_offered(cast: Cast) -> None:
    open_actor(OPERATEUR)
    suspend(OPERATEUR, cast.a.agence.id)
    end_contract(OPERATEUR, cast.b.agence.id)
    page = Client().get("/droits").content.decode()
    assert "Cabinet A" in page and "Agence B" not in page
    assert _ask("une@ailleurs.example", str(cast.a.agence.id)).status_code == 302
    assert _ask("une@ailleurs.example", str(cast.b.agence.id)).status_code == 422


# --- Directives: the DPO alone --------------------------------------------------------------------------------------


def test_nobody_but_the_dpo_executes_a_directive(cast: Cast) -> None:
    row = write_directive(
        cast.actor("claire"), sort="effacer", destinataire_nom="", destinataire_email="", precisions="", accord="oui"
    )  # fmt: skip
    address = reverse("exploitant:dpo_directive", args=[row.id])
    for who in ("anonyme", "claire", "conrad", "gaston", "adele", "edgar", "charlie"):
        client = cast.client(who)
        proof = io.BytesIO(b"%PDF-1.4 acte")
        proof.name = "acte.pdf"
        answer = client.post(address, {"reference": "acte de décès", "fichier": proof})
        assert answer.status_code in {302, 403, 404}, who
        assert client.get(address).status_code in {302, 403, 404}, who
    assert Directive.objects.get().executee_le is None
    assert Account.objects.filter(pk=cast.accounts["claire"].pk, is_active=True).exists()


# --- Under restriction: kept, and nothing else (art. 18) ------------------------------------------------------------


def test_the_staff_looks_into_no_restricted_space_even_one_already_open(cast: Cast) -> None:
    acces, desk = cast.acces["claire"].id, cast.client("gaston")
    page = f"/g/cabinet-a/personnes/{acces}"
    opened = desk.post(f"{page}/voir")
    assert opened.status_code == 302
    assert desk.get(opened["Location"]).status_code == 200
    set_restriction(cast.actor("claire"), acces, "limitation", "justice")
    assert desk.get(opened["Location"]).status_code == 404
    again = desk.post(f"{page}/voir")
    assert again.status_code == 409 and "article 18" in again.content.decode()
    assert "Voir comme cette personne" not in desk.get(page).content.decode()
    assert (
        look_into(cast.accounts["gaston"].pk, "cabinet-a", cast.espace_id("claire")) is None
    )  # the floor too


@pytest.mark.parametrize("genre", ["limitation", "opposition"])
def test_figures_and_lists_of_readers_leave_the_person_out(cast: Cast, genre: str) -> None:
    document = cast.documents["tous"]
    cast.system()
    with writing("fixtures"), connection.cursor() as cursor:
        for who in ("claire", "conrad"):
            cursor.execute(
                "insert into ged_lecture (agence_id, id, acces_id, document_id, lu_le)"
                " values (%s, gen_random_uuid(), %s, %s, now())",
                [cast.a.agence.id, cast.acces[who].id, document.id],
            )
            cursor.execute(
                "update acces_acces set derniere_visite = now() where id = %s", [cast.acces[who].id]
            )
    desk = cast.client("gaston")
    pages = ("/g/cabinet-a/", f"/g/cabinet-a/documents/{document.id}")
    for path in pages:
        page = desk.get(path).content.decode()
        assert "Lefèvre" in page and "Aubry" in page, path
    motif = "justice" if genre == "limitation" else "situation"
    set_restriction(cast.actor("claire"), cast.acces["claire"].id, genre, motif)
    for path in pages:
        page = desk.get(path).content.decode()
        assert "Lefèvre" not in page and "Aubry" in page, path


# --- An agence that ended, or is suspended --------------------------------------------------------------------------


def test_the_staff_of_an_ended_agence_does_nothing_any_more(cast: Cast, monkeypatch: Any) -> None:
    gaston, adele = cast.client("gaston"), cast.client("adele")
    assert gaston.get("/g/cabinet-a/personnes").status_code == 200
    end(cast.a.agence.id, monkeypatch, days_ago=1)
    paths = (
        "",
        "personnes",
        "documents",
        "imports",
        "equipe",
        "journal",
        "reglages",
        "confiance",
        "droits",
        "contrat",
    )
    for client in (gaston, adele):
        for path in paths:
            assert client.get(f"/g/cabinet-a/{path}").status_code == 404, path
    acces = cast.acces["claire"].id
    assert adele.post(f"/g/cabinet-a/personnes/{acces}/dissocier").status_code == 404
    assert gaston.get("/g/cabinet-a/restitution").status_code == 404  # its administrators alone
    assert adele.get("/g/cabinet-a/restitution").status_code == 200
    assert cast.client("bruno").get("/g/cabinet-a/restitution").status_code == 404
    assert not enter(cast.accounts["gaston"].pk).habilitations


def test_the_key_of_an_ended_or_suspended_agence_opens_nothing(cast: Cast, monkeypatch: Any) -> None:
    _row, secret = create_key(
        cast.staff("adele"), nom="essai", logiciel="demo", base="principale", portees=list(Portee.values)
    )
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/imports/courant", **header).status_code == 200
    with writing("fixtures"):
        Agence.objects.filter(id=cast.a.agence.id).update(statut="suspendue")
    assert Client().get("/api/v1/imports/courant", **header).status_code == 401
    with writing("fixtures"):
        Agence.objects.filter(id=cast.a.agence.id).update(statut="active")
    end(cast.a.agence.id, monkeypatch, days_ago=1)
    assert Client().get("/api/v1/imports/courant", **header).status_code == 401


def test_the_clients_of_a_suspended_agence_reach_nothing_of_it_and_keep_the_rest(cast: Cast) -> None:
    open_actor(OPERATEUR)
    suspend(OPERATEUR, cast.a.agence.id)
    claire, space = cast.client("claire"), cast.espace_id("claire")
    document = cast.documents["tous"].id
    for path in ("", "documents", f"documents/{document}", f"documents/{document}/telecharger", "compte"):
        assert claire.get(f"/e/{space}/{path}").status_code == 404, path
    assert claire.get(f"/mes-acces/{cast.acces['claire'].id}/coordonnees").status_code == 404
    assert claire.get(f"/e/{cast.espace_id('claire_b')}/").status_code == 200
    assert claire.get("/mon-compte/donnees").status_code == 200


# --- The support leaves at its hour ---------------------------------------------------------------------------------


def test_an_open_page_of_the_support_closes_with_its_session(cast: Cast) -> None:
    cast.client("adele").post("/g/cabinet-a/assistance", {"motif": "Un relevé ne s’ouvre pas", "heures": "2"})
    edgar, acces = cast.client("edgar"), cast.acces["claire"].id
    page = f"/g/cabinet-a/personnes/{acces}"
    assert edgar.get(page).status_code == 200
    cast.system()
    with writing("fixtures"):
        Assistance.objects.visible_to(cast.system()).update(fin_le=now() - timedelta(seconds=1))
    assert edgar.get(page).status_code == 404
    assert edgar.get("/g/cabinet-a/").status_code == 404
    assert edgar.post(f"{page}/voir").status_code == 404
    assert edgar.get(f"/g/cabinet-a/vue/{cast.espace_id('claire')}/").status_code == 404


# --- A certificate is ours or is not ---------------------------------------------------------------------------------


def test_a_certificate_signed_by_another_key_is_refused(cast: Cast, monkeypatch: Any) -> None:
    proof = run(end(cast.a.agence.id, monkeypatch).id)
    thief = Ed25519PrivateKey.generate()
    facts = {**json.loads(proof.contenu), "numero": str(proof.id)}
    contenu = certificat.canonical({**facts, "agence": {"id": str(cast.b.agence.id), "empreinte": "0" * 64}})
    public = thief.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    forged = json.dumps(
        {
            "certificat": contenu,
            "signature": base64.b64encode(thief.sign(contenu.encode())).decode(),
            "cle_publique": base64.b64encode(public).decode(),
        }
    ).encode()
    assert certificat.verify(forged).raison == "signature"
    # The right signature of another text, a PDF that looks like ours: neither.
    whole = json.loads(certificat.envelope(proof))
    assert not certificat.verify(json.dumps({**whole, "certificat": contenu}).encode()).bon
    assert not certificat.verify(bytes(proof.pdf) + b"\n").bon
    assert not certificat.verify(certificat.draw(proof.id, facts, whole["signature"]) + b" ").bon
    assert certificat.verify(certificat.envelope(proof)).bon
