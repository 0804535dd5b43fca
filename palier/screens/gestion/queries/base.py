"""How the desk reads: one statement, rows by name, pages by key."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

PAGE = 25  # rows a page


@dataclass(frozen=True, slots=True)
class Row(Mapping[str, Any]):
    """A row read by name, in Python as in templates (``row.nom``)."""

    values_by_name: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values_by_name[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values_by_name[name]
        except KeyError:
            raise AttributeError(name) from None

    def __iter__(self) -> Any:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def read(sql: str, params: Mapping[str, Any]) -> list[Row]:
    """Run one statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [Row(dict(zip(names, values, strict=True))) for values in cursor.fetchall()]


_DATED = frozenset({"le", "du", "au", "debut", "fin", "derniere_visite"})


def as_json(value: Any) -> Any:
    """Return the value of a ``jsonb`` column, which Django's driver hands over as text."""
    return json.loads(value) if isinstance(value, str) else value


def as_rows(value: Any) -> list[Row]:
    """Return the rows of a ``jsonb`` column that holds objects (or one object), dates and instants read."""
    found = as_json(value) or ()
    return [Row(_dated(item)) for item in ([found] if isinstance(found, dict) else found)]


def _dated(item: dict[str, Any]) -> dict[str, Any]:
    for name, value in item.items():
        if isinstance(value, str) and (name in _DATED or name.endswith("_le")):
            item[name] = parse_date(value) if len(value) == 10 else parse_datetime(value)
    return item


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page starts: the sort key and the id of the row before it (or after it, going back)."""

    tri: str
    id: UUID
    back: bool = False

    def params(self) -> dict[str, Any]:
        """Return the parameters of ``where_key``."""
        return {"cle_tri": self.tri, "cle_id": self.id}


def encode_key(tri: str, row_id: UUID) -> str:
    """Return a key as an address carries it."""
    return base64.urlsafe_b64encode(f"{row_id}|{tri}".encode()).decode().rstrip("=")


def decode_key(query: QueryDict) -> Key | None:
    """Return the key that the address carries; a damaged one is the first page."""
    for name, back in (("apres", False), ("avant", True)):
        text = query.get(name, "")
        if not text:
            continue
        try:
            row_id, _, tri = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
            return Key(tri.replace("\x00", ""), UUID(row_id), back)
        except (ValueError, binascii.Error):
            return None
    return None


def instant_or_none(texte: str) -> datetime | None:
    """Read an instant (in UTC when it does not say where) from an address; None when there is none, or nonsense."""
    try:
        found = parse_datetime(texte)
        if found is None:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the 45th of a 13th month; a year that is past the calendar in UTC
        return None


def dated_key(key: Key | None) -> Key | None:
    """Return the key of a list sorted by instant, written as PostgreSQL reads it; None when its own is none."""
    instant = instant_or_none(key.tri) if key is not None else None
    return replace(key, tri=instant.isoformat()) if key is not None and instant is not None else None


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of rows, and the keys of its neighbours ("" when there is none)."""

    rows: Sequence[Any]
    precedent: str = ""
    suivant: str = ""


def cut(rows: list[Any], key: Key | None, size: int = PAGE) -> Slice:
    """Cut ``size + 1`` rows (read in the direction of ``key``) to a page. Rows have ``tri`` and ``id``."""
    more = len(rows) > size
    rows = rows[:size]
    back = key is not None and key.back
    if back:
        rows = rows[::-1]
    if not rows:
        return Slice(rows)
    has_before = more if back else key is not None
    has_after = True if back else more
    return Slice(
        rows,
        encode_key(rows[0].tri, rows[0].id) if has_before else "",
        encode_key(rows[-1].tri, rows[-1].id) if has_after else "",
    )


def order(key: Key | None, *, descending: bool = False) -> tuple[str, str]:
    """Return (comparison sign, direction) for a list sorted by (tri, id), read from ``key``."""
    forward = not (key is not None and key.back)
    rising = forward != descending
    return (">", "asc") if rising else ("<", "desc")
