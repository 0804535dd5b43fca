"""Who held a compte once: the rows of that time and its number, never what the compte says today."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from palier.acces.droits import recompute
from palier.acces.models import Espace
from palier.core.action import writing
from palier.core.actor import Actor
from palier.ged.models import Document
from palier.patrimoine.models import Bail, CompteClient, CompteTiers
from tests.cast import Cast


def raw(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """Read as somebody who reached the application's own connection would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


@pytest.fixture
def former(cast: Cast) -> Actor:
    """Fabien held Claire's compte with her until 2023: due items and ledger lines of then and of now stand in it."""
    cast.system()
    compte = cast.rows["comptes"]["claire"]
    fabien = cast.acces["fabien"].tiers
    with writing("fixtures"):
        cast.a.titre(compte, fabien, "indivisaire", date(2019, 1, 1), date(2023, 12, 31))
        cast.a.mouvement(compte, "CANARI de son temps", date(2022, 5, 1), debit="10.00")
        cast.a.mouvement(compte, "CANARI d’après", date(2025, 5, 1), debit="20.00")
        recompute(cast.a.agence.id)
    return cast.actor("fabien")


def test_former_holder_reads_no_balance_of_today_by_raw_sql(cast: Cast, former: Actor) -> None:
    compte = cast.rows["comptes"]["claire"]
    assert (
        raw("select solde, solde_le, iban_masque from patrimoine_compteclient where id = %s", compte.id) == []
    )
    assert raw("select count(*) from patrimoine_compteclient where solde is not null") == [(0,)]
    assert raw("select libelle from comptabilite_mouvement where compte_client_id = %s", compte.id) == [
        ("CANARI de son temps",)
    ]
    assert not CompteClient.objects.visible_to(former).exists()
    cast.actor("claire")  # the balance is there to be leaked
    assert len(raw("select solde from patrimoine_compteclient where id = %s", compte.id)) == 1


def test_former_holder_reads_his_own_title_and_not_those_that_came_after(cast: Cast, former: Actor) -> None:
    compte, own = cast.rows["comptes"]["claire"], cast.acces["fabien"].tiers_id
    seen = raw("select tiers_id from patrimoine_comptetiers where compte_client_id = %s", compte.id)
    assert seen == [(own,)]
    rows = CompteTiers.objects.visible_to(former).filter(compte_client_id=compte.id)
    assert [row.tiers_id for row in rows] == [own]


def test_former_holder_keeps_number_and_name_in_the_space(cast: Cast, former: Actor, client: Any) -> None:
    compte = cast.rows["comptes"]["claire"]
    espace = Espace.objects.visible_to(former).get(compte_client_id=compte.id)
    assert (espace.compte_numero, espace.compte_intitule) == (compte.numero, compte.intitule)
    page = cast.client("fabien").get(f"/e/{espace.id}/compte").content.decode()
    assert compte.numero in page
    assert "CANARI de son temps" in page or "2022" in page
    assert "482,17" not in page and "CANARI d’après" not in page


def test_a_former_holder_who_holds_another_compte_reads_no_more_of_the_first(
    cast: Cast, former: Actor
) -> None:
    """The dates of one droit open nothing of another's cercle."""
    cast.system()
    compte = cast.rows["comptes"]["claire"]
    with writing("fixtures"):
        other = cast.a.compte("coproprietaire", "DURAND Fabien, un autre lot", cast.rows["copropriete"])
        cast.a.titre(other, cast.acces["fabien"].tiers, debut=date(2024, 7, 1))
        cast.a.mouvement(other, "CANARI du second", date(2025, 6, 1), debit="5.00")
        cast.a.document(
            "CANARI d’après", compte.cercle_id, date(2025, 5, 1), portee="compte", audience="compte"
        )
        recompute(cast.a.agence.id)
    actor = cast.actor("fabien")
    assert raw("select libelle from comptabilite_mouvement where libelle like 'CANARI%%' order by 1") == [
        ("CANARI de son temps",),
        ("CANARI du second",),
    ]
    assert raw("select count(*) from ged_document where titre = 'CANARI d’après'") == [(0,)]
    assert not Document.objects.visible_to(actor).filter(titre="CANARI d’après").exists()
    cast.actor("claire")
    assert raw("select count(*) from ged_document where titre = 'CANARI d’après'") == [(1,)]


def test_a_former_tenant_keeps_the_lease_of_his_time_and_not_todays_rent(cast: Cast) -> None:
    cast.system()
    comptes, fabien = cast.rows["comptes"], cast.acces["fabien"].tiers
    with writing("fixtures"):
        cast.a.titre(comptes["leo"], fabien, "colocataire", date(2025, 9, 1), date(2026, 1, 31))
        cast.a.titre(comptes["anna"], fabien, "colocataire", date(2022, 9, 1), date(2025, 8, 31))
        recompute(cast.a.agence.id)
    actor = cast.actor("fabien")
    rent = "select compte_client_id from patrimoine_bail where loyer is not null"
    assert raw(rent) == [(comptes["anna"].id,)]
    assert [row.compte_client_id for row in Bail.objects.visible_to(actor)] == [comptes["anna"].id]
    for name in ("leo", "beatrice"):
        cast.actor(name)
        assert (comptes["leo"].id,) in raw(rent)
