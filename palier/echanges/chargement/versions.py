"""Keeps rows as they were just before an import changes or archives them, so that it can be undone and compared.

Set-based, in the import's transaction. A row that an import adds has no version: nothing was there before.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from palier.echanges.chargement.tables import CIBLES

MODIFIE, ARCHIVE = "modifie", "archive"


@cache
def model_of(table: str) -> type[models.Model]:
    """The model that receives a table of the format. Raises KeyError for a table that is not kept."""
    name = CIBLES[table].table
    return next(m for m in apps.get_models() if m._meta.db_table == name)


@cache
def stored_columns(table: str) -> tuple[str, ...]:
    """The columns of a table that are written, those that the database computes left out."""
    fields = model_of(table)._meta.concrete_fields
    return tuple(str(f.column) for f in fields if f.column and not f.generated)


@cache
def image(table: str, row: str = "t") -> str:
    """The SQL of a whole row as jsonb, those columns that the database computes left out."""
    generated = [f.column for f in model_of(table)._meta.concrete_fields if f.generated]
    return f"to_jsonb({row})" + "".join(f" - '{name}'" for name in generated)


def mark(temporary: str, query: str, values: dict[str, Any]) -> int:
    """Fill a temporary table with the ids of the rows about to be written; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{temporary}")
        cursor.execute(f"create temp table {temporary} on commit drop as {query}", values)
        count = int(cursor.rowcount)
        if count:
            cursor.execute(f"analyze pg_temp.{temporary}")
    return count


def keep(table: str, operation: str, temporary: str, values: dict[str, Any]) -> None:
    """Keep, as they are now, the rows whose ids are in a temporary table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into echanges_version (agence_id, id, import_id, table_nom, ligne_id, unite_id, operation, avant, "
            f"cree_le) select t.agence_id, gen_random_uuid(), %(import)s, '{table}', t.id, t.unite_id, "
            f"'{operation}', {image(table)}, now() from {CIBLES[table].table} t join pg_temp.{temporary} x "
            "on x.id = t.id where t.agence_id = %(agence)s on conflict do nothing",
            values,
        )


def by_unit(statement: str, values: dict[str, Any] | None = None) -> dict[UUID, int]:
    """Run a statement that returns the unit of each row that it writes; return how many rows for each unit."""
    with connection.cursor() as cursor:
        cursor.execute(f"with x as ({statement}) select unite_id, count(*) from x group by unite_id", values)
        return {unite: int(count) for unite, count in cursor.fetchall()}


class Mesures(Protocol):
    """What a table becomes in a unit, in rows."""

    ajoutes: int
    modifies: int
    archives: int


class Bilans(Protocol):
    """What a table becomes in each unit where something changed."""

    @property
    def unites(self) -> Mapping[UUID, Mesures]: ...


class Auteur(Protocol):
    """Who writes: the agence and the import."""

    @property
    def agence(self) -> UUID: ...
    @property
    def import_id(self) -> UUID: ...


def record_changes(
    portee: Auteur, tables: Mapping[str, Bilans], bonnes: Mapping[tuple[str, UUID], int]
) -> None:
    """Write how many rows of each table and unit changed; units where nothing did are left out."""
    rows = []
    for table, bilan in tables.items():
        for unite, m in bilan.unites.items():
            same = max(bonnes.get((table, unite), 0) - m.ajoutes - m.modifies, 0)
            rows.append((table, unite, m.ajoutes, m.modifies, same, m.archives))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into echanges_changement (agence_id, id, import_id, table_nom, unite_id, ajoutes, modifies, "
            "inchanges, archives) select %s, gen_random_uuid(), %s, x.* from unnest(%s::text[], %s::uuid[], "
            "%s::int[], %s::int[], %s::int[], %s::int[]) as x",
            [portee.agence, portee.import_id, *(list(column) for column in zip(*rows, strict=True))],
        )
