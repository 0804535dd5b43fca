"""The clock of a request, counted as règlement 1182/71 counts months."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palier.vie_privee.rules.droits import add_months, echeance, next_working_day, peut_prolonger


@pytest.mark.parametrize(
    ("recue", "limite"),
    [
        (date(2026, 3, 5), date(2026, 4, 7)),  # 5 April is Easter Sunday, 6 April Easter Monday
        (date(2026, 8, 31), date(2026, 9, 30)),  # no 31 September
        (date(2027, 1, 30), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2028, 1, 30), date(2028, 2, 29)),  # a leap year
        (date(2026, 11, 23), date(2026, 12, 23)),
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, then a week-end
    ],
)
def test_one_month(recue: date, limite: date) -> None:
    assert echeance(recue) == limite


def test_two_months_more_and_the_wait_for_an_identity() -> None:
    assert echeance(date(2026, 11, 23), prolongee=True) == date(2027, 2, 23)
    assert echeance(date(2026, 11, 23), suspension=timedelta(days=5)) == date(2026, 12, 28)


def test_the_extension_is_announced_within_the_first_month() -> None:
    limite = echeance(date(2026, 11, 23))
    assert peut_prolonger(limite, limite)
    assert not peut_prolonger(limite + timedelta(days=1), limite)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(0, 36))
def test_months_never_jump_over_one(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_the_last_day_is_worked(day: date) -> None:
    found = next_working_day(day)
    assert found.isoweekday() < 6
    assert timedelta() <= found - day <= timedelta(days=5)
