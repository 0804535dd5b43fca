"""Detectors, always on: each finds a class of faults wherever a test happens to pass (house.md, Tests)."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from palier.core.action import current_action

# Tables that belong to third parties or to the machinery; ours are written by actions only.
_FREE = re.compile(
    r'"?(django_session|django_migrations|account_|usersessions_|procrastinate_|core_cache|core_compteur|core_journal'
    r"|core_battement|accounts_account|pg_temp|souhait_|tampon_|stg_|courrier_envoi)",
)
_WRITE = re.compile(r"^\s*(?:insert into|update|delete from|merge into)\s+(\"?[a-z_.]+\"?)", re.IGNORECASE)


class WriteOutsideAction(AssertionError):
    """SQL wrote a table of ours outside an action."""


@pytest.fixture(autouse=True)
def writes_belong_in_actions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when a statement writes one of our tables while no action runs."""
    if not {"db", "transactional_db", "cast", "client", "real_base"} & set(request.fixturenames):
        yield
        return

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        match = _WRITE.match(sql) if isinstance(sql, str) else None
        if match and not _FREE.match(match.group(1)) and current_action() is None:
            raise WriteOutsideAction(sql[:160])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


_INLINE = re.compile(r"<[^>]+\s(on[a-z]+|style)\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|<style[\s>]|javascript:", re.IGNORECASE)


@pytest.fixture(autouse=True)
def pages_hold_nothing_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when any HTML answer holds an inline handler, style or script: the CSP would refuse it."""
    from django.test.client import ClientHandler

    real = ClientHandler.__call__

    def call(self: ClientHandler, environ: dict[str, Any]) -> Any:
        response = real(self, environ)
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and not response.streaming:
            html = response.content.decode(response.charset or "utf-8")
            assert not _INLINE.search(html), f"inline handler or style: {_INLINE.search(html)}"
            assert not _SCRIPT.search(html), f"inline script or style: {_SCRIPT.search(html)}"
        return response

    monkeypatch.setattr(ClientHandler, "__call__", call)


_LITERAL = re.compile(r"'(?:[^']|'')*'")
_COMMENT = re.compile(r"--[^\n]*")
_INNERMOST = re.compile(r"\([^()]*\)")
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)


def says_its_order(statement: str) -> bool:
    """Tell whether the outermost query of a statement has an ``order by``: those of its parts order nothing."""
    bare = _LITERAL.sub("''", _COMMENT.sub("", statement))
    while (next_ := _INNERMOST.sub(" ", bare)) != bare:
        bare = next_
    return _ORDER.search(bare) is not None


def shuffled(rows: list[Any]) -> list[Any]:
    """Return the rows in another order than the one given, whenever there are two that differ."""
    mixed = random.sample(rows, len(rows))
    return mixed if mixed != rows else rows[::-1]


@pytest.fixture(autouse=True)
def unordered_rows_come_shuffled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the rows of a query that asks for no order in another one, and refuse « the first » of them.

    PostgreSQL promises no order, and keeps to the same one on a small table: without this, a page that leans on it
    passes every test, then shows its lines upside down after an import. Seeded by the test's name.
    """
    from django.db.backends.utils import CursorWrapper
    from django.db.models import QuerySet

    random.seed(request.node.nodeid)
    fetch_all, get_item = QuerySet._fetch_all, QuerySet.__getitem__

    def fetch(self: Any) -> None:
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and len(self._result_cache) > 1 and not self.ordered:
            self._result_cache = shuffled(self._result_cache)

    def item(self: Any, key: Any) -> Any:
        if self._result_cache is None and not self.ordered and not isinstance(key, tuple):
            raise AssertionError(f"{self.model.__name__}: [{key}] of a query without order_by takes any row.")
        return get_item(self, key)

    def fetchall(self: Any) -> list[Any]:
        rows = list(self.cursor.fetchall())
        query = getattr(self.cursor, "_query", None)
        if len(rows) < 2 or query is None or says_its_order(query.query.decode("utf-8", "replace")):
            return rows
        return shuffled(rows)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch)
    monkeypatch.setattr(QuerySet, "__getitem__", item)
    monkeypatch.setattr(CursorWrapper, "fetchall", fetchall, raising=False)
