"""The work bench of one dossier: an engine in bounded memory, the tables read, the faults found.

Names of its tables: `l_T` rows as typed (with `_ligne` and the fault bits `_f`), `r_T` refused lines,
`u_T` unit of each id, `w_T` rows with `_unite`, `t_T` rows that may go live, `tenues` units held back. In a delta,
`o_T` stored rows that it needs and `c_T` the rows that result (in a snapshot, `c_T` is `l_T`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from palier.echanges.anomalies import SAMPLES, Anomalie, Collecte
from palier.echanges.codes import CODES, Gravite
from palier.echanges.lignes import Preparee
from palier.echanges.limites import Limites
from palier.echanges.manifeste import Manifeste
from palier.echanges.masque import mask
from palier.echanges.regles import Regle, quote
from palier.echanges.schemas import Schema, schemas

#: Fault bit of a line that could not be cut into its columns.
STRUCTURE = 1

#: What is known of the rows on line, table by table of the engine.
VIDES = {
    "connus": "nom VARCHAR, id VARCHAR, unite VARCHAR",
    "alias": "nom VARCHAR, reference VARCHAR, ligne UUID, origine VARCHAR",
    "anciens": "nom VARCHAR, id VARCHAR, ligne UUID, unite VARCHAR",
    "nouveaux": "nom VARCHAR, id VARCHAR, ligne UUID, unite VARCHAR",
    "ailleurs": "genre VARCHAR, numero VARCHAR, titulaire VARCHAR, source VARCHAR",
    "renommes": (
        "nom VARCHAR, ancien VARCHAR, nouvel VARCHAR, ligne UUID, unite VARCHAR, _ligne BIGINT, origine VARCHAR"
    ),
    "tenues": "unite VARCHAR",
    "sommes": "nom VARCHAR, id VARCHAR, total DECIMAL(18,4), arrete DECIMAL(18,4), nombre BIGINT",
    "retires": "nom VARCHAR, _ligne BIGINT, parent VARCHAR",
    "cites_encore": "nom VARCHAR, id VARCHAR, cible VARCHAR, nombre BIGINT",
}


def open_engine(workdir: Path, limites: Limites) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that spills into `workdir` and loads no extension."""
    spill = workdir / "debordement"
    spill.mkdir(exist_ok=True)
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": limites.memoire_duckdb,
            "threads": str(limites.fils),
            "temp_directory": str(spill),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


@dataclass
class Lue:
    """A table that has been read: its columns in file order (None: unknown), its rules by fault bit."""

    schema: Schema
    preparee: Preparee
    colonnes: tuple[str | None, ...]
    regles: dict[int, Regle] = field(default_factory=dict)
    masque_ligne: int = STRUCTURE

    @property
    def source(self) -> str:
        """The SQL that reads the raw file again, columns c0, c1… in file order, without keeping rejects."""
        return read_csv(self)


def read_csv(lue: Lue, rejects: str = "") -> str:
    """The reader of a numbered file: every column a text, so that no value is silently changed."""
    columns = ", ".join(
        ["'_ligne': 'BIGINT'", *(f"'c{i}': 'VARCHAR'" for i in range(len(lue.colonnes))), "'_fin': 'VARCHAR'"]
    )
    keep = (
        f"store_rejects=true, rejects_table={quote('e_' + rejects)}, rejects_scan={quote('s_' + rejects)}"
        if rejects
        else "ignore_errors=true"
    )
    return (
        f"read_csv({quote(str(lue.preparee.chemin))}, columns={{{columns}}}, delim=';', quote='\"', escape='\"', "
        f"header=false, nullstr='', auto_detect=false, strict_mode=true, max_line_size=300000, {keep})"
    )


