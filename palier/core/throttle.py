"""Counters of attempts, shared by all processes and kept whatever the request's transaction becomes."""

import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

from palier.core.errors import TooManyAttempts
from palier.core.sql import prepared_cursor

# One more in the window that runs, or the first of a new one.
_AGAIN = (
    " on conflict (cle) do update set"
    " nombre = case when c.fin < now() then 1 else c.nombre + 1 end,"
    " fin = case when c.fin < now() then excluded.fin else c.fin end"
)
_COUNT = (
    "insert into core_compteur as c (cle, fin, nombre) values (%s, now() + make_interval(secs => %s), 1)"
    f"{_AGAIN} returning nombre, ceil(extract(epoch from fin - now()))::int"
)


def _key(name: str, subject: str) -> str:
    """Return a counter's key: the subject (an address, a code) is hashed, so that the table holds none."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{name}|{subject}".encode(), hashlib.sha256)
    return f"{name}:{digest.hexdigest()[:32]}"


def count(name: str, subject: str, seconds: int) -> tuple[int, int]:
    """Count one attempt; return (attempts in the window, seconds until it ends).

    Uses its own connection, outside the request's transaction: a refused attempt still counts.
    """
    with prepared_cursor("compteur") as cursor:
        cursor.execute(_COUNT, [_key(name, subject), seconds])
        attempts, left = cursor.fetchone()
    return int(attempts), max(1, int(left))


def limit(name: str, subject: str, maximum: int, seconds: int, message: str) -> None:
    """Count one attempt and raise ``TooManyAttempts`` past ``maximum`` in ``seconds``."""
    attempts, left = count(name, subject, seconds)
    if attempts > maximum:
        raise TooManyAttempts(message, retry_after=left)


def forget(name: str, subject: str) -> None:
    """Drop a counter (after a success of its rightful owner)."""
    with prepared_cursor("compteur") as cursor:
        cursor.execute("delete from core_compteur where cle = %s", [_key(name, subject)])


# A limit: name, subject, maximum, seconds. Stages: the narrowest limits first, then wider and wider ones.
Limit = tuple[str, str, int, int]
Stages = Sequence[Sequence[Limit]]

_STAGES = 3


def _stage(number: int) -> str:
    """Return the part of the statement that counts a stage, unless a limit of those before it is passed."""
    unless = "".join(f" and not exists (select from passe_{before})" for before in range(1, number))
    return (
        f", etape_{number} as (insert into core_compteur as c (cle, fin, nombre)"
        f" select cle, now() + make_interval(secs => duree), 1 from essai where etape = {number}{unless}"
        f" order by rang{_AGAIN} returning cle, nombre, ceil(extract(epoch from fin - now()))::int as reste)"
        f", passe_{number} as (select reste from etape_{number} join essai using (cle) where nombre > maximum)"
    )


_COUNT_ALL = (
    "with essai as (select * from unnest(%s::text[], %s::int[], %s::int[], %s::int[])"
    " with ordinality as u (cle, duree, maximum, etape, rang))"
    + "".join(_stage(number) for number in range(1, _STAGES + 1))
    # Read, and so written, in this order.
    + " union all".join(f" select reste from passe_{number}" for number in range(1, _STAGES + 1))
)
_CREDIT_ALL = (
    "update core_compteur set nombre = greatest(nombre - 1, 0) where cle in"
    " (select c.cle from core_compteur c join unnest(%s::text[]) with ordinality as u (cle, rang) on u.cle = c.cle"
    " order by rang for update of c)"
)


def _ordered(stages: Stages) -> list[tuple[str, int, int, int]]:
    """Return (key, seconds, maximum, stage) in the one order in which rows are ever locked: nobody deadlocks."""
    if len(stages) > _STAGES:
        raise ValueError(f"More than {_STAGES} stages of limits.")
    return [
        row
        for number, limits in enumerate(stages, 1)
        for row in sorted(
            (_key(name, subject), seconds, top, number) for name, subject, top, seconds in limits
        )
    ]


def limit_all(stages: Stages, message: str) -> None:
    """Count one attempt against several limits in one statement; raise ``TooManyAttempts`` when one is passed.

    An attempt that a narrow limit refuses weighs on no wider one: whoever is refused cannot use up what others need.
    """
    rows = _ordered(stages)
    with prepared_cursor("compteur") as cursor:
        cursor.execute(_COUNT_ALL, [list(column) for column in zip(*rows, strict=True)])
        passed = [int(left) for (left,) in cursor.fetchall()]
    if passed:
        raise TooManyAttempts(message, retry_after=max(1, *passed))


def credit_all(stages: Stages) -> None:
    """Give one attempt back to several limits: it was counted by all of them, and turned out to be rightful."""
    with prepared_cursor("compteur") as cursor:
        cursor.execute(_CREDIT_ALL, [[key for key, *_rest in _ordered(stages)]])
