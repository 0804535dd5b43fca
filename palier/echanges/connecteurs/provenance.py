"""From a line of the dossier that was made to the line of the file that was received."""

import csv
from collections.abc import Iterable
from pathlib import Path

import duckdb

from palier.echanges.regles import quote

#: Files named for one import. Those that have most rows come first: the tables, before a folder of PDFs.
FICHIERS_MAX = 2_000


def load_origins(con: duckdb.DuckDBPyConnection, folder: Path, tables: Iterable[str]) -> list[str]:
    """Create p_TABLE (n, ligne, rang) in the engine, n being the line in the dossier; return the files' names by rank.

    A file beyond the limit has no rank: its rows keep no origin.
    """
    known = [(t, folder / f"{t}.csv") for t in tables if (folder / f"{t}.csv").is_file()]
    if not known:
        return []
    # One thread: the number of a row is its place in the file.
    reads = {
        t: f"SELECT row_number() OVER () + 1 AS n, nom, ligne FROM read_csv({quote(str(path))}, delim = ';', "
        "header = false, quote = '\"', escape = '\"', parallel = false, nullstr = '', "
        "columns = {'nom': 'VARCHAR', 'ligne': 'BIGINT'})"
        for t, path in known
    }
    for table, query in reads.items():
        con.execute(f"CREATE TABLE _p_{table} AS {query}")
    whole = " UNION ALL ".join(f"SELECT nom FROM _p_{t}" for t in reads)
    con.execute(
        "CREATE TABLE p_fichiers AS SELECT nom, row_number() OVER (ORDER BY count(*) DESC, nom) - 1 AS rang "
        f"FROM ({whole}) GROUP BY nom QUALIFY rang < {FICHIERS_MAX}"
    )
    for table in reads:
        con.execute(
            f"CREATE TABLE p_{table} AS SELECT p.n, p.ligne, f.rang FROM _p_{table} p JOIN p_fichiers f USING (nom)"
        )
        con.execute(f"DROP TABLE _p_{table}")
    return [str(nom) for (nom,) in con.execute("SELECT nom FROM p_fichiers ORDER BY rang").fetchall()]


def locate(folder: Path, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, int]]:
    """For (table, line of its CSV, the header being 1), the name and the line of the file it came from."""
    by_table: dict[str, set[int]] = {}
    for table, line in wanted:
        by_table.setdefault(table, set()).add(line)
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for table, lines in by_table.items():
        path = folder / f"{table}.csv"
        if not path.is_file():
            continue
        last = max(lines)
        with path.open(encoding="utf-8", newline="") as file:
            for number, (nom, origin) in enumerate(csv.reader(file, delimiter=";"), start=2):
                if number in lines:
                    found[table, number] = (nom, int(origin))
                if number >= last:
                    break
    return found
