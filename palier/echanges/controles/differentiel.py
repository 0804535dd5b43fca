"""Checks of a delta on the state that results: the stored rows that it touches, and what it changes."""

from palier.echanges.anomalies import Anomalie
from palier.echanges.etabli import Etabli
from palier.echanges.regles import quote
from palier.echanges.schemas import TECHNIQUES, schemas

#: The sums: the table whose column must equal them, their own table, the link between both, and the codes.
CIBLES_DES_SOMMES = {
    "comptes": ("mouvements", "compte_id"),
    "cles": ("tantiemes", "cle_id"),
    "echeances": ("echeances_lignes", "echeance_id"),
}


def check_suppressions(etabli: Etabli) -> None:
    """Judge the rows that a delta takes away; in a snapshot they have no effect, and that is said."""
    if not etabli.has("suppressions"):
        return
    if not etabli.manifeste.is_delta:
        if etabli.number("SELECT count(*) FROM l_suppressions"):
            etabli.collecte.add(Anomalie("table_sans_effet", "suppressions"))
        return
    kept = [t for t in schemas() if t not in TECHNIQUES]
    whole = etabli.whole("suppressions")
    etabli.report(
        "suppressions",
        "suppression_table",
        f'SELECT w._ligne, w."table" AS valeur, w."table" AS cible FROM l_suppressions w WHERE {whole} '
        f'AND w."table" NOT IN ({", ".join(map(quote, kept))})',
        "table",
        ("cible",),
    )
    for table in kept:
        if etabli.has(table):
            ref = " || '|' || ".join(
                f"coalesce(CAST(l.\"{c}\" AS VARCHAR), '')" for c in schemas()[table].cle
            )
            etabli.report(
                "suppressions",
                "suppression_contradictoire",
                f"SELECT w._ligne, w.id AS valeur, {quote(table)} AS cible FROM l_suppressions w "
                f'WHERE w."table" = {quote(table)} AND w.id IN (SELECT {ref} FROM l_{table} l)',
                "id",
                ("cible",),
            )
    if etabli.connus:
        _check_stored(etabli)


def _check_stored(etabli: Etabli) -> None:
    names = ", ".join(quote(t) for t in schemas() if t not in TECHNIQUES and t != "acces")
    etabli.report(
        "suppressions",
        "suppression_inconnue",
        f'SELECT w._ligne, w.id AS valeur, w."table" AS cible FROM l_suppressions w WHERE w."table" IN ({names}) '
        'AND NOT EXISTS (SELECT 1 FROM connus k WHERE k.nom = w."table" AND k.id = w.id)',
        "id",
        ("cible",),
    )
    etabli.report(
        "suppressions",
        "suppression_citee",
        "SELECT w._ligne, w.id AS valeur, c.cible, sum(c.nombre) AS nombre FROM l_suppressions w "
        'JOIN cites_encore c ON c.nom = w."table" AND c.id = w.id GROUP BY w._ligne, w.id, c.cible',
        "id",
        ("cible", "nombre"),
    )


def check_sums(etabli: Etabli) -> None:
    """Σ movements = balance, Σ tantièmes = base, Σ lines = échéance, for what the delta touches."""
    if not etabli.connus:
        return
    partial = etabli.manifeste.historique == "partiel"
    for table, (lines, link) in CIBLES_DES_SOMMES.items():
        if not etabli.knows(table):
            continue
        _state_of_sums(etabli, table, lines, link)
        for code, condition in _judgements(table, partial):
            _report(etabli, table, lines, link, code, condition)


def _state_of_sums(etabli: Etabli, table: str, lines: str, link: str) -> None:
    """_sommes: id, the total of the lines that result, the total at the balance's date, whether there is none."""
    value = (
        "l.debit - l.credit"
        if lines == "mouvements"
        else ("l.valeur" if lines == "tantiemes" else "l.montant")
    )
    dated = "l.le <= coalesce(p.solde_le, DATE '9999-12-31')" if lines == "mouvements" else "true"
    own = "SELECT NULL::VARCHAR AS id, 0 AS total, 0 AS arrete, 0 AS nombre WHERE false"
    if etabli.has(lines):
        own = (
            f'SELECT l."{link}" AS id, sum({value}) AS total, coalesce(sum({value}) FILTER (WHERE {dated}), 0) AS '
            f'arrete, count(*) AS nombre FROM l_{lines} l LEFT JOIN c_{table} p ON p.id = l."{link}" GROUP BY ALL'
        )
    etabli.con.execute(
        f"CREATE OR REPLACE TEMP TABLE _sommes AS SELECT id, sum(total) AS total, sum(arrete) AS arrete, "
        f"sum(nombre) AS nombre FROM (SELECT id, total, arrete, nombre FROM sommes WHERE nom = '{table}' "
        f"UNION ALL SELECT id, total, arrete, nombre FROM ({own})) GROUP BY id"
    )


def _judgements(table: str, partial: bool) -> list[tuple[str, str]]:
    if table == "cles":
        return [("total_tantiemes", "p.base <> coalesce(s.total, 0)")]
    if table == "echeances":
        return [("total_echeance", "s.nombre > 0 AND p.montant <> s.total")]
    wrong = "p.solde <> coalesce(s.total, 0) AND p.solde <> coalesce(s.arrete, 0)"
    if partial:
        return [("total_solde_partiel", wrong)]
    some = "coalesce(s.nombre, 0) > 0"
    return [("total_solde", f"{wrong} AND {some}"), ("total_solde_partiel", f"{wrong} AND NOT ({some})")]


def _report(etabli: Etabli, table: str, lines: str, link: str, code: str, condition: str) -> None:
    """Say the fault at the row of the delta that shows it: the total's, else a line's, else a suppression's."""
    column = {"comptes": "solde", "cles": "base", "echeances": "montant"}[table]
    etabli.con.execute(
        f"CREATE OR REPLACE TEMP TABLE _ecarts AS SELECT p.id, p._ligne, CAST(p.{column} AS VARCHAR) AS {column}, "
        f"CAST(coalesce(s.total, 0) AS VARCHAR) AS somme FROM c_{table} p LEFT JOIN _sommes s ON s.id = p.id "
        f"WHERE (p._ligne IS NOT NULL OR s.id IS NOT NULL) AND {condition}"
    )
    shown = f"e.{column} AS valeur, e.{column}, e.somme"
    if etabli.has(table):
        etabli.report(
            table,
            code,
            f"SELECT e._ligne, {shown} FROM _ecarts e WHERE e._ligne IS NOT NULL",
            column,
            ("somme", column),
            kind="number",
        )
    if etabli.has(lines):
        etabli.report(
            lines,
            code,
            f'SELECT min(l._ligne) AS _ligne, {shown} FROM _ecarts e JOIN l_{lines} l ON l."{link}" = e.id '
            "WHERE e._ligne IS NULL GROUP BY ALL",
            link,
            ("somme", column),
            kind="number",
        )
    if etabli.has("suppressions"):
        absent = (
            f'AND e.id NOT IN (SELECT "{link}" FROM l_{lines} WHERE "{link}" IS NOT NULL)'
            if etabli.has(lines)
            else ""
        )
        etabli.report(
            "suppressions",
            code,
            f"SELECT min(x._ligne) AS _ligne, {shown} FROM _ecarts e JOIN retires x ON x.nom = '{lines}' "
            f"AND x.parent = e.id WHERE e._ligne IS NULL {absent} GROUP BY ALL",
            "id",
            ("somme", column),
            kind="number",
        )
