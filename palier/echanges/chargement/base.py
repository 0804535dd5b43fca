"""Stages a table in PostgreSQL, compares it with what is on line, and writes only what differs.

COPY cannot target a table with row security: rows go through temporary tables of the transaction. Everything here
runs as the application's role, inside the import's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from palier.echanges.chargement.export import Export
from palier.echanges.chargement.tables import CIBLES, Cible
from palier.echanges.chargement.versions import ARCHIVE, MODIFIE, by_unit, keep, mark

BLOCK = 1024 * 1024


@dataclass
class Mesure:
    """What a table becomes in one unit, in rows."""

    ajoutes: int = 0
    modifies: int = 0
    archives: int = 0


@dataclass
class Bilan(Mesure):
    """What a table becomes, in rows, and in each unit where something changed."""

    inchanges: int = 0
    unites: dict[UUID, Mesure] = field(default_factory=dict)

    def count(self, name: str, found: dict[UUID, int]) -> None:
        """Add the rows of one kind, by unit."""
        setattr(self, name, getattr(self, name) + sum(found.values()))
        for unite, number in found.items():
            mesure = self.unites.setdefault(unite, Mesure())
            setattr(mesure, name, getattr(mesure, name) + number)


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
    values: dict[str, Any] = {
        "agence": portee.agence,
        "source": portee.source,
        "import": portee.import_id,
    }
    bilan = Bilan()
    if not new:
        bilan.count("modifies", _change(export, values))
    bilan.count("ajoutes", _add(export, values, new=new))
    if archive and not new:
        bilan.count("archives", _archive(export, portee))
    bilan.inchanges = export.lignes - bilan.ajoutes - bilan.modifies
    return bilan


def _add(export: Export, values: dict[str, Any], *, new: bool) -> dict[UUID, int]:
    cible, name = export.cible, stage_of(export.table)
    columns, source = _sources(export)
    listed = ", ".join(f'"{c}"' for c in columns)
    insert = (
        f"insert into {cible.table} (agence_id, source_id, import_id, {listed}{_extra(export, 0)}) "
        f"select %(agence)s, %(source)s, %(import)s, {', '.join(source.values())}{_extra(export, 1)} "
        f"from {name} s{_joins(export)}"
    )
    if new:
        # Nothing was there: a plain insert, then the counts from the staging table, is the fastest.
        run(insert, values)
        return by_unit(f"select s.unite_id from {name} s{_joins(export)}", values)
    absent = f"not exists (select 1 from {cible.table} t where t.agence_id = %(agence)s and t.id = s.id)"
    return by_unit(f"{insert} where {absent} returning unite_id", values)


def _change(export: Export, values: dict[str, Any]) -> dict[UUID, int]:
    cible, name, touched = export.cible, stage_of(export.table), f"touche_{export.table}"
    columns, source = _sources(export)
    changed = ", ".join(f'"{c}" = {source[c]}' for c in columns if c not in {"id", "reference"})
    origin = f"{name} s{_joins(export)}"
    differs = "t.agence_id = %(agence)s and t.id = s.id and (t.empreinte <> s.empreinte or t.archive_le is not null)"
    if not mark(touched, f"select t.id from {cible.table} t, {origin} where {differs}", values):
        return {}
    keep(export.table, MODIFIE, touched, values)
    return by_unit(
        f"update {cible.table} t set {changed}, import_id = %(import)s, archive_le = null "
        f"from {origin}, pg_temp.{touched} x where t.agence_id = %(agence)s and t.id = s.id and x.id = s.id "
        "returning t.unite_id",
        values,
    )


def _archive(export: Export, portee: Portee) -> dict[UUID, int]:
    condition, bounds = absent(export, portee)
    return archive_rows(
        export.table, portee, f"select t.id from {export.cible.table} t where {condition}", bounds
    )


def archive_rows(table: str, portee: Portee, query: str, values: dict[str, Any]) -> dict[UUID, int]:
    """Take out of the clients' sight the rows whose ids a query gives; return how many by unit."""
    leaving = f"depart_{table}"
    values = {**values, "agence": portee.agence, "import": portee.import_id}
    if not mark(leaving, query, values):
        return {}
    keep(table, ARCHIVE, leaving, values)
    return by_unit(
        f"update {CIBLES[table].table} t set archive_le = now(), import_id = %(import)s, ligne = null "
        f"from pg_temp.{leaving} x where t.agence_id = %(agence)s and t.id = x.id returning t.unite_id",
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
        return (", identifiant_source, invitation", f", '', {_invitation(export)}")[part]
    return ""


def _invitation(export: Export) -> str:
    """How the holders of a new account are invited when no line of `acces` says it.

    The table lists whom the agence wants to invite: once a source has given it, an account that it leaves out is
    invited by nobody. A source that never gave it says nothing: a letter, which needs no address but the postal one.
    """
    if export.acces:
        return "'aucune'"
    return (
        "(select case when exists (select 1 from echanges_import i where i.agence_id = %(agence)s "
        "and i.source_id = %(source)s and i.etat in ('applique', 'partiel') and i.bilan -> 'fichiers' ? 'acces') "
        "then 'aucune' else 'courrier' end)"
    )
