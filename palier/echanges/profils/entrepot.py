"""Where the rows wait between the readers and the mapping: a DuckDB file in the working folder, bounded memory.

`s_SOURCE` holds what was read: `_ord` (order over all files), `_fichier`, `_ligne`, one text column for each declared
column, one for each named group of the file name. `o_TABLE` holds the rows made for a table of the dossier.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from palier.echanges.limites import LIMITES
from palier.echanges.regles import quote

from .constats import Gravite, Recueil
from .lecteurs import LECTEURS as READERS
from .lecteurs import Piece, Put, Releve, Travail
from .modele import Source

#: Room for the lines of one file in `_ord`.
DECALAGE = 32


def ident(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@dataclass
class Lue:
    """A source that has been read: its columns in SQL, its files in order."""

    source: Source
    colonnes: dict[str, str]
    rang: int = 0
    releves: list[Releve] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def table(self) -> str:
        return ident(f"s_{self.source.nom}")

    @property
    def pied(self) -> str:
        return ident(f"p_{self.source.nom}")


class Entrepot:
    """The working database of one conversion. Use it as a context manager."""

    def __init__(self, workdir: Path) -> None:
        self.workdir = workdir
        spill = workdir / "debordement"
        spill.mkdir(exist_ok=True)
        self.con = duckdb.connect(
            str(workdir / "entrepot.duckdb"),
            config={
                "memory_limit": LIMITES.memoire_duckdb,
                "threads": str(LIMITES.fils),
                "temp_directory": str(spill),
                "preserve_insertion_order": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self.lues: dict[str, Lue] = {}
        self.produites: set[str] = set()

    def __enter__(self) -> "Entrepot":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.con.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        return self.con.execute(query).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        found = self.con.execute(query).fetchone()
        return found if found is not None else ()

    def read(
        self, source: Source, pieces: Sequence[Piece], captures: Sequence[Sequence[str]], recueil: Recueil
    ) -> Lue:
        """Read every file of a source into `s_SOURCE`. Raises ProfilRefuse."""
        names = [*source.entete.colonnes, *(f"@{c}" for c in source.captures)]
        lue = Lue(source, {n: f"c{i}" for i, n in enumerate(names)}, len(self.lues), pieces=list(pieces))
        staging = self.workdir / f"{source.nom}.csv"
        with staging.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, delimiter=";", lineterminator="\n")
            for rank, (piece, values) in enumerate(zip(pieces, captures, strict=True)):
                put = _putter(writer, rank << DECALAGE, rank, list(values))
                lue.releves.append(READERS[source.type](Travail(source, piece, put, recueil)))
        recueil.stop_if_blocking()
        self._load(lue, staging)
        staging.unlink()
        self.lues[source.nom] = lue
        self._drop_footers(lue)
        self._judge_width(lue, recueil)
        return lue

    def _drop_footers(self, lue: Lue) -> None:
        """Move the lines that the profile calls footers (totals) to `p_SOURCE`."""
        pied = lue.source.pied
        test = "false"
        if pied is not None:
            test = f"coalesce(regexp_matches({lue.colonnes[pied['colonne']]}, {quote(pied['motif'])}), false)"
        self.con.execute(f"CREATE TABLE {lue.pied} AS SELECT * FROM {lue.table} WHERE {test}")
        if pied is not None:
            self.con.execute(f"DELETE FROM {lue.table} WHERE {test}")

    def _judge_width(self, lue: Lue, recueil: Recueil) -> None:
        """A line with more or fewer cells than the header is shifted: never read as if it were right."""
        for rank, line in self.rows(
            f"SELECT _fichier, _ligne FROM {lue.table} WHERE NOT _entiere ORDER BY _ord LIMIT 50"
        ):
            message = _(
                "La ligne n'a pas autant de champs que l'en-tête : un séparateur est en trop, ou manque."
            )
            recueil.add("largeur", Gravite.BLOQUANTE, message, lue.releves[rank].nom, line)
        recueil.stop_if_blocking()

    def _load(self, lue: Lue, staging: Path) -> None:
        typed = {"_ord": "BIGINT", "_fichier": "INTEGER", "_ligne": "BIGINT", "_entiere": "BOOLEAN"}
        typed.update(dict.fromkeys(lue.colonnes.values(), "VARCHAR"))
        columns = ", ".join(f"'{n}': '{t}'" for n, t in typed.items())
        self.con.execute(
            f"CREATE TABLE {lue.table} AS SELECT * FROM read_csv({quote(str(staging))}, columns={{{columns}}}, "
            "delim=';', quote='\"', escape='\"', header=false, nullstr='', auto_detect=false, strict_mode=true, "
            "max_line_size=8000000)"
        )


def _putter(writer: Any, base: int, rank: int, captures: list[str]) -> Put:
    """A function that writes a row of one file."""
    write = writer.writerow
    count = 0

    def put(line: int, cells: Sequence[str], whole: bool) -> None:
        nonlocal count
        count += 1
        write((base + count, rank, line, whole, *cells, *captures))

    return put
