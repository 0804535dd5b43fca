"""Two people, one code, the same instant: exactly one wins (security.md K8, R1). Real connections, real commits."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from palier.acces.activation import confirm_activation
from palier.acces.codes import issue_codes, revoke_codes
from palier.acces.models import Acces, CodeAcces
from palier.acces.rattachement import attach, dissociate, lock_code
from palier.accounts.models import Account
from palier.core.actor import Actor
from palier.core.errors import BusinessError
from palier.core.tenancy import acting_as, open_actor
from tests.acces.codes_jeu import Parcours, acces_libre, holder, issue
from tests.cast import build_cast
from tests.courrier.boite import deliver, link
from tests.ensemble import alone, together

SIMULTANES = 6


def _meanwhile(
    superuser: psycopg.Connection[Any],
    first: Callable[[], Any],
    other: Callable[[], Any],
    then: Callable[[], Any],
) -> Any:
    """In one transaction: ``first``, then ``other`` elsewhere until it waits for a row, then ``then``, and commit.

    Returns what ``other`` answered. When it never waits, it answered before ``then``.
    """

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            answer = pool.submit(alone, other)
            for _ in range(400):
                if answer.done() or superuser.execute(_WAITING).fetchone() != (0,):
                    break
                time.sleep(0.02)
            then()
        return answer.result(timeout=60)


_WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


def _refusal(function: Callable[[], Any]) -> str:
    """Return the code of the refusal, empty when it passes."""
    try:
        function()
    except BusinessError as error:
        return error.code
    return ""


def _nothing() -> None:
    pass


@pytest.fixture
def people(real_base: None) -> Any:
    connection.ensure_connection()
    with transaction.atomic():
        return build_cast()


def test_simultaneous_confirmations_open_one_account(people: Any) -> None:
    with transaction.atomic():
        code = issue(people)
    visiteurs = []
    for rang in range(SIMULTANES):
        visiteur = Parcours(Client())
        assert visiteur.saisir(code) == 302
        assert visiteur.choisir(f"candidat{rang}@courriel.example") == 302
        visiteurs.append(visiteur)
    chemins = {message.to[0]: link(message) for message in deliver()}
    adresses = [f"candidat{rang}@courriel.example" for rang in range(SIMULTANES)]
    statuts = together(
        [
            lambda v=v, a=a: v.client.post(chemins[a]).status_code
            for v, a in zip(visiteurs, adresses, strict=True)
        ]
    )
    assert sorted(statuts)[0] == 302 and statuts.count(302) == 1, statuts
    assert set(statuts) <= {302, 410, 422}
    assert Account.objects.filter(email__startswith="candidat").count() == 1


def test_simultaneous_attachments_serve_one_account(people: Any) -> None:
    with transaction.atomic():
        code = issue(people)
    visiteurs = [Parcours(people.client(name)) for name in ("sans", "charlie", "conrad", "leo")]
    for visiteur in visiteurs:
        assert visiteur.saisir(code) == 302
    statuts = together(
        [lambda v=v: v.client.post("/activer/rattacher", {"confirme": "on"}).status_code for v in visiteurs]
    )
    assert statuts.count(302) == 1, statuts
    assert set(statuts) <= {302, 422}
    with transaction.atomic():
        row = Acces.objects.visible_to(people.system()).get(id=code.acces_id)
    assert row.account_id is not None


def test_same_link_twice_at_once(people: Any) -> None:
    with transaction.atomic():
        code = issue(people)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir("denis.sanscode@courriel.example")
    chemin = link(deliver()[0])
    clients = []
    for _ in range(4):
        client = Client()
        client.cookies = visiteur.client.cookies
        clients.append(client)
    statuts = together([lambda c=c: c.post(chemin).status_code for c in clients])
    assert statuts.count(302) == 1, statuts
    assert set(statuts) <= {302, 409, 410, 422}


LOT = "/g/cabinet-a/codes"


@pytest.mark.parametrize("etat", ["non_emis", "tous"])
def test_the_same_batch_issued_at_once_gives_one_set_of_letters(
    people: Any, superuser: psycopg.Connection[Any], etat: str
) -> None:
    with transaction.atomic():
        if etat == "tous":
            issue(people)
        acces = acces_libre(people).id
        gaston = people.staff("gaston")
    bureau = people.client("gaston")
    page = bureau.get(f"{LOT}?etat={etat}").content.decode()
    order = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    def issue_first() -> None:
        open_actor(gaston)
        issue_codes(gaston, [acces], "liste")

    reponse = _meanwhile(
        superuser, issue_first, lambda: bureau.post(LOT, {**order, "envoi": "liste"}), _nothing
    )
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "a changé depuis l’aperçu" in page
    assert ("Denis Sanscode" in page) is (etat == "tous")  # the batch as it is now
    with transaction.atomic():
        system = people.system()
        codes = CodeAcces.objects.visible_to(system).filter(acces_id=acces)
        assert codes.filter(revoque_le__isnull=True).get().canal == "liste"
        assert codes.count() == (2 if etat == "tous" else 1)


@pytest.mark.parametrize("etape", [issue_codes, revoke_codes])
def test_a_reissue_during_an_attachment_waits_for_it(
    people: Any, superuser: psycopg.Connection[Any], etape: Callable[..., Any]
) -> None:
    """Both take the accès, then its code: neither ends in a deadlock."""
    with transaction.atomic():
        code = issue(people)
        system, gaston, sans = people.system(), people.staff("gaston"), people.actor("sans")
        open_actor(system)
        kept = CodeAcces.objects.visible_to(system).get(identifiant=code.identifiant)

    def hold() -> None:
        open_actor(system)
        lock_code(system, kept.agence_id, kept.id)
        open_actor(sans)

    def reissue() -> str:
        with acting_as(gaston):
            return _refusal(lambda: etape(gaston, [code.acces_id]))

    answer = _meanwhile(superuser, hold, reissue, lambda: attach(sans, kept.agence_id, kept.id))
    assert answer == ("deja_rattache" if etape is issue_codes else "")
    with transaction.atomic():
        assert holder(people, code.acces_id) == people.accounts["sans"].pk


def test_dissociated_twice_at_once_is_told_and_journalled_once(
    people: Any, superuser: psycopg.Connection[Any]
) -> None:
    acces_id = people.acces["claire"].id
    with transaction.atomic():
        gaston = people.staff("gaston")

    def take_off() -> None:
        open_actor(gaston)
        dissociate(gaston, acces_id)

    def again() -> str:
        with acting_as(gaston):
            return _refusal(lambda: dissociate(gaston, acces_id))

    assert _meanwhile(superuser, take_off, again, _nothing) == "non_rattache"
    assert [m.to for m in deliver()] == [["claire@courriel.example"]]
    lines = superuser.execute(
        "select count(*) from core_journal where gesture = 'acces:dissociate'"
    ).fetchone()
    assert lines == (1,)


def test_the_slower_of_two_people_is_told_that_the_code_has_served(
    people: Any, superuser: psycopg.Connection[Any]
) -> None:
    with transaction.atomic():
        code = issue(people)
    visiteurs = [Parcours(Client()) for _ in range(2)]
    for rang, visiteur in enumerate(visiteurs):
        assert visiteur.saisir(code) == 302
        assert visiteur.choisir(f"candidat{rang}@courriel.example") == 302
    chemins = {message.to[0]: link(message) for message in deliver()}
    premier, second = (chemins[f"candidat{rang}@courriel.example"] for rang in range(2))
    with transaction.atomic():
        system = people.system()
        kept = CodeAcces.objects.visible_to(system).get(identifiant=code.identifiant)

    def hold() -> None:
        open_actor(system)
        lock_code(system, kept.agence_id, kept.id)
        open_actor(Actor.anonymous())

    def win() -> None:
        confirm_activation(Actor.anonymous(), premier.rstrip("/").rsplit("/", 1)[1], same_browser=True)

    reponse = _meanwhile(superuser, hold, lambda: visiteurs[1].client.post(second), win)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Ce code a déjà servi" in page and "prévenez l’agence" in page and "Cabinet A" in page
    assert not Account.objects.filter(email="candidat1@courriel.example").exists()
