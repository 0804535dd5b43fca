"""The other side of every import's ratio: raw COPY of the same rows into the same tables, keys and indexes in place."""

import time
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from palier.core.embedded_postgres import Urls

# What an import sets up before its rows, and that their keys point at: there before the raw COPY too.
BEFORE = ("agences_agence", "agences_cleagence", "acces_cercle", "echanges_source", "echanges_import")
FICHIERS = "ged_fichier"


def imported_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the tables of back-office rows and that of files, each after those that its keys point at."""
    names = {
        row[0]
        for row in connection.execute(
            "select table_name from information_schema.columns where table_schema = 'public'"
            " and column_name in ('empreinte', 'unite_id', 'source_id') group by 1 having count(*) = 3"
        )
    } | {FICHIERS}
    links = connection.execute(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'"
    ).fetchall()
    graph = {name: {b for a, b in links if a == name and b in names and b != a} for name in sorted(names)}
    return list(TopologicalSorter(graph).static_order())


def _columns(connection: psycopg.Connection[Any], table: str) -> sql.Composed:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
        " and is_generated = 'NEVER' order by ordinal_position",
        [table],
    ).fetchall()
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)


def dump(urls: Urls, folder: Path, slug: str) -> tuple[list[str], int]:
    """Write the imported rows of the agence, a file a table; return the order of the tables and the number of rows."""
    folder.mkdir()
    total = 0
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        order = imported_tables(connection)
        found = connection.execute("select id from agences_agence where slug = %s", [slug]).fetchone()
        assert found is not None
        for table in (*BEFORE, *order):
            column = sql.Identifier("id" if table == "agences_agence" else "agence_id")
            query = sql.SQL("copy (select {} from {} where {} = {}) to stdout").format(
                _columns(connection, table), sql.Identifier(table), column, sql.Literal(found[0])
            )
            rows = 0
            with (folder / table).open("wb") as file, connection.cursor() as cursor:
                with cursor.copy(query) as copy:
                    for block in copy:
                        file.write(block)
                rows = cursor.rowcount
            total += rows if table in order else 0
    return order, total


def copy_raw(urls: Urls, folder: Path, order: list[str]) -> float:
    """COPY the rows into their tables, keys and indexes in place, in one transaction; return the seconds."""
    with psycopg.connect(urls.superuser) as connection:
        for table in BEFORE:
            _copy_in(connection, folder, table)
        connection.commit()
        start = time.perf_counter()
        for table in order:
            _copy_in(connection, folder, table)
        connection.commit()
        return time.perf_counter() - start


def _copy_in(connection: psycopg.Connection[Any], folder: Path, table: str) -> None:
    query = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), _columns(connection, table))
    with (folder / table).open("rb") as file, connection.cursor().copy(query) as copy:
        while block := file.read(1 << 18):
            copy.write(block)
