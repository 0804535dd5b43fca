"""Detectors, always on: each finds a class of faults wherever a test happens to pass (house.md, Tests)."""

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
