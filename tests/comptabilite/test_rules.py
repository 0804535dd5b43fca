"""The rules of the accounts: a running balance that adds up, periods without hole, cells that never run."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.comptabilite.rules.csv import cellule
from palier.comptabilite.rules.grand_livre import Periode, choisir, periodes, report
from palier.comptabilite.rules.solde import EcheanceDue, Etat, Situation, etat, reste_du

JOUR = date(2026, 11, 23)
montants = st.decimals(min_value=-99999, max_value=99999, places=2)
jours = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@given(solde=montants, lignes=st.lists(montants, max_size=40))
def test_report_and_lines_add_up_to_the_balance(solde: Decimal, lignes: list[Decimal]) -> None:
    assert report(solde, sum(lignes, Decimal(0))) + sum(lignes, Decimal(0)) == solde


@given(somme=montants)
def test_report_without_a_balance_is_nil(somme: Decimal) -> None:
    assert report(None, somme) == Decimal("0.00")


@given(
    exercices=st.lists(st.tuples(jours, st.integers(0, 900)), max_size=6),
    bornes=st.tuples(jours, jours).map(sorted),
)
def test_periodes_cover_every_line_once(exercices: list[tuple[date, int]], bornes: list[date]) -> None:
    premier, dernier = bornes
    found = periodes([Periode("x", d, d + timedelta(days=n)) for d, n in exercices], premier, dernier)[::-1]
    assert found[0].debut <= premier and found[-1].fin >= dernier
    for before, after in itertools.pairwise(found):
        assert after.debut == before.fin + timedelta(days=1)
    assert all(p.debut <= p.fin for p in found)


def test_periodes_are_the_exercices_then_civil_years() -> None:
    exercice = Periode("Exercice 2025-2026", date(2025, 7, 1), date(2026, 6, 30))
    found = periodes([exercice], date(2024, 3, 2), date(2026, 9, 1))
    assert [(p.libelle, p.debut, p.fin) for p in found] == [
        ("2026", date(2026, 7, 1), date(2026, 9, 1)),
        ("Exercice 2025-2026", date(2025, 7, 1), date(2026, 6, 30)),
        ("2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("2024", date(2024, 3, 2), date(2024, 12, 31)),
    ]
    assert periodes([], None, None) == []


def test_choisir_takes_the_named_the_present_then_the_newest() -> None:
    found = periodes([], date(2024, 1, 1), date(2026, 12, 31))
    chosen = [choisir(found, wanted, JOUR) for wanted in ("2024-01-01", "", "n'importe quoi")]
    assert [p.libelle for p in chosen if p] == ["2024", "2026", "2026"]
    past = choisir(found, "", date(2040, 1, 1))
    assert past is not None and past.libelle == "2026"


@pytest.mark.parametrize(
    ("montant", "regle", "exigible", "reste"),
    [
        ("100", "40", JOUR - timedelta(days=90), "60"),
        ("100", "120", JOUR, "0.00"),
        ("100", None, JOUR, "100"),
        ("100", None, JOUR - timedelta(days=1), "0.00"),
    ],
)
def test_reste_du(montant: str, regle: str | None, exigible: date, reste: str) -> None:
    settled = Decimal(regle) if regle is not None else None
    assert reste_du(Decimal(montant), settled, exigible, JOUR) == Decimal(reste)


def test_etat_says_who_owes() -> None:
    signs = [etat(value) for value in (Decimal("0.01"), Decimal("0.00"), Decimal("-0.01"), None)]
    assert signs == [Etat.DOIT, Etat.A_JOUR, Etat.CREDITEUR, Etat.INCONNU]


def test_situation_tells_late_from_coming() -> None:
    nil = UUID(int=0)
    late, coming = (
        EcheanceDue(nil, "frais", "x", JOUR + timedelta(days=n), Decimal(9), Decimal(9)) for n in (-1, 3)
    )
    situation = Situation(nil, nil, "locataire", "1", "X", Decimal(18), JOUR, None, JOUR, (late, coming))
    assert situation.en_retard(JOUR) == (late,)
    assert situation.avant_le(JOUR) is None
    assert not situation.titre_clos(JOUR)
    assert situation.titre_clos(JOUR + timedelta(days=1))


@pytest.mark.parametrize("texte", ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1"])
def test_cellule_never_begins_like_a_formula(texte: str) -> None:
    assert cellule(texte).startswith("'")


@given(texte=st.text(max_size=30))
def test_cellule_holds_no_control_and_no_formula(texte: str) -> None:
    found = cellule(texte)
    assert found.isprintable()
    assert not found.lstrip().startswith(("=", "+", "-", "@"))


def test_cellule_keeps_amounts_numeric_and_dates_plain() -> None:
    assert [cellule(Decimal("-1234.5")), cellule(date(2026, 1, 5)), cellule(None), cellule("Loyer")] == [
        "-1234,50",
        "05/01/2026",
        "",
        "Loyer",
    ]
