"""Makes the rows of one table of the dossier: filter, unpivot, map, group, number the duplicates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from palier.echanges.regles import quote
from palier.echanges.schemas import Schema, schemas

from .constats import Constat, Gravite, Recueil, refuse
from .entrepot import Entrepot, ident
from .jonction import TEXTE, Jonctions
from .modele import Emission, Profil
from .verbes import Expression, Faute, Portee, compile_value

#: Pseudo columns that every row has.
TECHNIQUES = ("_ord", "_ligne", "_nom")


def resolve_parameters(profil: Profil, given: Mapping[str, str]) -> dict[str, str]:
    """The value of every declared parameter. Raises ProfilRefuse for a value out of its list."""
    values: dict[str, str] = {}
    for name, spec in profil.parametres.items():
        value = given.get(name, spec.get("defaut", ""))
        if "parmi" in spec and value not in spec["parmi"]:
            message = _("Le paramètre {nom} vaut l'une de ces valeurs : {liste}.")
            raise refuse("parametre", message.format(nom=name, liste=", ".join(spec["parmi"])))
        values[name] = value
    return values


class Atelier:
    """Runs the emissions of one profile."""

    def __init__(
        self,
        entrepot: Entrepot,
        profil: Profil,
        parametres: Mapping[str, str],
        jonctions: Jonctions,
        recueil: Recueil,
    ) -> None:
        self.entrepot, self.profil, self.recueil = entrepot, profil, recueil
        self.parametres, self.jonctions = parametres, jonctions
        self._count = 0

    def emit(self, emission: Emission) -> int:
        """Add the rows of an emission to `o_TABLE` and return how many. Raises ProfilRefuse."""
        base = self._base(emission)
        if base is None:
            return 0
        relation, portee = base
        if emission.deplier:
            relation = self._unpivot(emission, relation, portee)
        where = self._where(emission, portee)
        schema = schemas()[emission.table]
        compiled = self._compile(emission, portee, schema)
        self._report_faults(emission, relation, where, portee.fautes)
        query = self._query(emission, schema, compiled, relation, where, portee)
        self._count += 1
        made = f"e_{emission.table}_{self._count}"
        self.entrepot.con.execute(f"CREATE OR REPLACE TABLE {made} AS {query}")
        self._judge_complete(emission, schema, made)
        return self._append(emission, schema, made)

    def _base(self, emission: Emission) -> tuple[str, Portee] | None:
        """The rows an emission starts from, under names c0, c1…, and what they may name."""
        if emission.depuis[0].startswith("table:"):
            return self._base_table(emission.depuis[0].removeprefix("table:"))
        read = [self.entrepot.lues[n] for n in emission.depuis if n in self.entrepot.lues]
        if not read:
            return None
        names = [n for n in read[0].colonnes if all(n in lue.colonnes for lue in read)]
        parts = []
        for lue in read:
            cells = ", ".join(f"s.{lue.colonnes[n]} AS c{i}" for i, n in enumerate(names))
            files = ", ".join(f"({i}, {quote(r.nom)})" for i, r in enumerate(lue.releves))
            parts.append(
                f"SELECT s._ord + ({lue.rang}::BIGINT << 56) AS _ord, s._ligne, f.nom AS _nom, {cells} "
                f"FROM {lue.table} s JOIN (VALUES {files}) f(rang, nom) ON f.rang = s._fichier"
            )
        columns = {n: f"c{i}" for i, n in enumerate(names)} | {
            "@fichier": "_nom",
            "@ligne": "CAST(_ligne AS VARCHAR)",
        }
        source = read[0].source
        portee = Portee(
            columns, self.parametres, source.decimal, source.milliers, source.dates, self.jonctions.compile
        )
        return f"({' UNION ALL '.join(parts)})", portee

    def _base_table(self, table: str) -> tuple[str, Portee] | None:
        if table not in self.entrepot.produites:
            return None
        names = list(schemas()[table].noms)
        columns = {n: ident(n) for n in names} | {"@fichier": "_nom", "@ligne": "CAST(_ligne AS VARCHAR)"}
        return ident(f"o_{table}"), Portee(columns, self.parametres, joindre=self.jonctions.compile)

    def _unpivot(self, emission: Emission, relation: str, portee: Portee) -> str:
        """One row for each filled column: `@rubrique` its name, `@valeur` its text, `@rang` its place."""
        columns = emission.deplier["colonnes"] if emission.deplier else []
        parts = []
        for rank, name in enumerate(columns, start=1):
            cell = portee.ref(name)
            parts.append(
                f"SELECT *, {quote(name)} AS d_nom, {cell} AS d_valeur, '{rank}' AS d_rang FROM {relation} "
                f"WHERE {cell} IS NOT NULL"
            )
        portee.colonnes = {**portee.colonnes, "@rubrique": "d_nom", "@valeur": "d_valeur", "@rang": "d_rang"}
        return f"({' UNION ALL '.join(parts)})"

    def _where(self, emission: Emission, portee: Portee) -> str:
        conditions = []
        for rule in emission.filtre:
            portee.lieu = f"{emission.table}, filtre"
            value = rule["colonne"]
            text = portee.ref(value) if isinstance(value, str) else compile_value(value, portee, TEXTE).sql
            if "motif" in rule:
                pattern = str(rule["motif"])
                if pattern.startswith("$"):
                    portee.ref(pattern)
                    pattern = self.parametres[pattern[1:]]
                test = f"coalesce(regexp_matches({text}, {quote(pattern)}), false)"
            elif "parmi" in rule:
                test = f"coalesce({text} IN ({', '.join(quote(str(v)) for v in rule['parmi']) or 'NULL'}), false)"
            else:
                test = f"({text}) IS {'' if rule['vide'] else 'NOT '}NULL"
            conditions.append(f"NOT ({test})" if rule.get("sauf") else test)
        return " AND ".join(conditions) or "true"

    def _compile(self, emission: Emission, portee: Portee, schema: Schema) -> dict[str, Expression]:
        compiled = {}
        for name, spec in emission.champs.items():
            portee.lieu = f"{emission.table}.{name}"
            compiled[name] = compile_value(spec, portee, schema.champ(name))
            if compiled[name].agregat and emission.unique is None:
                message = _("{ou} : « somme_groupe » et « plus_recent » demandent « unique: true ».")
                raise refuse("profil_verbe", message.format(ou=portee.lieu))
        return compiled

    def _report_faults(self, emission: Emission, relation: str, where: str, faults: list[Faute]) -> None:
        """Count every unreadable value in one pass, then name the first of each kind."""
        if not faults:
            return
        counts = ", ".join(f"count_if({f.condition})" for f in faults)
        totals = self.entrepot.row(f"SELECT {counts} FROM {relation} WHERE {where}")
        for fault, total in zip(faults, totals, strict=True):
            if total:
                self._report_fault(emission, relation, where, fault, int(total))

    def _report_fault(self, emission: Emission, relation: str, where: str, fault: Faute, total: int) -> None:
        examples = self.entrepot.rows(
            f"SELECT _nom, _ligne, {fault.valeur} FROM {relation} WHERE {where} AND {fault.condition} ORDER BY _ord LIMIT 5"
        )
        gravite = Gravite.ALERTE if fault.vider else Gravite.BLOQUANTE
        for i, (nom, line, value) in enumerate(examples):
            message = _("{colonne} : {raison} (« {valeur} »)").format(
                colonne=fault.colonne, raison=fault.message, valeur=str(value)[:60]
            )
            left = total - len(examples) + 1 if i == len(examples) - 1 else 1
            self.recueil.add("valeur_illisible", gravite, message, str(nom), line, left, str(value)[:60])

    def _query(
        self,
        emission: Emission,
        schema: Schema,
        compiled: Mapping[str, Expression],
        relation: str,
        where: str,
        portee: Portee,
    ) -> str:
        values = ", ".join(f"{e.sql} AS {ident(n)}" for n, e in compiled.items())
        inner = f"SELECT _ord, _ligne, _nom, {values}"
        if emission.unique is None:
            return _numbered(f"{inner} FROM {relation} WHERE {where}", compiled)
        selon = emission.unique.get("selon")
        if selon is not None:
            text = portee.ref(selon) if isinstance(selon, str) else compile_value(selon, portee, TEXTE).sql
            inner += f", {text} AS _selon"
        inner += f" FROM {relation} WHERE {where}"
        keys = [k for k in schema.cle if k in compiled]
        return _grouped(_numbered(inner, compiled), keys, compiled, emission.unique)

    def _judge_complete(self, emission: Emission, schema: Schema, made: str) -> None:
        """A row without a required value is refused, or left out and counted, as the profile says."""
        required = [c.nom for c in schema.champs if c.requis and c.nom in emission.champs]
        for name in required:
            found = self.entrepot.rows(
                f"SELECT _nom, _ligne, count(*) OVER () FROM {made} WHERE {ident(name)} IS NULL ORDER BY _ord LIMIT 5"
            )
            if not found:
                continue
            total = int(found[0][2])
            message = _("Table {table} : la colonne obligatoire « {nom} » est vide ({n} lignes).").format(
                table=emission.table, nom=name, n=total
            )
            gravite = Gravite.BLOQUANTE
            if emission.si_incomplet == "ecarter":
                gravite = Gravite.ALERTE
                message += " " + _("Ces lignes sont laissées de côté.")
            self.recueil.extend(
                [Constat("valeur_absente", gravite, message, str(found[0][0]), found[0][1], total)]
            )
        if emission.si_incomplet == "ecarter" and required:
            absent = " OR ".join(f"{ident(n)} IS NULL" for n in required)
            self.entrepot.con.execute(f"DELETE FROM {made} WHERE {absent}")

    def _append(self, emission: Emission, schema: Schema, made: str) -> int:
        target = ident(f"o_{emission.table}")
        columns = ", ".join(f"{ident(n)} VARCHAR" for n in schema.noms)
        self.entrepot.con.execute(
            f"CREATE TABLE IF NOT EXISTS {target} (_ord BIGINT, _ligne BIGINT, _nom VARCHAR, {columns})"
        )
        names = ", ".join(ident(n) for n in (*TECHNIQUES, *emission.champs))
        self.entrepot.con.execute(f"INSERT INTO {target} ({names}) SELECT {names} FROM {made}")
        total = int(self.entrepot.row(f"SELECT count(*) FROM {made}")[0])
        self.entrepot.con.execute(f"DROP TABLE {made}")
        self.entrepot.produites.add(emission.table)
        return total


def _numbered(query: str, compiled: Mapping[str, Expression]) -> str:
    """Give equal fingerprints a rank, in the order of the file: two identical lines are two lines."""
    names = [n for n, e in compiled.items() if e.rang]
    if not names:
        return query
    replaced = ", ".join(
        f"CASE WHEN row_number() OVER (PARTITION BY {ident(n)} ORDER BY _ord) = 1 THEN {ident(n)} ELSE {ident(n)} || "
        f"'-' || row_number() OVER (PARTITION BY {ident(n)} ORDER BY _ord) END AS {ident(n)}"
        for n in names
    )
    return f"SELECT * REPLACE ({replaced}) FROM ({query})"


def _grouped(
    query: str, keys: list[str], compiled: Mapping[str, Expression], unique: Mapping[str, Any]
) -> str:
    """One row for each key: the first (or last) filled value of each field, sums and latest dates over the group."""
    last = unique.get("garder") == "dernier"
    by = ", ".join(ident(k) for k in keys)
    if "selon" in unique:
        order = "DESC" if last else "ASC"
        picked = ", ".join(
            f"CAST({_total(e, ident(n))} OVER (PARTITION BY {by}) AS VARCHAR) AS {ident(n)}"
            for n, e in compiled.items()
            if e.agregat
        )
        replaced = f" REPLACE ({picked})" if picked else ""
        return (
            f"SELECT * EXCLUDE (_selon){replaced} FROM ({query}) "
            f"QUALIFY row_number() OVER (PARTITION BY {by} ORDER BY _selon {order}, _ord {order}) = 1"
        )
    pick = "arg_max" if last else "arg_min"
    values = []
    for name, expression in compiled.items():
        column = ident(name)
        if name in keys:
            values.append(column)
        elif expression.agregat:
            values.append(f"CAST({_total(expression, column)} AS VARCHAR) AS {column}")
        else:
            values.append(f"{pick}({column}, _ord) AS {column}")
    return (
        f"SELECT min(_ord) AS _ord, arg_min(_ligne, _ord) AS _ligne, arg_min(_nom, _ord) AS _nom, {', '.join(values)} "
        f"FROM ({query}) GROUP BY {by}"
    )


def _total(expression: Expression, column: str) -> str:
    return f"{expression.agregat}({column})"
