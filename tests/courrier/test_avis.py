"""Notices of new documents: who is told, once, when, and what stops them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import new_id
from palier.core.tenancy import open_actor
from palier.courrier.avis_envoi import tell_everywhere
from palier.courrier.models import Avis, Envoi, Preference
from palier.courrier.preferences import stop_link
from palier.echanges.historique.annulation import cancel_import
from palier.ged.models import Document, Lecture
from palier.patrimoine.models import Tiers
from tests.courrier.boite import deliver
from tests.echanges.fabrique import PDF, document, make_dossier, sound_tables
from tests.echanges.test_import import Tables, actor, load, rows
from tests.factories import make_account, make_agence

__all__ = ["actor"]


def pdf(number: int) -> bytes:
    return PDF + f"% number {number}\n".encode()


def dossier(path: Path, *numbers: int, agence: str = "essai", **facts: object) -> Path:
    """The sound dossier, with so many documents more on the account A1."""
    tables: Tables = sound_tables()
    files = {"documents/d1.pdf": PDF}
    for n in numbers:
        name = f"documents/n{n}.pdf"
        files[name] = pdf(n)
        more = {"id": f"N{n}", "titre": f"Relevé n° {n}", "date_document": "2026-11-20", **facts}
        tables["documents"].append(document(name, pdf(n), **more))
    return make_dossier(path, tables, files, agence=agence)


def attach(actor: Actor, reference: str, email: str, langue: str = "fr") -> Account:
    """Attach the accès of a person to an account of this address."""
    account = make_account(email)
    Account.objects.filter(pk=account.pk).update(langue=langue)
    with writing("test"):
        Acces.objects.visible_to(actor).filter(tiers_id=rows(actor, Tiers)[reference].id).update(
            account_id=account.pk, rattache_le=now()
        )
    return account


@pytest.fixture
def alice(actor: Actor, tmp_path: Path) -> Account:
    """T1, holder of A1, attached; a first import is on line."""
    load(actor, dossier(tmp_path / "a.zip"))
    return attach(actor, "T1", "alice@courriel.example")


def elapse(actor: Actor) -> None:
    """The grace delay has passed."""
    open_actor(actor)
    with writing("test"):
        Avis.objects.visible_to(actor).update(prevu_le=now() - timedelta(minutes=1))


def sent() -> list[Any]:
    tell_everywhere()
    return deliver()


def states(actor: Actor) -> list[str]:
    open_actor(actor)
    return sorted(Avis.objects.visible_to(actor).values_list("etat", flat=True))


def test_first_import_notifies_nobody(actor: Actor, alice: Account) -> None:
    assert states(actor) == []


def test_one_mail_for_all_new_documents_after_the_delay(actor: Actor, alice: Account, tmp_path: Path) -> None:
    done = load(actor, dossier(tmp_path / "b.zip", 1, 2))
    found = list(Avis.objects.visible_to(actor).order_by("id"))
    assert [(a.account_id, a.import_id, a.etat) for a in found] == [(alice.pk, done.id, "attente")] * 2
    assert all(timedelta(hours=1, minutes=59) < a.prevu_le - now() <= timedelta(hours=2) for a in found)
    assert sent() == []
    elapse(actor)
    (message,) = sent()
    assert message.to == ["alice@courriel.example"]
    assert message.subject == "2 nouveaux documents dans votre espace Agence d’essai"
    assert "Relevé n° 1" in message.body and "Relevé n° 2" in message.body
    assert "152,30" not in message.body
    assert states(actor) == ["parti", "parti"]
    envoi = Envoi.objects.get(id=Avis.objects.visible_to(actor).order_by("id").first().envoi_id)
    assert (envoi.modele, envoi.envoye_le is not None) == ("documents_nouveaux", True)
    with connection.cursor() as cursor:
        cursor.execute("select detail ->> 'documents' from core_journal where gesture = 'avis:send'")
        assert cursor.fetchall() == [("2",)]
    assert sent() == []


def test_mail_is_in_the_language_of_the_account(actor: Actor, alice: Account, tmp_path: Path) -> None:
    Account.objects.filter(pk=alice.pk).update(langue="en")
    load(actor, dossier(tmp_path / "b.zip", 1))
    elapse(actor)
    (message,) = sent()
    assert message.subject == "1 new document in your Agence d’essai space"


def test_rollback_within_the_delay_stops_the_mail_and_a_new_sending_tells_once(
    actor: Actor, alice: Account, tmp_path: Path
) -> None:
    done = load(actor, dossier(tmp_path / "b.zip", 1))
    assert cancel_import(actor, done.id).bilan["avis_arretes"] == 1
    assert states(actor) == ["arrete"]
    elapse(actor)
    assert sent() == []
    load(actor, dossier(tmp_path / "c.zip", 1, 2))
    assert states(actor) == ["arrete", "attente", "attente"]
    elapse(actor)
    (message,) = sent()
    assert message.subject.startswith("2 nouveaux documents")


def test_same_file_is_never_told_twice(actor: Actor, alice: Account, tmp_path: Path) -> None:
    done = load(actor, dossier(tmp_path / "b.zip", 1))
    elapse(actor)
    assert len(sent()) == 1
    open_actor(actor)
    cancel_import(actor, done.id)
    load(actor, dossier(tmp_path / "c.zip", 1))
    load(actor, dossier(tmp_path / "d.zip"), confirmed=True)
    load(actor, dossier(tmp_path / "e.zip", 1))
    elapse(actor)
    assert sent() == []


def test_old_documents_are_no_news(actor: Actor, alice: Account, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1, date_document="2026-09-01"))
    assert states(actor) == []


def test_person_without_account_gets_nothing(actor: Actor, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "a.zip"))
    load(actor, dossier(tmp_path / "b.zip", 1))
    assert states(actor) == []


def test_document_for_others_is_not_told(actor: Actor, alice: Account, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1, portee_id="A2"))
    load(actor, dossier(tmp_path / "c.zip", 2, audience="interne", portee="agence", portee_id=""))
    assert states(actor) == []


def test_what_is_no_longer_visible_or_was_opened_is_not_told(
    actor: Actor, alice: Account, tmp_path: Path
) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1, 2))
    found = rows(actor, Document)
    acces = Acces.objects.visible_to(actor).get(account_id=alice.pk)
    with writing("test"):
        Document.objects.visible_to(actor).filter(id=found["N1"].id).update(archive_le=now())
        Lecture.objects.create(
            agence_id=actor.agence_id,
            id=new_id(),
            acces_id=acces.id,
            document_id=found["N2"].id,
            lu_le=now(),
        )
    elapse(actor)
    assert sent() == []
    assert states(actor) == ["sans_objet", "sans_objet"]


def test_detached_access_is_not_told(actor: Actor, alice: Account, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1))
    with writing("test"):
        Acces.objects.visible_to(actor).filter(account_id=alice.pk).update(account_id=None)
    elapse(actor)
    assert sent() == []


def test_delay_is_the_agence_s(actor: Actor, alice: Account, tmp_path: Path) -> None:
    with writing("test"):
        Agence.objects.filter(id=actor.agence_id).update(avis_delai_heures=0)
    load(actor, dossier(tmp_path / "b.zip", 1))
    assert len(sent()) == 1


def test_document_published_later_waits_for_its_day(actor: Actor, alice: Account, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1, publie_du="2026-12-01"))
    avis = Avis.objects.visible_to(actor).get()
    assert avis.prevu_le.isoformat() == "2026-12-01T07:00:00+00:00"


def test_one_click_stops_the_mails_without_signing_in(actor: Actor, alice: Account, tmp_path: Path) -> None:
    load(actor, dossier(tmp_path / "b.zip", 1))
    elapse(actor)
    (message,) = sent()
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert address == stop_link(alice.pk)
    path = "/" + address.split("/", 3)[3]
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(path).status_code == 200
    assert Preference.objects.count() == 0
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Preference.objects.get(account_id=alice.pk).avis is False
    open_actor(actor)
    load(actor, dossier(tmp_path / "c.zip", 1, 2))
    elapse(actor)
    assert sent() == []
    assert browser.get(path[:-2] + "zz").status_code == 404
    assert browser.post(path, {"avis": "oui"}).status_code == 200
    assert Preference.objects.get(account_id=alice.pk).avis is True


def test_switch_of_the_account_page(actor: Actor, alice: Account) -> None:
    browser = Client()
    browser.force_login(alice)
    page = browser.get("/mon-compte/avis")
    assert "Me prévenir des nouveaux documents" in page.content.decode()
    assert browser.post("/mon-compte/avis", {"avis": "non"}).status_code == 302
    assert Preference.objects.get(account_id=alice.pk).avis is False
    browser.post("/mon-compte/avis", {"avis": "oui"})
    assert Preference.objects.get(account_id=alice.pk).avis is True
    with connection.cursor() as cursor:
        cursor.execute(
            "select detail ->> 'avis' from core_journal where objet = %s order by le", [f"account:{alice.pk}"]
        )
        assert cursor.fetchall() == [("false",), ("true",)]


def test_account_of_two_agences_gets_one_mail_of_each(actor: Actor, alice: Account, tmp_path: Path) -> None:
    with writing("fixtures"):
        autre = make_agence("autre", "Agence voisine").agence
    other = Actor.system(autre.id, "test")
    open_actor(other)
    load(other, dossier(tmp_path / "x.zip", agence="autre"))
    with writing("test"):
        Acces.objects.visible_to(other).filter(tiers_id=rows(other, Tiers)["T1"].id).update(
            account_id=alice.pk, rattache_le=now()
        )
    load(other, dossier(tmp_path / "y.zip", 1, agence="autre"))
    elapse(other)
    open_actor(actor)
    load(actor, dossier(tmp_path / "b.zip", 2, 3))
    elapse(actor)
    messages = sorted(sent(), key=lambda m: str(m.subject))
    assert [str(m.subject) for m in messages] == [
        "1 nouveau document dans votre espace Agence voisine",
        "2 nouveaux documents dans votre espace Agence d’essai",
    ]
    assert "Relevé n° 2" not in messages[0].body
