"""Counters of attempts, shared by all processes and kept whatever the request's transaction becomes."""

import hashlib
import hmac

from django.conf import settings

from palier.core.errors import TooManyAttempts
from palier.core.sql import prepared_cursor

_COUNT = (
    "insert into core_compteur as c (cle, fin, nombre) values (%s, now() + make_interval(secs => %s), 1)"
    " on conflict (cle) do update set"
    " nombre = case when c.fin < now() then 1 else c.nombre + 1 end,"
    " fin = case when c.fin < now() then excluded.fin else c.fin end"
    " returning nombre, ceil(extract(epoch from fin - now()))::int"
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


_COUNT_ALL = (
    "insert into core_compteur as c (cle, fin, nombre)"
    " select cle, now() + make_interval(secs => duree), 1 from unnest(%s::text[], %s::int[]) as u (cle, duree)"
    " order by cle"
    " on conflict (cle) do update set"
    " nombre = case when c.fin < now() then 1 else c.nombre + 1 end,"
    " fin = case when c.fin < now() then excluded.fin else c.fin end"
    " returning cle, nombre, ceil(extract(epoch from fin - now()))::int"
)

# A limit: name, subject, maximum, seconds.
Limit = tuple[str, str, int, int]


def limit_all(limits: list[Limit], message: str) -> None:
    """Count one attempt against several limits in one statement; raise ``TooManyAttempts`` when one is passed."""
    keys = {_key(name, subject): maximum for name, subject, maximum, _seconds in limits}
    with prepared_cursor("compteur") as cursor:
        cursor.execute(_COUNT_ALL, [list(keys), [seconds for *_rest, seconds in limits]])
        passed = [int(left) for key, attempts, left in cursor.fetchall() if attempts > keys[key]]
    if passed:
        raise TooManyAttempts(message, retry_after=max(1, *passed))


def credit_all(limits: list[Limit]) -> None:
    """Give one attempt back to several limits: it turned out to be rightful."""
    with prepared_cursor("compteur") as cursor:
        cursor.execute(
            "update core_compteur set nombre = greatest(nombre - 1, 0) where cle in"
            " (select cle from core_compteur where cle = any(%s) order by cle for update)",
            [[_key(name, subject) for name, subject, *_rest in limits]],
        )
