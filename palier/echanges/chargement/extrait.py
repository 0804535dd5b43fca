"""The extract of what is on line that a delta needs: the rows that it names, those that they hang from, and sums.

A delta of a hundred lines must not cost the reading of a million: rows are looked up by their computed identifiers.
"""

from typing import Protocol
from uuid import UUID

from palier.core.vault import AgenceKey
from palier.echanges.chargement.base import run
from palier.echanges.chargement.identifiants import row_key, split_key
from palier.echanges.chargement.lecture_base import fetch, live_rows, looked_up, push, stored_column
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.controles.correspondances import translate, translate_known
from palier.echanges.etabli import Etabli
from palier.echanges.manifeste import AGENCE
from palier.echanges.regles import quote
from palier.echanges.schemas import TECHNIQUES, schemas
from palier.echanges.unites import PORTEES

#: What is read of a stored row that a delta names: its links, and what the checks compare.
COLONNES: dict[str, tuple[str, ...]] = {
    "coproprietes": ("principale_id",),
    "immeubles": ("copropriete_id",),
    "lots": ("copropriete_id", "immeuble_id"),
    "cles": ("copropriete_id", "base"),
    "comptes": ("copropriete_id", "compte_principal_id", "role", "intitule", "solde", "solde_le"),
    "mandats": ("compte_id",),
    "baux": ("mandat_id", "compte_id"),
    "exercices": ("copropriete_id",),
    "assemblees": ("copropriete_id",),
    "echeances": ("compte_id", "montant", "emise_le", "exigible_le", "periode_debut"),
    "detentions": ("lot_id", "compte_id", "debut", "fin"),
    "comptes_tiers": ("compte_id", "tiers_id", "debut"),
    "tiers": ("email",),
}
_TYPES = {
    "base": "DECIMAL(18,4)", "solde": "DECIMAL(14,2)", "montant": "DECIMAL(14,2)", "solde_le": "DATE",
    "emise_le": "DATE", "exigible_le": "DATE", "periode_debut": "DATE", "debut": "DATE", "fin": "DATE",
}  # fmt: skip
#: The lines that add up to something, the link to it, and what is added.
SOMMES = {
    "mouvements": ("comptes", "compte_client_id", "t.debit - t.credit"),
    "tantiemes": ("cles", "cle_id", "t.valeur"),
    "echeances_lignes": ("echeances", "echeance_id", "t.montant"),
}
MAX_ROUNDS = 12
_CITE = {"nom": "text", "ref": "text", "ligne": "uuid"}


class Demande(Protocol):
    """Whose rows are read."""

    agence: UUID
    source: UUID
    key: AgenceKey

    def found(self, etabli: Etabli, temporary: str, target: str, source: UUID) -> None:
        """Add the live rows that a temporary table names."""


