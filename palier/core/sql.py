"""Reads in hand-written SQL, for the pages where a queryset costs more than the query itself.

The row policies of ``tenancy`` decide what comes back: they know the actor since the request opened it. Callers
narrow by the space's own cercles besides, so that the wall and the floor are both crossed here too.
"""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper

from palier.core.actor import Actor

Row = Any  # a tuple in the order of the statement's columns: its reader knows their types

PREPARE_AFTER = 2  # executions of the same statement on a connection


def read(actor: Actor, statement: str, params: Mapping[str, Any]) -> list[Row]:
    """Return the rows of ``statement`` that ``actor``, opened in this transaction, sees.

    ``jour`` (the actor's date) is always given to the statement. Raises ``RuntimeError`` outside a transaction:
    there the actor's settings are gone, and every table would look empty.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("read() needs the actor's transaction.")
    with prepared_cursor() as cursor:
        cursor.execute(statement, {"jour": actor.today, **params})
        return list(cursor.fetchall())


def prepared_cursor(alias: str = DEFAULT_DB_ALIAS) -> CursorWrapper:
    """Return a cursor whose statements PostgreSQL prepares, and so plans once a connection.

    Row policies make a plan costlier than its execution (1 to 4 ms against less than 1). The policies read their
    settings when the plan runs, so that one plan serves every actor. Django's own cursors bind on the client's side
    and are planned each time; they serve here only while queries are being logged, for they alone tell their text.
    """
    used = connections[alias]
    if used.queries_logged:
        return used.cursor()
    used.ensure_connection()
    raw = used.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = PREPARE_AFTER
    wrapped: CursorWrapper = used._prepare_cursor(psycopg.Cursor(raw))  # type: ignore[attr-defined]
    return wrapped


def read_one(actor: Actor, statement: str, params: Mapping[str, Any]) -> Row | None:
    """Return the first row, or None."""
    rows = read(actor, statement, params)
    return rows[0] if rows else None


def parsed(value: Any) -> Any:
    """Return a jsonb value as Python: Django's cursors hand it over as text. None stays None."""
    return json.loads(value) if isinstance(value, str) else value
