"""Reads from PostgreSQL into the engine, and back: files in the working folder, never rows in memory."""

from pathlib import Path
from uuid import UUID

from django.db import connection

from palier.echanges.chargement.base import copy_in, run
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.etabli import Etabli
from palier.echanges.manifeste import AGENCE
from palier.echanges.regles import quote

#: The name of the unit of a stored row.
UNITE = (
    "coalesce((select 'copropriete:' || c.reference from patrimoine_copropriete c where c.agence_id = t.agence_id "
    "and c.id = t.unite_id), (select 'mandat:' || m.reference from patrimoine_mandatgerance m "
    f"where m.agence_id = t.agence_id and m.id = t.unite_id), '{AGENCE}')"
)
_STOCKEES = {"compte_id": "compte_client_id", "mandat_id": "mandat_gerance_id"}


def stored_column(table: str, column: str) -> str:
    """The column of the portal's table that keeps a link of the format."""
    other = _STOCKEES.get(column, "")
    return other if other in CIBLES[table].colonnes else column


def fetch(etabli: Etabli, query: str, target: str, types: dict[str, str], values: dict[str, object]) -> int:
    """Add to the engine's table ``target`` what a query of PostgreSQL gives, in the order of ``types``."""
    path = etabli.workdir / f"{target}.lu.csv"
    with connection.cursor() as cursor, path.open("wb") as out:
        statement = f"copy ({query}) to stdout (format csv, header true, null '\\N', force_quote *)"
        # COPY takes no parameter: psycopg binds them on the client's side.
        bound = cursor.mogrify(statement, values) if values else statement
        with cursor.copy(bound) as copy:
            for block in copy:
                out.write(block)
    columns = ", ".join(f"{quote(n)}: {quote(t)}" for n, t in types.items())
    row = etabli.con.execute(
        f"INSERT INTO {target} BY NAME SELECT * FROM read_csv({quote(str(path))}, header=true, delim=',', quote='\"', "
        f"escape='\"', nullstr='\\N', auto_detect=false, columns={{{columns}}})"
    ).fetchone()
    path.unlink()
    return int(row[0]) if row else 0


def push(etabli: Etabli, query: str, name: str, columns: dict[str, str]) -> int:
    """Put what a query of the engine gives into a temporary table of the present transaction."""
    path: Path = etabli.workdir / f"{name}.ecrit.csv"
    etabli.con.execute(f"COPY ({query}) TO {quote(str(path))} (FORMAT csv, HEADER false, NULLSTR '\\N')")
    row = etabli.con.fetchone()
    listed = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
    run(f"drop table if exists pg_temp.{name}")
    run(f"create temp table {name} ({listed}) on commit drop")
    copy_in(f"pg_temp.{name}", list(columns), path)
    if "ligne" in columns:
        run(f"create index on pg_temp.{name} (ligne)")
    run(f"analyze pg_temp.{name}")
    path.unlink()
    return int(row[0]) if row else 0


def live_rows(table: str, agence: UUID, source: UUID) -> str:
    """The condition on ``t`` of the rows of a source that are on line."""
    return f"t.agence_id = '{agence}' and t.source_id = '{source}' and t.archive_le is null"


def looked_up(table: str, agence: UUID, column: str = "id", row: str = "x") -> str:
    """The rows ``t`` of a table found one by one through an index, for each ``ligne`` of a temporary table.

    Right after a large import the planner knows nothing of the table: left to itself, it may read it whole for each
    row. ``offset 0`` keeps the look-up as it is written.
    """
    return (
        f"cross join lateral (select o.* from {CIBLES[table].table} o where o.agence_id = '{agence}' "
        f"and o.{column} = {row}.ligne offset 0) t"
    )