class Etabli:
    """Everything the checks share for one dossier."""

    def __init__(self, manifeste: Manifeste, workdir: Path, limites: Limites) -> None:
        self.manifeste = manifeste
        self.workdir = workdir
        self.limites = limites
        self.con = open_engine(workdir, limites)
        self.collecte = Collecte()
        self.lues: dict[str, Lue] = {}
        self.connus = False
        #: Tables of which stored rows were fetched, as `o_T` (a delta names rows that it does not give).
        self.stockees: set[str] = set()
        #: In a delta, whether the mandates and leases of the accounts that it touches were fetched.
        self.titres_revus = False

    def sql(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        return self.con.execute(query, values).fetchall()

    def number(self, query: str) -> int:
        """The single integer that a query gives (0 for null)."""
        row = self.con.execute(query).fetchone()
        return int(row[0] or 0) if row else 0

    def has(self, *tables: str) -> bool:
        """Whether all these tables are in the dossier."""
        return all(t in self.lues for t in tables)

    def knows(self, *tables: str) -> bool:
        """Whether rows of all these tables can be read as `c_T`: those of the dossier, and stored ones it needs."""
        return all(t in self.lues or t in self.stockees for t in tables)

    def build_state(self) -> None:
        """Create `c_T`: the rows of the dossier, and the stored rows that it neither gives nor removes."""
        for table, schema in schemas().items():
            if not self.knows(table):
                continue
            parts = [f"SELECT * FROM l_{table}"] if table in self.lues else []
            if table in self.stockees:
                same = " AND ".join(f'l."{c}" IS NOT DISTINCT FROM s."{c}"' for c in schema.cle)
                kept = [f"NOT EXISTS (SELECT 1 FROM l_{table} l WHERE {same})"] if table in self.lues else []
                if "suppressions" in self.lues:
                    ref = " || '|' || ".join(f"coalesce(CAST(s.\"{c}\" AS VARCHAR), '')" for c in schema.cle)
                    kept.append(
                        f"NOT EXISTS (SELECT 1 FROM l_suppressions x WHERE x.\"table\" = '{table}' AND x.id = {ref})"
                    )
                parts.append(f"SELECT s.* FROM o_{table} s WHERE {' AND '.join(kept) or 'true'}")
            self.con.execute(f"CREATE VIEW c_{table} AS {' UNION ALL BY NAME '.join(parts)}")

    def prepare_empty(self) -> None:
        """Create, empty, what was not told of the rows on line: the checks then have nothing to compare with."""
        for name, columns in VIDES.items():
            self.con.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")

    def identity(self, table: str) -> str:
        """The primary key of a row as one text."""
        parts = ", ".join(f'CAST(w."{c}" AS VARCHAR)' for c in schemas()[table].cle)
        return f"concat_ws('/', {parts})"

    def live(self, table: str) -> str:
        """Condition on `w`, a row of w_T: neither refused, nor in a unit that is held back."""
        return (
            f"NOT EXISTS (SELECT 1 FROM r_{table} r WHERE r._ligne = w._ligne) "
            "AND w._unite NOT IN (SELECT unite FROM tenues)"
        )

    def whole(self, table: str) -> str:
        """Condition on `w`: the line could be cut into its columns."""
        return f"w._f & {STRUCTURE} = 0"

    def report(
        self,
        table: str,
        code: str,
        query: str,
        colonne: str = "",
        params: Sequence[str] = (),
        kind: str = "string",
    ) -> int:
        """Report the lines that a query finds; refuse them when the code is of that severity.

        The query gives `_ligne`, `valeur` (masked here) and one column for each of `params`. Returns the count.
        """
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE _faute AS {query}")
        total = self.number("SELECT count(*) FROM _faute")
        if not total:
            return 0
        names = "".join(f', f."{p}"' for p in params)
        samples = self.sql(
            f"SELECT f._ligne, {self.identity(table)}, w._unite, CAST(f.valeur AS VARCHAR){names} "
            f"FROM _faute f JOIN w_{table} w USING (_ligne) ORDER BY f._ligne LIMIT {SAMPLES}"
        )
        self.collecte.add_all(
            code, total, [self._sample(code, table, colonne, params, kind, s) for s in samples]
        )
        if CODES[code].gravite is Gravite.LIGNE:
            self.con.execute(f"INSERT INTO r_{table} SELECT DISTINCT _ligne FROM _faute")
        return total

    def _sample(
        self, code: str, table: str, colonne: str, params: Sequence[str], kind: str, row: tuple[Any, ...]
    ) -> Anomalie:
        ligne, identity, unite, value, *given = row
        return Anomalie(
            code,
            table,
            ligne,
            str(identity or ""),
            colonne,
            mask(None if value is None else str(value), kind),
            str(unite or ""),
            tuple(zip(params, given, strict=True)),
        )

    def forget(self, table: str, colonne: str) -> None:
        """Empty a column on the lines of the last report: a broken soft link."""
        self.con.execute(
            f'UPDATE l_{table} SET "{colonne}" = NULL WHERE _ligne IN (SELECT _ligne FROM _faute)'
        )
