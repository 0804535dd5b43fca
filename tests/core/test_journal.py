"""The journal at the end of a month and on a busy agence: no act is lost, no false alarm, no line dated by hand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from palier.core import journal
from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.ids import new_id
from palier.core.tenancy import open_actor
from tests.cast import Cast

Superuser = psycopg.Connection[Any]


def next_month() -> datetime:
    """Return the first instant of the month that comes."""
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


AVANT, APRES = next_month() - timedelta(microseconds=3), next_month() + timedelta(microseconds=3)


@contextmanager
def clocks(base: Superuser, **faux: datetime) -> Iterator[None]:
    """Give each function of the journal the clock that its name says, until the end of the block: all is undone."""
    with base.transaction(force_rollback=True):
        for name, moment in faux.items():
            row = base.execute("select pg_get_functiondef(oid) from pg_proc where proname = %s", [name])
            for (source,) in row.fetchall():
                base.execute(
                    re.sub(r"(clock|statement)_timestamp\(\)", f"'{moment.isoformat()}'::timestamptz", source)
                )
        yield


def write(base: Superuser, chain: UUID, le: datetime | None = None) -> tuple[int, datetime, str]:
    """Write a line as the application does (or dated ``le``); return its number, its instant and its partition."""
    statement = journal._LIGNE
    if le is not None:
        statement = statement.replace("palier_journal_tenir(%(j_chaine)s::uuid)", "%(le)s")
    facts = {"j_gesture": "gestion", "j_role": "systeme", "j_account": None, "j_acces": None}
    facts |= {"j_objet": "essai:1", "j_detail": "{}", "le": le}  # type: ignore[dict-item]
    base.execute(statement, {"j_chaine": chain, **facts})
    found = base.execute(
        "select sequence, le, tableoid::regclass::text from core_journal where chaine_id = %s"
        " order by sequence desc limit 1",
        [chain],
    ).fetchone()
    assert found is not None
    return found


def partition(moment: datetime) -> str:
    return f"core_journal_{moment:%Y%m}"


def test_an_act_that_began_before_the_month_ended_is_written_in_the_next(
    real_base: None, superuser: Superuser
) -> None:
    """Its transaction began long before: what counts is when the line is written."""
    with clocks(superuser, palier_journal_tenir=APRES, palier_journal_chainer=APRES):
        assert write(superuser, new_id()) == (1, APRES, partition(APRES))


def test_a_line_written_as_the_month_ends_keeps_its_instant(real_base: None, superuser: Superuser) -> None:
    with clocks(superuser, palier_journal_tenir=AVANT, palier_journal_chainer=AVANT):
        chain = new_id()
        assert write(superuser, chain)[0] == 1
        # The statement of the second line begins before midnight, and its trigger runs after.
        row = superuser.execute(
            "select pg_get_functiondef(oid) from pg_proc where proname = 'palier_journal_chainer'"
        ).fetchone()
        assert row is not None
        dated = "'{}'::timestamptz;".format
        late = row[0].replace(
            f"maintenant := {dated(AVANT.isoformat())}", f"maintenant := {dated(APRES.isoformat())}"
        )
        assert late != row[0]
        superuser.execute(late)
        assert write(superuser, chain) == (2, AVANT, partition(AVANT))
        # A line of the new month is there: none may be put before it any more.
        assert write(superuser, chain, APRES) == (3, APRES, partition(APRES))
        with pytest.raises(psycopg.errors.SerializationFailure), superuser.transaction():
            write(superuser, chain)


@pytest.mark.parametrize("days", [-40, 40, -4000])
def test_nobody_dates_his_own_line(cast: Cast, days: int) -> None:
    cast.system()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="instant où elle est écrite"):
        cursor.execute(
            "insert into core_journal (chaine_id, sequence, le, gesture, role, objet, precedent, empreinte)"
            " values (%s, 7, now() + make_interval(days => %s), 'gestion', 'systeme', 'essai:1', '', '')",
            [cast.a.agence.id, days],
        )


def test_an_instant_of_the_same_month_is_the_real_one(cast: Cast) -> None:
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_journal (chaine_id, sequence, le, gesture, role, objet, precedent, empreinte) values"
            " (%s, 7000, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC', 'gestion', 'systeme',"
            " 'essai:date', '', '')",
            [cast.a.agence.id],
        )
        cursor.execute(
            "select le between now() and clock_timestamp(), sequence from core_journal"
            " where objet = 'essai:date' and sequence <> 7000"
        )
        assert cursor.fetchone()[0] is True
    assert journal.verify(cast.a.agence.id)[1] is None


MINUIT = datetime(2026, 12, 1, tzinfo=UTC)
INSTANT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("written", "began", "present", "kept"),
    [
        (MINUIT + INSTANT, MINUIT, MINUIT + 2 * INSTANT, MINUIT + 2 * INSTANT),
        (MINUIT + timedelta(days=20), MINUIT, MINUIT + INSTANT, MINUIT + INSTANT),
        (MINUIT - INSTANT, MINUIT - 2 * INSTANT, MINUIT + INSTANT, MINUIT - INSTANT),
        (MINUIT - INSTANT, MINUIT - INSTANT, MINUIT, MINUIT - INSTANT),
        (MINUIT - 3 * INSTANT, MINUIT - 2 * INSTANT, MINUIT + INSTANT, None),
        (MINUIT + INSTANT, MINUIT - 2 * INSTANT, MINUIT - INSTANT, None),
        (None, MINUIT, MINUIT, None),
    ],
)
def test_an_instant_of_another_month_is_kept_within_its_statement_only(
    db: None, written: datetime | None, began: datetime, present: datetime, kept: datetime | None
) -> None:
    with connection.cursor() as cursor:
        statement = "select palier_journal_instant(%s::timestamptz, %s, %s)"
        if kept is None:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [written, began, present])
        else:
            cursor.execute(statement, [written, began, present])
            assert cursor.fetchone() == (kept,)


def test_an_act_during_the_check_is_no_broken_chain(real_base: None, superuser: Superuser) -> None:
    chain = new_id()

    def busy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        write(superuser, chain)
        return done

    with transaction.atomic():
        actor = Actor.system(chain, "test")
        open_actor(actor)
        for rank in range(3):
            journal.record(actor, Gesture.GESTION, f"essai:{rank}", agence_id=chain)
    with transaction.atomic():
        open_actor(actor)
        with connection.execute_wrapper(busy):
            assert journal.verify(chain) == (3, None)
        assert journal.verify(chain)[1] is None
