"""Holds the rows that were made against the published schema of their table, before anything is written."""

from django.utils.translation import gettext as _

from palier.echanges.codes import CODES
from palier.echanges.regles import Regle, build_column
from palier.echanges.schemas import schemas

from .constats import Gravite, Recueil
from .entrepot import Entrepot, ident


def verify_table(entrepot: Entrepot, table: str, recueil: Recueil) -> None:
    """Gather every value the import would refuse, and every key used twice."""
    schema = schemas()[table]
    relation = ident(f"o_{table}")
    values: list[str] = []
    rules: list[Regle] = []
    for i, champ in enumerate(schema.champs):
        column = build_column(champ, ident(champ.nom), False, f"k{i}")
        values.append(f"{column.valeur} AS k{i}")
        rules += column.regles
    counts = ", ".join(f"count_if({r.condition})" for r in rules)
    source = f"(SELECT *, {', '.join(values)} FROM {relation})"
    totals = entrepot.row(f"SELECT {counts} FROM {source}")
    for rule, total in zip(rules, totals, strict=True):
        if not total or rule.code == "valeur_absente":
            continue
        nom, line, value = entrepot.row(
            f"SELECT _nom, _ligne, {ident(rule.colonne)} FROM {source} WHERE {rule.condition} ORDER BY _ord LIMIT 1"
        )
        gravite = Gravite.ALERTE if rule.code == "valeur_ignoree" else Gravite.BLOQUANTE
        reason = CODES[rule.code].sentence(dict(rule.params)) if rule.code in CODES else rule.code
        message = _(
            "Table {table}, colonne {colonne} : {raison} ({n} lignes ; par exemple « {valeur} »)"
        ).format(table=table, colonne=rule.colonne, raison=reason, n=total, valeur=str(value)[:60])
        recueil.add("format", gravite, message, str(nom), line, int(total))
    _verify_keys(entrepot, table, recueil)


def _verify_keys(entrepot: Entrepot, table: str, recueil: Recueil) -> None:
    keys = ", ".join(f"coalesce({ident(k)}, '')" for k in schemas()[table].cle)
    doubles = entrepot.rows(
        f"SELECT concat_ws('/', {keys}) AS cle, count(*), arg_max(_nom, _ord), max(_ligne) FROM {ident('o_' + table)} "
        f"GROUP BY cle HAVING count(*) > 1 ORDER BY cle LIMIT 5"
    )
    for key, total, nom, line in doubles:
        message = _("Table {table} : {n} lignes portent le même identifiant « {cle} ».").format(
            table=table, n=total, cle=str(key)[:80]
        )
        recueil.add("cle_double", Gravite.BLOQUANTE, message, str(nom), line, int(total))


def verify_relations(entrepot: Entrepot, table: str, recueil: Recueil) -> None:
    """Warn of rows that name a row which this dossier should hold and does not."""
    for relation in schemas()[table].relations:
        if relation.cible not in entrepot.produites:
            continue
        column = ident(relation.colonne)
        nom, line, total = entrepot.row(
            f"SELECT min(_nom), min(_ligne), count(*) FROM {ident('o_' + table)} WHERE {column} IS NOT NULL "
            f"AND {column} NOT IN (SELECT id FROM {ident('o_' + relation.cible)} WHERE id IS NOT NULL)"
        )
        if total:
            message = _(
                "Table {table} : {n} lignes nomment une ligne de {cible} absente de ce dossier."
            ).format(table=table, n=total, cible=relation.cible)
            recueil.add("relation", Gravite.ALERTE, message, str(nom), line, int(total))
