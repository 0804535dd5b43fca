"""The agence's figures: who has opened his account, what is unread, how old the data are; never who objected."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from palier.core.action import writing
from palier.core.dates import now
from palier.screens.gestion.queries.statistiques import figures
from palier.screens.gestion.statistiques import Statistiques, statistics_of
from palier.vie_privee.droits_personnes.limitation import set_restriction
from palier.vie_privee.enums import GenreLimitation, MotifLimitation
from tests.acces.test_portefeuille import keep
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/g/cabinet-a/statistiques"


def of(cast: Cast, who: str = "adele") -> Statistiques:
    staff = cast.staff(who)
    return statistics_of(figures(staff), staff.today)


def test_persons_are_counted_once_and_by_building_and_capacity(cast: Cast) -> None:
    s = of(cast)
    # Seven persons; Fabien sold in 2024, Anna left in 2025: their spaces stay open for what is theirs.
    assert s.total.personnes == sum(1 for _ in _persons(cast))
    assert s.total.rattachees == s.total.personnes - 1  # Denis has no code
    assert s.total.invitees == s.total.rattachees
    assert [(x.nom, x.rattachees) for x in s.coproprietes] == [
        ("Résidence Les Tilleuls", 3),  # Claire, Conrad, Fabien
        ("Hors copropriété (gérance locative)", 3),  # Béatrice, Léo, Anna
    ]
    assert {x.nom: x.rattachees for x in s.qualites}["Propriétaire bailleur"] == 1
    assert "CANARI" not in repr(s)


def _persons(cast: Cast) -> Any:
    with connection.cursor() as cursor:
        cast.staff("adele")
        cursor.execute(
            "select distinct acces_id from acces_espace where agence_id = %s and current_date between du and au",
            [cast.a.agence.id],
        )
        yield from cursor.fetchall()


def test_an_unread_document_is_read_once_opened(cast: Cast) -> None:
    before = of(cast).total
    assert before.documents > before.lus == 0
    document = cast.documents["claire"]
    cast.client("claire").get(f"/e/{cast.espaces['claire'].id}/documents/{document.id}")
    after = of(cast).total
    assert (after.documents, after.non_lus) == (before.documents, before.non_lus - 1)


def test_documents_of_more_than_a_season_are_not_asked_about(cast: Cast) -> None:
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        cursor.execute("update ged_document set recu_le = %s", [now() - timedelta(days=91)])
    assert of(cast).total.documents == 0


def test_who_objected_or_restricted_is_in_no_figure(cast: Cast) -> None:
    before = of(cast).total
    set_restriction(
        cast.actor("claire"), cast.acces["claire"].id, GenreLimitation.OPPOSITION, MotifLimitation.SITUATION
    )
    after = of(cast).total
    assert after.personnes == before.personnes - 1
    assert after.rattachees == before.rattachees - 1
    assert after.documents < before.documents


def test_a_member_counts_his_portfolio_only(cast: Cast) -> None:
    whole = of(cast).total
    keep(cast, cast.rows["copropriete"].id)
    mine = of(cast, "gaston")
    assert 0 < mine.total.personnes < whole.personnes
    assert [x.nom for x in mine.coproprietes] == ["Résidence Les Tilleuls"]
    assert {x.nom for x in mine.qualites} == {"Copropriétaire"}
    assert "votre portefeuille" in cast.client("gaston").get(PAGE).content.decode()


def test_the_age_of_the_data_is_said_by_building_and_source(cast: Cast) -> None:
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        cursor.execute(
            "update echanges_source set arrete_au = %s, retard_depuis = now()",
            [date.today() - timedelta(days=12)],
        )
    s = of(cast)
    assert s.coproprietes[0].age == 12
    html = cast.client("adele").get(PAGE).content.decode()
    assert "il y a 12 jours" in html and "En retard" in html


def test_nobody_yet_is_an_empty_state(cast: Cast) -> None:
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        cursor.execute("update acces_espace set au = '2001-01-01', du = '2000-01-01'")
    html = cast.client("adele").get(PAGE).content.decode()
    assert "Personne à compter pour le moment" in html and "Télécharger (CSV)" not in html


def test_csv_says_the_same_and_runs_no_formula(cast: Cast) -> None:
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        cursor.execute("update patrimoine_copropriete set nom = '=HYPERLINK(1)'")
    answer = cast.client("gaston").get(f"{PAGE}.csv")
    text = answer.content.decode("utf-8-sig")
    assert "attachment" in answer["Content-Disposition"]
    total = of(cast).total
    assert f"Agence;Ensemble;{total.personnes};{total.invitees};{total.rattachees};" in text
    assert "'=HYPERLINK(1)" in text and ";=HYPERLINK" not in text


@pytest.mark.parametrize("name", ["claire", "bruno", "charlie", "edgar"])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}.csv"])
def test_nobody_else_sees_them(cast: Cast, name: str, address: str) -> None:
    assert cast.client(name).get(address).status_code == 404
