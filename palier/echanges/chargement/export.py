"""Writes, from the engine, the rows of a table as they must be in the portal: ids, cercle, unit, digest."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb

from palier.echanges.chargement.identifiants import install_macros, reference, row_key
from palier.echanges.chargement.tables import CERCLES, CIBLES, Cible, columns_of
from palier.echanges.controle import Controle
from palier.echanges.regles import quote
from palier.echanges.schemas import schemas
from palier.echanges.unites import PORTEES


@dataclass(frozen=True)
class Export:
    """A table ready to be staged: a CSV file of ``colonnes``, in writing order."""

    table: str
    cible: Cible
    colonnes: tuple[str, ...]
    fichier: Path
    lignes: int
    #: Whether the dossier says, in `acces`, whom to invite.
    acces: bool = False


class Exporteur:
    """Exports the tables of one checked dossier for one agence and source."""

    def __init__(
        self,
        controle: Controle,
        workdir: Path,
        salt: bytes,
        agence: UUID,
        source: UUID,
        origines: frozenset[str] = frozenset(),
    ) -> None:
        if controle.manifeste is None:
            raise ValueError("a refused dossier cannot be exported")
        self.controle, self.workdir = controle, workdir
        self.agence, self.source = agence, source
        #: Tables of which p_TABLE says where each line came from.
        self.origines = origines
        self.arrete: date = controle.manifeste.arrete_au
        self.delta = controle.manifeste.is_delta
        self.con: duckdb.DuckDBPyConnection = controle.con
        install_macros(self.con, salt, source, agence)
        self._prepare()

    def _prepare(self) -> None:
        """Ids that many rows share, computed once: accounts and units; then the cercle of each document."""
        self.con.execute(
            "CREATE TABLE k_comptes AS SELECT id, uuid, cle_cercle('compte', uuid) AS cercle "
            "FROM (SELECT DISTINCT id, cle_ligne('comptes', id) AS uuid FROM u_comptes)"
        )
        units = " UNION ".join(f"SELECT DISTINCT _unite FROM t_{t}" for t in self.controle.tables)
        self.con.execute(
            f"CREATE TABLE k_unites AS SELECT _unite AS unite, cle_unite(_unite) AS uuid FROM ({units})"
        )
        if "documents" in self.controle.tables:
            self.con.execute(self._documents())

    def _documents(self) -> str:
        """The cercle of each document, by its audience and what it hangs from."""
        copro = "cle_ligne('coproprietes', substr(t._unite, 13))"
        holder = "NULL::UUID"
        join = ""
        if self.controle.knows("detentions"):
            holder = "c.cercle"
            join = (
                "LEFT JOIN (SELECT t._ligne, max_by(d.compte_id, (d.debut, d.compte_id)) AS compte_id FROM t_documents "
                "t JOIN c_detentions d ON d.lot_id = t.portee_id AND t.portee = 'lot' "
                f"WHERE {on_date('t', self.arrete)} BETWEEN d.debut AND coalesce(d.fin, DATE '9999-12-31') "
                "GROUP BY t._ligne) h ON h._ligne = t._ligne LEFT JOIN k_comptes c ON c.id = h.compte_id"
            )
        return (
            "CREATE TABLE k_documents AS SELECT t._ligne, CASE "
            f"WHEN t.audience = 'interne' THEN cle_cercle('interne', {quote(str(self.agence))}) "
            f"WHEN t.audience = 'conseil_syndical' THEN cle_cercle('conseil', {copro}) "
            f"WHEN t.audience = 'coproprietaires' THEN cle_cercle('coproprietaires', {copro}) "
            "WHEN t.portee = 'compte' THEN cle_cercle('compte', cle_ligne('comptes', t.portee_id)) "
            "WHEN t.portee = 'bail' THEN cle_cercle('bail', cle_ligne('baux', t.portee_id)) "
            "WHEN t.portee = 'mandat' THEN cle_cercle('mandat', cle_ligne('mandats', t.portee_id)) "
            f"WHEN t.portee = 'lot' THEN {holder} END AS cercle, CASE {_objects()} END AS objet "
            f"FROM t_documents t {join}"
        )

    def _copy(self, name: str, query: str) -> tuple[Path, int]:
        path = self.workdir / f"{name}.export.csv"
        self.con.execute(
            f"COPY ({query}) TO {quote(str(path))} (FORMAT csv, HEADER false, NULLSTR '\\N', QUOTE '\"')"
        )
        row = self.con.fetchone()
        return path, int(row[0]) if row else 0

    def export(self, table: str) -> Export:
        """Write the rows of ``table`` that go live. Raises KeyError for a table that is not kept."""
        cible, schema = CIBLES[table], schemas()[table]
        columns = {
            c: e.replace("{arrete}", quote(self.arrete.isoformat()))
            for c, e in columns_of(schema, cible).items()
        }
        cercle = cible.cercle.replace("{agence}", quote(str(self.agence)))
        joins = cible.jointures
        if table == "comptes" and "acces" in self.controle.tables and not self.delta:
            columns["identifiant_source"] = "coalesce(a.identifiant_provisoire, '')"
            columns["invitation"] = "coalesce(a.invitation, 'aucune')"
            joins = "LEFT JOIN t_acces a ON a.compte_id = t.id"
        ref = reference(schema.cle)
        fixed = {
            "id": row_key(table),
            "reference": ref,
            "unite_id": "u.uuid",
            **({"cercle_id": cercle} if cercle else {}),
        }
        names = [*fixed, *columns]
        kept = [*names, "ligne", "fichier_rang"]
        place = {"ligne": "t._ligne", "fichier_rang": "NULL"}
        if table in self.origines:
            place = {"ligne": "coalesce(o.ligne, t._ligne)", "fichier_rang": "o.rang"}
            joins += f" LEFT JOIN p_{table} o ON o.n = t._ligne"
        inner = ", ".join(f'{e} AS "{c}"' for c, e in (fixed | columns | place).items())
        text = ", ".join(
            f'coalesce(CAST("{c}" AS VARCHAR), chr(30))' for c in names if c not in cible.hors_empreinte
        )
        query = (
            f"SELECT {', '.join(quote_name(n) for n in kept)}, CAST(md5(concat_ws(chr(31), {text})) AS UUID) "
            f"FROM (SELECT {inner} FROM t_{table} t JOIN k_unites u ON u.unite = t._unite {joins} "
            f"ORDER BY {cible.ordre})"
        )
        path, count = self._copy(table, query)
        return Export(table, cible, (*kept, "empreinte"), path, count, "acces" in self.controle.tables)

    def export_refused(self, table: str) -> tuple[Path, int]:
        """The ids of the lines that are in the dossier but do not go live: they must not be archived."""
        kept = f"SELECT {row_key(table)} FROM l_{table} t WHERE _ligne IN (SELECT _ligne FROM r_{table})"
        if "correspondances" in self.controle.tables:
            # A renaming that is refused must not make its row go away either.
            kept += (
                f" UNION ALL SELECT {row_key(table, 'x')} FROM (SELECT t.ancien_id AS id FROM l_correspondances t "
                f"WHERE t.\"table\" = '{table}' AND _ligne IN (SELECT _ligne FROM r_correspondances)) x"
                if schemas()[table].cle == ("id",)
                else ""
            )
        return self._copy(f"{table}.refusees", f"SELECT DISTINCT * FROM ({kept})")

    def export_cercles(self) -> tuple[Path, int]:
        """Every cercle that the rows need: id, genre, object."""
        parts = [
            f"SELECT cle_cercle('{genre}', o) AS id, '{genre}' AS genre, o FROM "
            f"(SELECT cle_ligne('{table}', id) AS o FROM t_{table})"
            for table, genres in CERCLES.items()
            if table in self.controle.tables
            for genre in genres
        ]
        empty = "SELECT NULL::UUID, '' , NULL::UUID WHERE false"
        return self._copy("cercles", " UNION ALL ".join(parts) or empty)

    def unit_ids(self) -> dict[str, UUID]:
        """The id of each unit of the dossier, by name."""
        return dict(self.con.execute("SELECT unite, uuid FROM k_unites").fetchall())

    def units(self, names: list[str]) -> list[UUID]:
        """The ids of units given by name."""
        return [self.con.execute("SELECT cle_unite(?)", [n]).fetchall()[0][0] for n in names]


def _objects() -> str:
    """The branches that give the row a document is attached to."""
    return " ".join(
        f"WHEN t.portee = '{portee}' THEN cle_ligne('{table}', t.portee_id)"
        for portee, table in PORTEES.items()
    )


def on_date(row: str, arrete: date) -> str:
    """The date of a document."""
    return f"coalesce({row}.date_document, {row}.publie_du, DATE {quote(arrete.isoformat())})"


def quote_name(name: str) -> str:
    """A column's name as SQL."""
    return f'"{name}"'
