"""A lease tells today's rent: who left it before reads the papers of his time, never what it has become."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from palier.acces.droits import recompute
from palier.acces.models import Espace
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import today
from palier.patrimoine.models import Bail, BailLot, CompteTiers, MandatGerance
from tests.cast import Cast
from tests.patrimoine.test_anciens_titulaires import raw

LOYER = Decimal("913.37")


@pytest.fixture
def bail(cast: Cast) -> Bail:
    """Léo's lease since 2025, at a rent that could leak."""
    cast.system()
    compte = cast.rows["comptes"]["leo"]
    found: Bail = Bail.objects.visible_to(cast.system()).get(compte_client_id=compte.id)
    with writing("fixtures"):
        Bail.objects.visible_to(cast.system()).filter(id=found.id).update(loyer=LOYER)
    return found


def seen(cast: Cast, name: str, bail: Bail) -> tuple[int, int, int]:
    """How many of this lease a person reads: by raw SQL, by the key, and its lots."""
    actor = cast.actor(name)
    by_sql = raw("select loyer from patrimoine_bail where id = %s", bail.id)
    by_key = Bail.objects.visible_to(actor).filter(id=bail.id)
    lots = BailLot.objects.visible_to(actor).filter(bail_id=bail.id)
    return len(by_sql), by_key.count(), lots.count()


def joined(cast: Cast, bail: Bail, name: str, until: date | None) -> None:
    """``name`` holds the lease's compte with Léo, until that day."""
    system = cast.system()
    compte = cast.rows["comptes"]["leo"]
    with writing("fixtures"):
        cast.a.titre(compte, cast.acces[name].tiers, "cotitulaire", date(2025, 9, 1), until)
        cast.a.mouvement(compte, "CANARI de son temps", date(2025, 10, 1), debit="10.00")
        cast.a.mouvement(compte, "CANARI d’après", today(), debit="20.00")
        recompute(system.agence_id)


def test_former_cotenant_reads_no_rent_of_today_and_keeps_his_papers(cast: Cast, bail: Bail) -> None:
    joined(cast, bail, "fabien", date(2025, 12, 31))
    assert seen(cast, "fabien", bail) == (0, 0, 1)
    actor = cast.actor("fabien")
    assert raw("select count(*) from patrimoine_bail where loyer is not null") == [(0,)]
    lines = (
        "select libelle from comptabilite_mouvement where compte_client_id = %s and libelle like 'CANARI%%'"
    )
    assert raw(lines, bail.compte_client_id) == [("CANARI de son temps",)]
    espace = Espace.objects.visible_to(actor).get(compte_client_id=bail.compte_client_id)
    browser = cast.client("fabien")
    for page in ("/", "/compte", "/bien", "/documents"):
        answer = browser.get(f"/e/{espace.id}{page}")
        assert (page, answer.status_code) == (page, 200)
        assert "913,37" not in answer.content.decode(), page
    assert seen(cast, "leo", bail) == (1, 1, 1)  # the rent is there to be leaked
    assert "913,37" in cast.client("leo").get(f"/e/{cast.espace_id('leo')}/bien").content.decode()


def test_cotenant_who_leaves_next_month_still_reads_his_lease(cast: Cast, bail: Bail) -> None:
    joined(cast, bail, "fabien", today() + timedelta(days=30))
    with writing("fixtures"):
        Bail.objects.visible_to(cast.system()).filter(id=bail.id).update(
            sortie_le=today() + timedelta(days=90)
        )
        recompute(cast.a.agence.id)
    assert seen(cast, "fabien", bail) == (1, 1, 1)
    assert seen(cast, "leo", bail) == (1, 1, 1)


def test_tenant_who_left_last_keeps_the_facts_of_his_lease(cast: Cast) -> None:
    """Anna was alone, and her lease ended with her: its row is what she signed and paid until she left."""
    bail = Bail.objects.visible_to(cast.system()).get(sortie_le__isnull=False)
    assert seen(cast, "anna", bail) == (1, 1, 1)
    espace = cast.espace_id("anna")
    assert cast.client("anna").get(f"/e/{espace}/bien").status_code == 200


def test_landlord_reads_it_while_he_is_one_and_as_it_was_at_the_end_of_his_mandate(
    cast: Cast, bail: Bail
) -> None:
    assert seen(cast, "beatrice", bail) == (1, 1, 1)
    with writing("fixtures"):
        MandatGerance.objects.visible_to(cast.system()).filter(id=bail.mandat_gerance_id).update(
            fin=date(2026, 1, 31)
        )
        recompute(cast.a.agence.id)
    assert seen(cast, "beatrice", bail) == (1, 1, 1)


def test_landlord_who_left_the_indivision_reads_no_rent_of_today(cast: Cast, bail: Bail) -> None:
    with writing("fixtures"):
        CompteTiers.objects.visible_to(cast.system()).filter(
            compte_client_id=cast.rows["comptes"]["beatrice"].id
        ).update(fin=date(2025, 12, 31))
        recompute(cast.a.agence.id)
    assert seen(cast, "beatrice", bail) == (0, 0, 1)


def test_charlie_reads_nothing_of_it(cast: Cast, bail: Bail) -> None:
    assert seen(cast, "charlie", bail) == (0, 0, 0)


def test_python_and_the_floor_say_the_same_for_everybody(cast: Cast, bail: Bail) -> None:
    joined(cast, bail, "fabien", date(2025, 12, 31))
    for name in ("claire", "conrad", "fabien", "beatrice", "leo", "anna", "charlie", "sans"):
        actor: Actor = cast.actor(name)
        by_sql: set[Any] = {row[0] for row in raw("select id from patrimoine_bail")}
        assert by_sql == set(Bail.objects.visible_to(actor).values_list("id", flat=True)), name
