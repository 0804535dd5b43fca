"""Leaving: asked, undone, done; nothing of the account remains, nothing of the agence goes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.agences.models import Habilitation
from palier.core.action import writing
from palier.core.dates import now
from palier.core.errors import BusinessError
from palier.courrier.models import Envoi
from palier.vie_privee.comptes.demande import erase_due, undo_token
from palier.vie_privee.comptes.effacement import erase_account, portal_actor, replay
from palier.vie_privee.models import CompteEfface, SuppressionDemandee
from tests.cast import Cast
from tests.factories import PASSWORD, make_account

PAGE = "/mon-compte/supprimer"


def _confirm(client: Any, answer: Any) -> Any:
    """Give the password when the page asks for it; the request goes on by itself. Just given, it is not asked again."""
    if not answer["Location"].startswith(reverse("account_reauthenticate")):
        return answer
    return client.post(answer["Location"], {"password": PASSWORD})


def _ask(cast: Cast, name: str = "claire") -> Any:
    client = cast.client(name)
    assert _confirm(client, client.post(PAGE, {"confirme": "on"}))["Location"] == PAGE
    return client


def test_leaving_asks_the_password_again(cast: Cast) -> None:
    response = cast.client("claire").post(PAGE, {"confirme": "on"})
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not SuppressionDemandee.objects.exists()


def test_the_page_says_what_stays_and_by_which_article(cast: Cast) -> None:
    page = cast.client("claire").get(PAGE).content.decode()
    assert "décret 2005-240" in page
    assert "89-462" in page


def test_asked_then_undone_from_the_account(cast: Cast) -> None:
    client = _ask(cast)
    assert "Garder mon compte" in client.get(PAGE).content.decode()
    _confirm(client, client.post(PAGE, {"garder": "1"}))
    assert not SuppressionDemandee.objects.exists()


def test_asked_then_undone_by_the_mails_link_once(cast: Cast) -> None:
    _ask(cast)
    row = SuppressionDemandee.objects.get()
    link = reverse("suppression_annuler", args=[undo_token(row.account_id, row.demandee_le.isoformat())])
    client = cast.client("anonyme")
    assert client.get(link).status_code == 200
    assert SuppressionDemandee.objects.exists()
    assert client.post(link).status_code == 302
    assert not SuppressionDemandee.objects.exists()
    assert client.post(link).status_code == 404
    assert client.get(link[:-2] + "xx").status_code == 404


def test_the_old_link_undoes_no_new_request(cast: Cast) -> None:
    client = _ask(cast)
    row = SuppressionDemandee.objects.get()
    old = reverse("suppression_annuler", args=[undo_token(row.account_id, row.demandee_le.isoformat())])
    _confirm(client, client.post(PAGE, {"garder": "1"}))
    _ask(cast)
    assert cast.client("anonyme").post(old).status_code == 404


def test_after_the_grace_delay_the_account_is_gone_and_the_agence_keeps_its_data(cast: Cast) -> None:
    _ask(cast)
    account = cast.accounts["claire"]
    assert erase_due() == 0
    with writing("fixtures"):
        SuppressionDemandee.objects.update(prevue_le=now() - timedelta(seconds=1))
    assert erase_due() == 1
    assert not Account.objects.filter(pk=account.pk).exists()
    system = cast.system()
    acces = Acces.objects.visible_to(system).get(id=cast.acces["claire"].id)
    assert acces.account_id is None
    assert acces.detache_le is not None
    assert CompteEfface.objects.get().raison == "demande"
    assert Envoi.objects.filter(modele="compte_supprime").count() == 1
    assert erase_due() == 0


@pytest.mark.parametrize("name", ["claire", "leo"])
def test_no_table_names_the_account_or_its_address_afterwards(cast: Cast, name: str) -> None:
    account = cast.accounts[name]
    cast.client(name).get("/accueil")
    erase_account(portal_actor("test"), account.pk, "demande")
    kept = {"core_journal", "vie_privee_acceptation"}  # twelve months; the proof of the contract (five years)
    found = []
    for agence in (cast.a, cast.b):
        cast.system(agence)
        with connection.cursor() as cursor:
            cursor.execute(
                "select table_name, column_name from information_schema.columns where table_schema = 'public' "
                "and data_type in ('uuid', 'text', 'character varying') and table_name not like 'core_journal%%' "
                "order by table_name, column_name"
            )
            for table, column in cursor.fetchall():
                cursor.execute(
                    f'select count(*) from "{table}" where "{column}"::text in (%s, %s)',
                    [str(account.pk), account.email],
                )
                if cursor.fetchone()[0] and table not in kept:
                    found.append(f"{table}.{column}")
    assert [f for f in found if not re.match(r"patrimoine_tiers\.email", f)] == []


def test_the_only_administrator_stays_until_another_is_named(cast: Cast) -> None:
    with pytest.raises(BusinessError, match="seul administrateur"):
        erase_account(portal_actor("test"), cast.accounts["adele"].pk, "demande")
    client = cast.client("adele")
    assert "seul administrateur" in _confirm(client, client.post(PAGE, {"confirme": "on"})).content.decode()
    staff = cast.staff("adele")
    with writing("fixtures"):
        Habilitation.objects.create(
            agence_id=staff.agence_id,
            account_id=make_account("seconde@a.example").pk,
            nom="Z",
            role="administrateur",
        )
    erase_account(portal_actor("test"), cast.accounts["adele"].pk, "demande")
    assert not Account.objects.filter(pk=cast.accounts["adele"].pk).exists()


def test_the_last_exploitant_stays(cast: Cast) -> None:
    with pytest.raises(BusinessError, match="dernier compte"):
        erase_account(portal_actor("test"), cast.accounts["edgar"].pk, "demande")


def test_a_restored_backup_does_not_bring_an_erased_account_back(cast: Cast) -> None:
    account = cast.accounts["sans"]
    erase_account(portal_actor("test"), account.pk, "demande")
    with writing("fixtures"):
        Account(id=account.pk, email=account.email, password="x").save(force_insert=True)
    assert replay(portal_actor("restauration")) == 1
    assert not Account.objects.filter(pk=account.pk).exists()
    assert replay(portal_actor("restauration")) == 0
