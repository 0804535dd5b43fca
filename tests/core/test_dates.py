"""Dates as readers see them."""

from datetime import UTC, date, datetime

from palier.core.dates import date_courte, date_longue, date_simple, heure


def test_date_longue_writes_the_first_of_a_month_as_french_does() -> None:
    assert date_longue(date(2027, 1, 1)) == "vendredi 1er janvier 2027"
    assert date_longue(date(2026, 11, 23)) == "lundi 23 novembre 2026"


def test_date_simple_and_courte() -> None:
    assert date_simple(date(2027, 1, 1)) == "1er janvier 2027"
    assert date_courte(date(2027, 1, 2)) == "02/01/2027"


def test_instants_are_read_in_paris() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert date_courte(late) == "01/01/2027"
    assert heure(late) == "0 h 30"
