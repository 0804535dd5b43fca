"""The counters of attempts: narrow limits before wide ones, in one statement; nothing slips by, nothing deadlocks."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from palier.core import throttle
from palier.core.errors import TooManyAttempts
from palier.core.throttle import Stages, credit_all, limit_all
from tests.cast import Cast
from tests.ensemble import together


def stages(etroit: str, moyen: str = "m", maximum: int = 3) -> Stages:
    return [
        [("etroit", etroit, maximum, 60), ("bord", etroit, 100, 60)],
        [("moyen", moyen, 5, 120)],
        [("large", "", 8, 240)],
    ]


def refused(limits: Stages) -> int:
    """Try once; return how long to wait, 0 when it passes."""
    try:
        limit_all(limits, "Trop.")
    except TooManyAttempts as error:
        return error.retry_after
    return 0


def counted(name: str, subject: str) -> int:
    with connections["compteur"].cursor() as cursor:
        cursor.execute("select nombre from core_compteur where cle = %s", [throttle._key(name, subject)])
        row = cursor.fetchone()
    return row[0] if row else 0


def test_what_a_stage_refuses_weighs_on_no_wider_one(cast: Cast) -> None:
    waits = [refused(stages("a")) for _ in range(20)]
    assert waits[:3] == [0, 0, 0] and all(0 < wait <= 60 for wait in waits[3:])
    assert (counted("etroit", "a"), counted("bord", "a")) == (20, 20)
    assert (counted("moyen", "m"), counted("large", "")) == (3, 3)
    waits = [refused(stages(f"b{rang}")) for rang in range(6)]
    assert waits[:2] == [0, 0] and all(60 < wait <= 120 for wait in waits[2:])
    assert (counted("moyen", "m"), counted("large", "")) == (9, 5)
    waits = [refused(stages(f"c{rang}", f"n{rang}")) for rang in range(5)]
    assert waits[:3] == [0, 0, 0] and all(120 < wait <= 240 for wait in waits[3:])


def test_credit_gives_back_what_was_counted(cast: Cast) -> None:
    for _ in range(12):
        assert refused(stages("a")) == 0
        credit_all(stages("a"))
    assert [counted(name, of) for name, of in (("etroit", "a"), ("moyen", "m"), ("large", ""))] == [0, 0, 0]


def test_counting_and_giving_back_are_one_statement_each(cast: Cast) -> None:
    with CaptureQueriesContext(connections["compteur"]) as captured:
        limit_all(stages("a"), "Trop.")
        credit_all(stages("a"))
    assert len(captured) == 2


def test_a_window_that_ended_begins_again(cast: Cast) -> None:
    assert [refused(stages("a")) > 0 for _ in range(4)] == [False, False, False, True]
    with connections["compteur"].cursor() as cursor:
        cursor.execute("update core_compteur set fin = now() - interval '1 second'")
    assert refused(stages("a")) == 0 and counted("etroit", "a") == 1


def test_more_stages_than_the_statement_has_are_refused() -> None:
    with pytest.raises(ValueError):
        limit_all([[("a", "", 1, 60)]] * 4, "Trop.")


def test_parallel_attempts_all_count(real_base: None) -> None:
    waits = together([lambda: refused(stages("a")) for _ in range(12)])
    assert waits.count(0) == 3
    assert (counted("etroit", "a"), counted("moyen", "m"), counted("large", "")) == (12, 3, 3)


def test_parallel_attempts_of_crossed_subjects_never_deadlock(real_base: None) -> None:
    """Two e-mails from two addresses, counted and given back at once: one order of locks for all."""

    def limits(email: str, ip: str) -> Stages:
        return [
            [("couple", f"{email}|{ip}", 9999, 60), ("adresse", ip, 9999, 60)],
            [("compte", email, 9999, 60)],
            [("tout", "", 9999, 60)],
        ]

    def many(email: str, ip: str) -> None:
        for _ in range(60):
            limit_all(limits(email, ip), "Trop.")
            credit_all(limits(email, ip))

    together([lambda e=e, i=i: many(e, i) for e in "ab" for i in "xy"] * 2)
    assert counted("tout", "") == 0
