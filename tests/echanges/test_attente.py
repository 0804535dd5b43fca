"""When a feed is late: tolerance, first time, holidays, both changes of hour."""

import datetime as dt

import pytest

from palier.core.feries import easter, holidays
from palier.echanges.rules.attente import PARIS, Horaire, missed, next_expected

TOUS = frozenset(range(1, 8))
OUVRES = frozenset(range(1, 6))
LOIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def paris(text: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def daily(
    hour: str = "06:00", tolerance: int = 120, days: frozenset[int] = TOUS, *, feries: bool = True
) -> Horaire:
    return Horaire(days, dt.time.fromisoformat(hour), dt.timedelta(minutes=tolerance), feries)


@pytest.mark.parametrize(
    ("maintenant", "recu", "manque"),
    [
        ("2026-11-24T07:59", "2026-11-23T06:10", None),  # within the tolerance: yesterday's counts
        ("2026-11-24T08:00", "2026-11-23T06:10", "2026-11-24T06:00"),
        ("2026-11-24T08:00", "2026-11-23T22:00", None),  # early: sent in the evening for the next morning
        ("2026-11-24T08:00", "2026-11-23T10:00", "2026-11-24T06:00"),  # yesterday's, late, is not today's
        ("2026-11-24T09:00", "2026-11-24T08:30", None),  # it is back
        ("2026-11-27T09:00", "2026-11-23T06:10", "2026-11-27T06:00"),
    ],
)
def test_late_from_the_end_of_the_tolerance(maintenant: str, recu: str, manque: str | None) -> None:
    found = missed(daily(), depuis=LOIN, recu=paris(recu), maintenant=paris(maintenant))
    assert found == (paris(manque) if manque else None)


def test_never_received_is_late_once_expected() -> None:
    declared = paris("2026-11-23T07:00")  # after today's hour: today is not asked for
    for moment, late in (
        ("2026-11-23T12:00", False),
        ("2026-11-24T07:59", False),
        ("2026-11-24T08:00", True),
    ):
        assert bool(missed(daily(), depuis=declared, recu=None, maintenant=paris(moment))) is late


def test_days_that_are_not_asked_for() -> None:
    week = daily(days=OUVRES)
    friday = paris("2026-11-20T06:05")
    assert missed(week, depuis=LOIN, recu=friday, maintenant=paris("2026-11-22T23:00")) is None
    assert missed(week, depuis=LOIN, recu=friday, maintenant=paris("2026-11-23T08:00")) == paris(
        "2026-11-23T06:00"
    )


def test_holidays_expect_nothing_unless_said() -> None:
    before = paris("2026-12-24T06:05")
    christmas = paris("2026-12-25T20:00")
    assert missed(daily(feries=False), depuis=LOIN, recu=before, maintenant=christmas) is None
    assert missed(daily(), depuis=LOIN, recu=before, maintenant=christmas) == paris("2026-12-25T06:00")


def test_a_weekly_feed_whose_days_are_holidays_is_found_further_back() -> None:
    friday = daily(days=frozenset({5}), feries=False)  # 25 December and 1 January are Fridays
    due = paris("2026-12-18T06:00")
    assert missed(friday, depuis=LOIN, recu=None, maintenant=paris("2027-01-03T12:00")) == due
    assert next_expected(friday, paris("2026-12-20T12:00")) == paris("2027-01-08T06:00")


def test_spring_and_autumn_keep_the_hour_and_the_tolerance() -> None:
    # 28 March 2027: 02:30 does not exist, it is 03:30 summer time; 31 October 2027: 02:30 comes twice.
    night = daily("02:30", 60)
    assert night.moment(dt.date(2027, 3, 28)) == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)
    assert night.moment(dt.date(2027, 10, 31)) == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    first, second = paris("2027-10-31T02:45"), paris("2027-10-31T02:45", fold=1)
    received = paris("2027-10-30T02:31")
    assert missed(night, depuis=LOIN, recu=received, maintenant=first) is None
    assert missed(night, depuis=LOIN, recu=received, maintenant=second) is not None
    for day in (dt.date(2027, 3, 28), dt.date(2027, 10, 31)):
        assert daily().moment(day).astimezone(PARIS).hour == 6


def test_next_is_after_now_and_none_without_days() -> None:
    assert next_expected(daily(), paris("2026-11-23T06:00")) == paris("2026-11-24T06:00")
    assert next_expected(daily(), paris("2026-11-23T05:59")) == paris("2026-11-23T06:00")
    assert next_expected(daily(days=frozenset()), paris("2026-11-23T06:00")) is None
    assert (
        missed(daily(days=frozenset()), depuis=LOIN, recu=None, maintenant=paris("2026-11-23T06:00")) is None
    )


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"),
                      (2038, "2038-04-25")],
)  # fmt: skip
def test_easter_of_known_years(year: int, day: str) -> None:
    assert easter(year) == dt.date.fromisoformat(day)


def test_eleven_holidays_a_year() -> None:
    found = holidays(2026)
    assert len(found) == 11
    assert {dt.date(2026, 4, 6), dt.date(2026, 5, 14), dt.date(2026, 5, 25), dt.date(2026, 11, 11)} <= found
