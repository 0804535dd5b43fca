"""Two people, one code, the same instant: exactly one wins (security.md K8, R1). Real connections, real commits."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from palier.acces.models import Acces
from palier.accounts.models import Account
from tests.acces.codes_jeu import Parcours, issue
from tests.cast import build_cast
from tests.courrier.boite import deliver, link

SIMULTANES = 6


def _together(functions: list[Any]) -> list[Any]:
    """Call every function at once, each in its thread with its own connection."""

    def run(function: Any) -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


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
    statuts = _together(
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
    statuts = _together(
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
    statuts = _together([lambda c=c: c.post(chemin).status_code for c in clients])
    assert statuts.count(302) == 1, statuts
    assert set(statuts) <= {302, 409, 410, 422}
