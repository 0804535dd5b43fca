"""Relations between rows, and what a refused row drags with it."""

from palier.echanges.anomalies import Anomalie
from palier.echanges.etabli import Etabli
from palier.echanges.manifeste import AGENCE
from palier.echanges.regles import quote
from palier.echanges.schemas import Relation, Schema
from palier.echanges.unites import PORTEES

#: A refusal can drag a unit, whose rows drag another: never deeper than the chain of tables.
MAX_ROUNDS = 20


def prepare_known(etabli: Etabli) -> None:
    """Create connus_valides: stored rows that stay on line whatever this dossier brings."""
    manifest = etabli.manifeste
    if manifest.is_delta:
        # A delta takes away only what it names, unless its unit is held.
        gone = "false"
        if etabli.has("suppressions"):
            gone = (
                'EXISTS (SELECT 1 FROM l_suppressions x WHERE x."table" = nom AND x.id = connus.id) '
                "AND unite NOT IN (SELECT unite FROM tenues)"
            )
        etabli.con.execute(f"CREATE VIEW connus_valides AS SELECT nom, id FROM connus WHERE NOT ({gone})")
        return
    tables = ", ".join(map(quote, manifest.tables)) or "''"
    conditions = [f"nom NOT IN ({tables})", "unite IN (SELECT unite FROM tenues)"]
    if manifest.unites:
        conditions.append(f"unite NOT IN ({', '.join(map(quote, manifest.unites))})")
    etabli.con.execute(
        f"CREATE VIEW connus_valides AS SELECT nom, id FROM connus WHERE {' OR '.join(conditions)}"
    )


def _targets(etabli: Etabli, cible: str) -> str:
    """Every id that a row may name: those of the dossier, faulty ones included, and the stored ones."""
    known = f"SELECT id FROM connus_valides WHERE nom = '{cible}'"
    if etabli.has(cible):
        return f"SELECT id FROM l_{cible} WHERE id IS NOT NULL UNION ALL {known}"
    return known


def check_relations(etabli: Etabli) -> None:
    """Report the rows that name a row which exists nowhere."""
    for lue in list(etabli.lues.values()):
        for relation in lue.schema.relations:
            if relation.colonne in lue.colonnes:
                _check_relation(etabli, lue.schema, relation)


def _check_relation(etabli: Etabli, schema: Schema, relation: Relation) -> None:
    table, column, target = schema.nom, relation.colonne, relation.cible
    if not etabli.connus and (etabli.manifeste.is_delta or not etabli.has(target)):
        used = etabli.number(f'SELECT count("{column}") FROM l_{table}')
        if used:
            params = (("cible", target),)
            etabli.collecte.add(Anomalie("relation_non_verifiee", table, colonne=column, params=params))
        return
    code = "lien_ignore" if relation.souple else "reference_inconnue"
    found = etabli.report(
        table,
        code,
        f'SELECT w._ligne, w."{column}" AS valeur, {quote(target)} AS cible FROM l_{table} w '
        f'WHERE w."{column}" IS NOT NULL AND {etabli.whole(table)} '
        f'AND NOT EXISTS (SELECT 1 FROM ({_targets(etabli, target)}) c WHERE c.id = w."{column}")',
        column,
        ("cible",),
    )
    if found and relation.souple:
        etabli.forget(table, column)


def check_perimeter(etabli: Etabli) -> None:
    """Refuse the rows of units that the dossier did not announce; warn of announced units that nobody knows."""
    unites = etabli.manifeste.unites
    if not unites:
        return
    listed = ", ".join(map(quote, (*unites, AGENCE)))
    for table in etabli.lues:
        etabli.report(
            table,
            "unite_hors_perimetre",
            f"SELECT w._ligne, NULL AS valeur, w._unite AS unite FROM w_{table} w WHERE w._unite NOT IN ({listed})",
            params=("unite",),
        )
    known = {str(r[0]) for r in etabli.sql("SELECT DISTINCT unite FROM connus")}
    for table, prefix in (("coproprietes", "copropriete:"), ("mandats", "mandat:")):
        known |= {prefix + str(r[0]) for r in etabli.sql(f"SELECT id FROM u_{table}")}
    for unite in unites:
        if unite != AGENCE and unite not in known:
            etabli.collecte.add(Anomalie("unite_perimetre_inconnue", params=(("unite", unite),)))


def _hold_units(etabli: Etabli) -> None:
    """Hold back the unit of every refused line of a table that carries rights or money."""
    parts = [
        f"SELECT w._unite AS unite FROM w_{t} w JOIN r_{t} r USING (_ligne)"
        for t, lue in etabli.lues.items()
        if lue.schema.par_unite and etabli.number(f"SELECT count(*) FROM r_{t}")
    ]
    if parts:
        etabli.con.execute(
            f"INSERT INTO tenues SELECT DISTINCT unite FROM ({' UNION ALL '.join(parts)}) "
            f"WHERE unite <> '{AGENCE}' AND unite NOT IN (SELECT unite FROM tenues)"
        )


def spread_refusals(etabli: Etabli) -> None:
    """Refuse what refers to a refused or held row, until nothing changes: no live row points to a missing one."""
    for _ in range(MAX_ROUNDS):
        _hold_units(etabli)
        refused = any(etabli.number(f"SELECT count(*) FROM r_{t}") for t in etabli.lues)
        if not refused or not _spread_once(etabli):
            return


def _spread_once(etabli: Etabli) -> int:
    changed = 0
    for target in list(etabli.lues):
        if "id" not in etabli.lues[target].schema.noms:
            continue
        etabli.con.execute(
            f"CREATE OR REPLACE TEMP TABLE _morts AS SELECT DISTINCT w.id FROM w_{target} w "
            f"WHERE w.id IS NOT NULL AND NOT ({etabli.live(target)}) "
            f"AND w.id NOT IN (SELECT id FROM connus_valides WHERE nom = '{target}')"
        )
        if not etabli.number("SELECT count(*) FROM _morts"):
            continue
        for lue in etabli.lues.values():
            for relation in lue.schema.relations:
                if relation.cible == target:
                    changed += _spread(etabli, lue.schema, relation)
        if etabli.has("documents"):
            changed += _spread_scope(etabli, target)
    return changed


def _spread(etabli: Etabli, schema: Schema, relation: Relation) -> int:
    table, column = schema.nom, relation.colonne
    code = "lien_ignore" if relation.souple else "reference_refusee"
    found = etabli.report(
        table,
        code,
        f'SELECT w._ligne, w."{column}" AS valeur, {quote(relation.cible)} AS cible FROM w_{table} w '
        f'WHERE w."{column}" IN (SELECT id FROM _morts) AND {etabli.live(table)}',
        column,
        ("cible",),
    )
    if found and relation.souple:
        etabli.forget(table, column)
    return found


def _spread_scope(etabli: Etabli, target: str) -> int:
    portees = [p for p, t in PORTEES.items() if t == target]
    if not portees:
        return 0
    return etabli.report(
        "documents",
        "reference_refusee",
        f"SELECT w._ligne, w.portee_id AS valeur, {quote(target)} AS cible FROM w_documents w "
        f"WHERE w.portee = {quote(portees[0])} AND w.portee_id IN (SELECT id FROM _morts) "
        f"AND {etabli.live('documents')}",
        "portee_id",
        ("cible",),
    )
