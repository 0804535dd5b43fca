"""Stages a table in PostgreSQL, compares it with what is on line, and writes only what differs.

COPY cannot target a table with row security: rows go through temporary tables of the transaction. Everything here
runs as the application's role, inside the import's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from palier.echanges.chargement.export import Export
from palier.echanges.chargement.tables import Cible

BLOCK = 1024 * 1024


@dataclass
class Bilan:
    """What a table becomes, in rows."""

    ajoutes: int = 0
    modifies: int = 0
    inchanges: int = 0
    archives: int = 0


@dataclass(frozen=True)
class Portee:
    """Which stored rows this dossier speaks for: one source of one agence, some units."""

    agence: UUID
    source: UUID
    #: The import that writes.
    import_id: UUID
    #: Units that keep their previous version.
    tenues: tuple[UUID, ...]
    #: When not None, the only units that the dossier is complete for.
    unites: tuple[UUID, ...] | None

    def condition(self, row: str = "t") -> tuple[str, dict[str, Any]]:
        """The SQL condition of the rows that may be archived, and its values."""
        sql = f"{row}.agence_id = %(agence)s and {row}.source_id = %(source)s and {row}.archive_le is null"
        values: dict[str, Any] = {"agence": self.agence, "source": self.source}
        if self.tenues:
            sql += f" and {row}.unite_id <> all(%(tenues)s)"
            values["tenues"] = list(self.tenues)
        if self.unites is not None:
            sql += f" and {row}.unite_id = any(%(unites)s)"
            values["unites"] = list(self.unites)
        return sql, values


def run(sql: str, values: dict[str, Any] | None = None) -> int:
    """Execute a statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def number(sql: str, values: dict[str, Any] | None = None) -> int:
    """The single integer that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
        return int(row[0] or 0) if row else 0


def copy_in(table: str, columns: Sequence[str], path: Path) -> None:
    """COPY a CSV file of the engine into a temporary table."""
    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        statement = f"copy {table} ({names}) from stdin (format csv, null '\\N')"
        with cursor.copy(statement) as copy, path.open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)


def stage_of(table: str) -> str:
    """The temporary table that receives a table of the format."""
    return f"pg_temp.etape_{table}"


def stage(export: Export, refused: Path) -> None:
    """Fill the staging tables of a table: its rows, and the ids that must not be archived."""
    name = stage_of(export.table)
    extra = ", null::varchar as sha256" if "sha256" in export.colonnes else ""
    kept = [c for c in export.colonnes if c != "sha256"]
    names = ", ".join(f'"{c}"' for c in kept)
    # Several imports may share a transaction (tests, scripts): each starts with its own empty tables.
    run(f"drop table if exists {name}, pg_temp.garde_{export.table}")
    run(
        f"create temp table etape_{export.table} on commit drop as "
        f"select {names}{extra} from {export.cible.table} limit 0"
    )
    run(f"create temp table garde_{export.table} (id uuid) on commit drop")
    copy_in(name, export.colonnes, export.fichier)
    copy_in(f"pg_temp.garde_{export.table}", ["id"], refused)
    run(f"analyze {name}")


def is_new(cible: Cible, portee: Portee) -> bool:
    """Whether nothing of this source is stored yet in the table: everything is then a plain addition."""
    return not number(
        f"select count(*) from (select 1 from {cible.table} t where t.agence_id = %(agence)s "
        "and t.source_id = %(source)s limit 1) x",
        {"agence": portee.agence, "source": portee.source},
    )


def absent(export: Export, portee: Portee) -> tuple[str, dict[str, Any]]:
    """The condition on ``t`` of the stored rows that the dossier no longer gives."""
    condition, values = portee.condition()
    name = stage_of(export.table)
    return (
        f"{condition} and not exists (select 1 from {name} s where s.id = t.id) "
        f"and not exists (select 1 from pg_temp.garde_{export.table} g where g.id = t.id)"
    ), values


def write(export: Export, portee: Portee, *, new: bool, archive: bool) -> Bilan:
    """Add, change and archive rows so that the table says what the dossier says."""
    cible, name = export.cible, stage_of(export.table)
    columns, source = _sources(export)
    values: dict[str, Any] = {
        "agence": portee.agence,
        "source": portee.source,
        "import": portee.import_id,
    }
    listed = ", ".join(f'"{c}"' for c in columns)
    bilan = Bilan()
    fresh = (
        ""
        if new
        else (
            f" where not exists (select 1 from {cible.table} t where t.agence_id = %(agence)s and t.id = s.id)"
        )
    )
    if not new:
        bilan.modifies = _change(export, columns, source, values)
    bilan.ajoutes = run(
        f"insert into {cible.table} (agence_id, source_id, import_id, {listed}{_extra(export, 0)}) "
        f"select %(agence)s, %(source)s, %(import)s, {', '.join(source.values())}{_extra(export, 1)} from {name} s"
        f"{_joins(export)}{fresh}",
        values,
    )
    if archive and not new:
        condition, bounds = absent(export, portee)
        bilan.archives = run(f"update {cible.table} t set archive_le = now() where {condition}", bounds)
    bilan.inchanges = export.lignes - bilan.ajoutes - bilan.modifies
    return bilan


def _change(export: Export, columns: list[str], source: dict[str, str], values: dict[str, Any]) -> int:
    cible, name = export.cible, stage_of(export.table)
    changed = ", ".join(f'"{c}" = {source[c]}' for c in columns if c not in {"id", "reference"})
    join = _joins(export)
    origin = f"{name} s{join}"
    return run(
        f"update {cible.table} t set {changed}, import_id = %(import)s, archive_le = null from {origin} where t.agence_id = %(agence)s "
        "and t.id = s.id and (t.empreinte <> s.empreinte or t.archive_le is not null)",
        values,
    )


def _sources(export: Export) -> tuple[list[str], dict[str, str]]:
    """Target columns, and where each comes from in the staging table."""
    source = {c: f's."{c}"' for c in export.colonnes if c != "sha256"}
    if "sha256" in export.colonnes:
        source["fichier_id"] = "f.id"
    return list(source), source


def _joins(export: Export) -> str:
    if "sha256" not in export.colonnes:
        return ""
    return " join ged_fichier f on f.agence_id = %(agence)s and f.sha256 = s.sha256"


def _extra(export: Export, part: int) -> str:
    """Columns that only the writing knows: (name, value)."""
    if export.table == "documents":
        return (", recu_le", ", now()")[part]
    if export.table == "comptes" and "invitation" not in export.colonnes:
        return (", identifiant_source, invitation", ", '', 'courrier'")[part]
    return ""
