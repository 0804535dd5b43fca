"""import.first and import.resend: the whole import, checks included, against raw COPY of the same rows."""

import json
import os
import shutil
import subprocess
import time
import zipfile
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench import base
from config.lanceur import database
from palier.core.embedded_postgres import Urls, environment

MOUVEMENTS_PAR_COMPTE = 50
SLUG = "echelle-0001"
# What an import sets up before its rows, and that their keys point at: there before the raw COPY too.
BEFORE = ("agences_agence", "agences_cleagence", "acces_cercle", "echanges_source")


def measure(rows: int) -> None:
    """Import ``rows`` ledger lines once, send them again unchanged, then COPY them raw elsewhere."""
    folder = Path(os.environ["PALIER_DATA"]) / "banc-import"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        _measure(rows, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(rows: int, folder: Path) -> None:
    dossier, lines = _generate(rows, folder)
    with base.copy_of_database("palier_banc_import") as urls:
        _create_agence(urls)
        first = _import(urls, dossier)
        again = _import(urls, _sent_again(dossier))
        order, dumped = _dump(urls, folder / "copie")
        delta = _import(urls, _one_night(rows, folder))
    with base.copy_of_database("palier_banc_copie") as urls:
        raw = _copy(urls, folder / "copie", order)
    label = f"{rows // 1000} 000 mouvements, {lines} lignes du dossier, {dumped} rangs"
    suffix = "" if rows <= 100_000 else f".{rows // 1000}k"
    base.ratio(
        f"import.first{suffix}",
        raw / first["seconds"],
        f"{label} : {first['seconds']:.1f} s, COPY nu {raw:.1f} s ; au moins 0,30",
    )
    base.ratio(
        f"import.resend{suffix}",
        again["seconds"] / first["seconds"],
        f"{again['seconds']:.1f} s ; au plus 0,10",
    )
    base.ratio(
        f"import.delta{suffix}",
        delta["seconds"] / first["seconds"],
        f"1 % des mouvements et des personnes : {delta['seconds']:.1f} s ; au plus 0,05",
    )
    peak = max(first["memory"], again["memory"], delta["memory"]) / 1024
    base.tell(
        f"import : {dumped / first['seconds']:.0f} rangs/s, mémoire au plus {peak:.0f} Mo (1 024 permis)"
    )


def _generate(rows: int, folder: Path) -> tuple[Path, int]:
    from palier.core.dates import today
    from palier.echanges.generateur import generate_scaled

    lots = rows // MOUVEMENTS_PAR_COMPTE
    [made] = generate_scaled(folder, 1, lots, today(), 20261123, mouvements_par_compte=MOUVEMENTS_PAR_COMPTE)
    return made.path, sum(made.lignes.values())


def _one_night(rows: int, folder: Path) -> Path:
    """Return a delta of one hundredth of the dossier just generated."""
    from palier.core.dates import today
    from palier.echanges.generateur.echelle_delta import generate_scaled_delta
    from palier.echanges.generateur.echelle_lignes import Echelle

    lots = rows // MOUVEMENTS_PAR_COMPTE
    target = folder / "delta.zip"
    generate_scaled_delta(target, Echelle(SLUG, lots, MOUVEMENTS_PAR_COMPTE, 0, today(), 20261124), 1)
    return target


def _env(urls: Urls) -> dict[str, str]:
    return {**os.environ, **environment(urls), "DJANGO_SETTINGS_MODULE": "config.settings"}


def _create_agence(urls: Urls) -> None:
    if database.manage(_env(urls), "agence", "create", SLUG, "--nom", "Agence d'échelle"):
        raise SystemExit("The bench's agence could not be created.")


def _import(urls: Urls, path: Path) -> dict[str, Any]:
    """Import in a process of its own; return its seconds (Django's start excluded) and its peak memory in kB."""
    done = subprocess.run(
        database.python("-m", "bench.import_once", SLUG, str(path)),
        env=_env(urls),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The import failed:\n{done.stdout}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    base.tell(found["said"])
    return found


def _sent_again(path: Path) -> Path:
    """Return the same tables under the next night's manifest: another file, the same content."""
    target = path.with_name("renvoi.zip")
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "dossier.json":
                declared = json.loads(content)
                declared["sequence"] += 1
                content = json.dumps(declared).encode()
            copy.writestr(name, content)
    return target


def _imported_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the tables of back-office rows, each after those that its keys point at."""
    names = {
        row[0]
        for row in connection.execute(
            "select table_name from information_schema.columns where table_schema = 'public'"
            " and column_name in ('empreinte', 'unite_id', 'source_id') group by 1 having count(*) = 3"
        )
    }
    links = connection.execute(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'"
    ).fetchall()
    graph = {name: {b for a, b in links if a == name and b in names and b != a} for name in names}
    return list(TopologicalSorter(graph).static_order())


def _columns(connection: psycopg.Connection[Any], table: str) -> sql.Composed:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
        " and is_generated = 'NEVER' order by ordinal_position",
        [table],
    ).fetchall()
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)


def _dump(urls: Urls, folder: Path) -> tuple[list[str], int]:
    """Write the imported rows of the agence, a file a table; return the order of the tables and the number of rows."""
    folder.mkdir()
    total = 0
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        order = _imported_tables(connection)
        found = connection.execute("select id from agences_agence where slug = %s", [SLUG]).fetchone()
        assert found is not None
        for table in (*BEFORE, *order):
            column = sql.Identifier("id" if table == "agences_agence" else "agence_id")
            query = sql.SQL("copy (select {} from {} where {} = {}) to stdout").format(
                _columns(connection, table), sql.Identifier(table), column, sql.Literal(found[0])
            )
            with (folder / table).open("wb") as file, connection.cursor().copy(query) as copy:
                for block in copy:
                    file.write(block)
            if table in order:
                counted = connection.execute(
                    sql.SQL("select count(*) from {} where agence_id = {}").format(
                        sql.Identifier(table), sql.Literal(found[0])
                    )
                ).fetchone()
                total += counted[0] if counted else 0
    return order, total


def _copy(urls: Urls, folder: Path, order: list[str]) -> float:
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