class Extrait:
    """Fetches, into the engine, the stored rows that the checks of one dossier need."""

    def __init__(self, demande: Demande, etabli: Etabli) -> None:
        self.demande, self.etabli, self.con = demande, etabli, etabli.con

    def load(self) -> None:
        """Fill ``connus`` and ``o_T`` with what the delta names; then the sums; then who still cites what goes."""
        for table in COLONNES:
            self._prepare(table)
        self.con.execute("CREATE TABLE cites (nom VARCHAR, id VARCHAR, ligne UUID, tour INTEGER)")
        self.con.execute("CREATE TABLE trouves (nom VARCHAR, id VARCHAR, ligne UUID, unite VARCHAR)")
        self._cite_own()
        self._follow()
        self._titles()
        self._follow()
        self._present_names()
        self.con.execute("INSERT INTO connus SELECT nom, id, unite FROM trouves")
        self._files()
        translate_known(self.etabli)
        if self.etabli.has("documents"):
            self.holders()
        self._emails()
        self._sums()
        self._citations()

    def _prepare(self, table: str) -> None:
        if table in self.etabli.stockees:
            return
        columns = {"id": "VARCHAR"} if "id" in schemas()[table].cle else {}
        columns |= {c: _TYPES.get(c, "VARCHAR") for c in COLONNES[table]}
        listed = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
        self.con.execute(
            f"CREATE TABLE o_{table} ({listed}, _ligne BIGINT, _f UBIGINT DEFAULT 0, _uuid UUID)"
        )
        self.etabli.stockees.add(table)

    # --- the rows that the delta names ---------------------------------------------------------------------

    def _cite_own(self) -> None:
        parts = []
        for table, lue in self.etabli.lues.items():
            if table in TECHNIQUES:
                continue
            if lue.schema.cle == ("id",):
                parts.append(f"SELECT '{table}' AS nom, id FROM l_{table}")
            parts += [
                f"SELECT '{r.cible}', \"{r.colonne}\" FROM l_{table}"
                for r in lue.schema.relations
                if r.colonne in lue.colonnes
            ]
        if self.etabli.has("documents"):
            parts += [
                f"SELECT '{table}', portee_id FROM l_documents WHERE portee = '{portee}'"
                for portee, table in PORTEES.items()
            ]
        if self.etabli.has("suppressions"):
            parts += self._cite_suppressed()
        named = " UNION ALL ".join(parts) or "SELECT NULL::VARCHAR AS nom, NULL::VARCHAR AS id WHERE false"
        self._cite(
            f"SELECT nom, id, cle_ligne(nom, id) AS ligne FROM (SELECT DISTINCT * FROM ({named}) q(nom, id)) n",
            0,
        )

    def _cite_suppressed(self) -> list[str]:
        """Rows to remove: single ids are named like the others, keys of several parts have their own identifier."""
        single = []
        for table, schema in schemas().items():
            if table in TECHNIQUES or table not in CIBLES:
                continue
            if schema.cle == ("id",):
                single.append(f"SELECT '{table}', id FROM l_suppressions WHERE \"table\" = '{table}'")
            else:
                self._cite(
                    f"SELECT '{table}' AS nom, x.id, {split_key(table, 'x.id')} AS ligne FROM l_suppressions x "
                    f"WHERE x.\"table\" = '{table}'",
                    0,
                )
        return single

    def _cite(self, query: str, tour: int) -> None:
        self.con.execute(
            f"INSERT INTO cites SELECT q.nom, q.id, q.ligne, {tour} FROM ({query}) q WHERE q.id IS NOT NULL "
            "AND q.ligne IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cites c WHERE c.nom = q.nom AND c.id = q.id)"
        )

    def _follow(self) -> None:
        """Fetch what is cited, then what that hangs from, until nothing is new."""
        for tour in range(MAX_ROUNDS):
            first = self.con.execute("SELECT min(tour) FROM cites WHERE tour >= 0").fetchone()
            if first is None or first[0] is None:
                return
            push(self.etabli, "SELECT nom, id, ligne FROM cites WHERE tour >= 0", "cite", _CITE)
            names = [r[0] for r in self.etabli.sql("SELECT DISTINCT nom FROM cites WHERE tour >= 0")]
            self.con.execute("UPDATE cites SET tour = -1")
            self.demande.found(self.etabli, "cite", "trouves", self.demande.source)
            for table in names:
                if table in COLONNES and schemas()[table].cle == ("id",):
                    self._fetch(table)
                    self._cite_parents(table, tour + 1)

    def _fetch(self, table: str) -> None:
        self.select(table, "cite", condition=f"x.nom = '{table}'", ref="x.ref")

    def select(
        self,
        table: str,
        temporary: str,
        column: str = "id",
        condition: str = "true",
        ref: str = "t.reference",
    ) -> None:
        """Add to ``o_T`` the live rows of a table whose ``column`` is in a temporary table."""
        found = f"pg_temp.{temporary} x {looked_up(table, self.demande.agence, column)}"
        if column == "email":
            found = f"pg_temp.{temporary} x join {CIBLES[table].table} t on x.ref = lower(t.email)"
        links = {r.colonne: r.cible for r in schemas()[table].relations}
        named = [f"{ref} as id"] if "id" in schemas()[table].cle else []
        joins = []
        for i, name in enumerate(COLONNES[table]):
            stored = stored_column(table, name)
            if name in links:
                named.append(f'p{i}.reference as "{name}"')
                joins.append(
                    f"left join {CIBLES[links[name]].table} p{i} on p{i}.agence_id = t.agence_id and p{i}.id = t.{stored}"
                )
            else:
                named.append(f"nullif(t.{stored}::text, '') as \"{column}\"")
        types = {"id": "VARCHAR"} if "id" in schemas()[table].cle else {}
        types |= {c: _TYPES.get(c, "VARCHAR") for c in COLONNES[table]} | {"_uuid": "UUID"}
        fetch(
            self.etabli,
            f"select {', '.join(named)}, t.id as _uuid from {found} {' '.join(joins)} "
            f"where {condition} and {live_rows(table, self.demande.agence, self.demande.source)}",
            f"o_{table}",
            types,
            {},
        )
        self.con.execute(
            f"DELETE FROM o_{table} WHERE rowid NOT IN (SELECT min(rowid) FROM o_{table} GROUP BY _uuid)"
        )
        for name, cible in links.items():
            if name in COLONNES[table]:
                translate(self.etabli, f"o_{table}", cible, name)
        if "id" in types:
            translate(self.etabli, f"o_{table}", table, "id")

    def _cite_parents(self, table: str, tour: int) -> None:
        for relation in schemas()[table].relations:
            if relation.colonne in COLONNES[table]:
                self._cite(
                    f"SELECT '{relation.cible}' AS nom, \"{relation.colonne}\" AS id, "
                    f"cle_ligne('{relation.cible}', \"{relation.colonne}\") AS ligne FROM o_{table}",
                    tour,
                )

    def _present_names(self) -> None:
        """One row for each id."""
        self.con.execute(
            "CREATE OR REPLACE TABLE trouves AS SELECT nom, id, min(ligne) AS ligne, min(unite) AS unite FROM trouves "
            "GROUP BY nom, id"
        )

    # --- the titles of the accounts: they say its unit -----------------------------------------------------

    def _titles(self) -> None:
        """When a delta changes accounts, mandates or leases: those of these accounts, and of the ones they are attached to."""
        changed = {"comptes", "mandats", "baux"}
        removed = self.etabli.has("suppressions") and self.etabli.number(
            "SELECT count(*) FROM l_suppressions WHERE \"table\" IN ('comptes', 'mandats', 'baux')"
        )
        if not removed and not changed & set(self.etabli.lues):
            return
        self.etabli.titres_revus = True
        parts = []
        if self.etabli.has("comptes"):  # an account without a title follows its principal's
            parts += ["SELECT id FROM l_comptes", "SELECT compte_principal_id FROM l_comptes"]
        parts += [f"SELECT compte_id FROM l_{t}" for t in ("mandats", "baux") if self.etabli.has(t)]
        parts += ["SELECT compte_id FROM o_mandats", "SELECT compte_id FROM o_baux"]
        push(
            self.etabli,
            f"SELECT 'comptes', id, cle_ligne('comptes', id) FROM (SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) "
            "q(id)) WHERE id IS NOT NULL",
            "touche_compte",
            _CITE,
        )
        for table in ("mandats", "baux"):
            self.select(table, "touche_compte", "compte_client_id")
            self._cite_parents(table, 1)
        self.select("comptes", "touche_compte", "compte_principal_id")
        for table in ("mandats", "baux", "comptes"):
            self._cite(f"SELECT '{table}' AS nom, id, _uuid AS ligne FROM o_{table}", 1)

    # --- who holds the lots of the documents, who shares an address ----------------------------------------

    def holders(self) -> None:
        """The holdings of the lots that documents are attached to."""
        self._prepare("detentions")
        found = push(
            self.etabli,
            "SELECT 'lots', portee_id, cle_ligne('lots', portee_id) FROM l_documents WHERE portee = 'lot' "
            "AND portee_id IS NOT NULL GROUP BY ALL",
            "lot_cite",
            _CITE,
        )
        if found:
            self.select("detentions", "lot_cite", "lot_id")
            self.con.execute(
                "INSERT INTO connus SELECT 'comptes', compte_id, 'agence' FROM o_detentions d "
                "WHERE NOT EXISTS (SELECT 1 FROM connus k WHERE k.nom = 'comptes' AND k.id = d.compte_id) GROUP BY ALL"
            )

    def _emails(self) -> None:
        if not self.etabli.has("tiers"):
            return
        push(
            self.etabli,
            "SELECT DISTINCT '', lower(email), NULL::UUID FROM l_tiers WHERE email IS NOT NULL",
            "adresse_citee",
            _CITE,
        )
        self.select("tiers", "adresse_citee", "email", "t.email <> ''")
        push(
            self.etabli,
            "SELECT DISTINCT 'tiers', id, cle_ligne('tiers', id) FROM (SELECT id FROM l_tiers UNION ALL "
            "SELECT id FROM o_tiers WHERE email IS NOT NULL)",
            "porteur",
            _CITE,
        )
        self.select("comptes_tiers", "porteur", "tiers_id")

    def _files(self) -> None:
        """Which files named by their digest the agence holds."""
        if not self.etabli.has("documents"):
            return
        push(
            self.etabli,
            "SELECT DISTINCT 'fichiers', sha256, NULL::UUID FROM l_documents WHERE sha256 IS NOT NULL",
            "fichier_cite",
            _CITE,
        )
        fetch(
            self.etabli,
            f"select 'fichiers' as nom, f.sha256 as id, '{AGENCE}' as unite from ged_fichier f "
            f"join pg_temp.fichier_cite x on x.ref = f.sha256 where f.agence_id = '{self.demande.agence}'",
            "connus",
            {"nom": "VARCHAR", "id": "VARCHAR", "unite": "VARCHAR"},
            {},
        )

    # --- sums of the lines that stay ------------------------------------------------------------------------

    def _sums(self) -> None:
        """sommes (nom, id, total, arrete, nombre): the stored lines, without those that the delta gives or removes."""
        self.con.execute(
            "CREATE TABLE IF NOT EXISTS sommes (nom VARCHAR, id VARCHAR, total DECIMAL(18,4), arrete DECIMAL(18,4), nombre BIGINT)"
        )
        self.con.execute("CREATE TABLE IF NOT EXISTS retires (nom VARCHAR, _ligne BIGINT, parent VARCHAR)")
        self._set_aside()
        for lines, (table, link, value) in SOMMES.items():
            if not {lines, table} & set(self.etabli.lues) and not self._removed(lines):
                continue
            self._touched(lines, table, link)
            self._missing(table)
            dated = "t.le <= coalesce(x.solde_le, '9999-12-31')" if lines == "mouvements" else "true"
            fetch(
                self.etabli,
                # A total of which every line goes is judged too: it has no line left.
                f"select '{table}' as nom, x.ref as id, t.total, t.arrete, t.nombre from pg_temp.touche x "
                f"cross join lateral (select coalesce(sum({value}), 0) as total, coalesce(sum({value}) "
                f"filter (where {dated}), 0) as arrete, count(*) as nombre from {CIBLES[lines].table} t "
                f"where t.agence_id = '{self.demande.agence}' and t.{link} = x.ligne and t.archive_le is null "
                "and t.id not in (select e.ligne from pg_temp.ecarte e where e.ligne is not null)) t",
                "sommes",
                {
                    "nom": "VARCHAR", "id": "VARCHAR", "total": "DECIMAL(18,4)", "arrete": "DECIMAL(18,4)",
                    "nombre": "BIGINT",
                },
                {},
            )  # fmt: skip

    def _removed(self, table: str) -> bool:
        return self.etabli.has("suppressions") and bool(
            self.etabli.number(f"SELECT count(*) FROM l_suppressions WHERE \"table\" = '{table}'")
        )

    def _set_aside(self) -> None:
        """The rows that the delta gives again or removes: ecarte (nom, ref, ligne)."""
        parts = [
            f"SELECT '{t}' AS nom, '' AS id, {row_key(t)} AS ligne FROM l_{t} t"
            for t in self.etabli.lues
            if t in CIBLES
        ]
        if self.etabli.has("suppressions"):
            parts.append(
                'SELECT c.nom, c.id, c.ligne FROM cites c JOIN l_suppressions x ON x."table" = c.nom AND x.id = c.id'
            )
        empty = "SELECT ''::VARCHAR AS nom, '' AS id, NULL::UUID AS ligne WHERE false"
        push(self.etabli, " UNION ALL ".join(parts) or empty, "ecarte", _CITE)

    def _touched(self, lines: str, table: str, link: str) -> None:
        """touche (ref, ligne, solde_le): what the lines of the delta, present and past, add up to."""
        column = next(r.colonne for r in schemas()[lines].relations if r.cible == table)
        parts = [f"SELECT id FROM l_{table}"] if self.etabli.has(table) else []
        parts += [f'SELECT "{column}" FROM l_{lines}'] if self.etabli.has(lines) else []
        present = " UNION ALL ".join(parts) or "SELECT NULL::VARCHAR WHERE false"
        self.con.execute("CREATE OR REPLACE TEMP TABLE _passes (ref VARCHAR, id VARCHAR)")
        fetch(
            self.etabli,
            f"select e.ref, p.reference as id from pg_temp.ecarte e "
            f"{looked_up(lines, self.demande.agence, row='e')} join {CIBLES[table].table} p "
            f"on p.agence_id = t.agence_id and p.id = t.{link} where e.nom = '{lines}' and t.archive_le is null",
            "_passes",
            {"ref": "VARCHAR", "id": "VARCHAR"},
            {},
        )
        translate(self.etabli, "_passes", table, "id")
        if self.etabli.has("suppressions"):
            self.con.execute(
                f"INSERT INTO retires SELECT '{lines}', x._ligne, p.id FROM _passes p JOIN l_suppressions x "
                f"ON x.\"table\" = '{lines}' AND x.id = p.ref"
            )
        day = "NULL::DATE"
        join = ""
        if table == "comptes":
            day = "coalesce(l.solde_le, s.solde_le)" if self.etabli.has("comptes") else "s.solde_le"
            join = "LEFT JOIN o_comptes s ON s.id = q.id" + (
                " LEFT JOIN l_comptes l ON l.id = q.id" if self.etabli.has("comptes") else ""
            )
        push(
            self.etabli,
            f"SELECT q.id, cle_ligne('{table}', q.id), max({day}) FROM (SELECT DISTINCT * FROM ({present} UNION ALL "
            f"SELECT id FROM _passes) u(id)) q {join} WHERE q.id IS NOT NULL GROUP BY q.id",
            "touche",
            {"ref": "text", "ligne": "uuid", "solde_le": "date"},
        )

    def _missing(self, table: str) -> None:
        """The totals themselves, when the delta gives lines without them."""
        self.select(table, "touche", ref="x.ref")

    # --- what still cites the rows that go -----------------------------------------------------------------

    def _citations(self) -> None:
        self.con.execute(
            "CREATE TABLE IF NOT EXISTS cites_encore (nom VARCHAR, id VARCHAR, cible VARCHAR, nombre BIGINT)"
        )
        if not self.etabli.has("suppressions"):
            return
        gone = {r[0] for r in self.etabli.sql('SELECT DISTINCT "table" FROM l_suppressions')}
        run("drop table if exists pg_temp.parti")
        run("create temp table parti on commit drop as select * from pg_temp.ecarte where ref <> ''")
        for child, schema in schemas().items():
            if child not in CIBLES:
                continue
            for relation in schema.relations:
                if relation.cible in gone and not relation.souple:
                    fetch(
                        self.etabli,
                        f"select e.nom, e.ref as id, '{child}' as cible, count(*) as nombre "
                        "from pg_temp.parti e "
                        f"{looked_up(child, self.demande.agence, stored_column(child, relation.colonne), 'e')} "
                        f"where e.nom = {quote(relation.cible)} "
                        "and t.archive_le is null and not exists (select 1 from pg_temp.ecarte o where o.ligne = t.id) "
                        "group by e.nom, e.ref",
                        "cites_encore",
                        {"nom": "VARCHAR", "id": "VARCHAR", "cible": "VARCHAR", "nombre": "BIGINT"},
                        {},
                    )
