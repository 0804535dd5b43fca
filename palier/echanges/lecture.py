"""Reads a prepared table into the engine: typed columns, a bit for each way in which a cell is wrong."""

from palier.echanges.anomalies import SAMPLES, Anomalie, refusal
from palier.echanges.etabli import STRUCTURE, Etabli, Lue, read_csv
from palier.echanges.lignes import CACHES
from palier.echanges.masque import mask
from palier.echanges.regles import Regle, build_column, quote


def _raw(lue: Lue, name: str) -> str:
    """The raw SQL expression of a column: null when the file does not give it."""
    if name not in lue.colonnes:
        return "CAST(NULL AS VARCHAR)"
    cell = f"c{lue.colonnes.index(name)}"
    if lue.preparee.caches and lue.schema.champ(name).type == "string":
        return f"nullif(regexp_replace({cell}, {quote(CACHES)}, '', 'g'), '')"
    return cell


def _expressions(lue: Lue, excel: bool) -> tuple[list[str], list[str], list[str]]:
    """The typed values, the columns to keep and the fault terms; gives each rule its bit."""
    values, columns, terms = [], [], []
    bit = STRUCTURE
    for i, champ in enumerate(lue.schema.champs):
        given = champ.nom in lue.colonnes
        colonne = build_column(champ, _raw(lue, champ.nom), excel, f"k{i}")
        values.append(f"{colonne.valeur} AS k{i}")
        columns.append(f'{colonne.finale} AS "{champ.nom}"')
        if not given:
            continue
        cases = []
        for regle in colonne.regles:
            bit <<= 1
            lue.regles[bit] = regle
            if regle.code != "valeur_ignoree":
                lue.masque_ligne |= bit
            cases.append(f"WHEN {regle.condition} THEN {bit}")
        if cases:
            terms.append(f"CASE {' '.join(cases)} ELSE 0 END")
    return values, columns, terms


def read_table(etabli: Etabli, lue: Lue) -> None:
    """Create l_T and r_T. Faults are reported later, once the unit of each line is known. Raises DossierRefuse."""
    table = lue.schema.nom
    values, columns, terms = _expressions(lue, etabli.manifeste.dialecte == "excel-fr")
    faults = " | ".join(f"({t})::UBIGINT" for t in terms) or "0::UBIGINT"
    etabli.con.execute(
        f"CREATE TABLE l_{table} AS SELECT _ligne, {', '.join(columns)}, {faults} AS _f "
        f"FROM (SELECT *, {', '.join(values)} FROM {read_csv(lue, table)})"
    )
    etabli.con.execute(f"CREATE TABLE r_{table} (_ligne BIGINT)")
    etabli.lues[table] = lue
    _keep_unreadable(etabli, lue)
    found = etabli.number(f"SELECT count(*) FROM l_{table}")
    if found != lue.preparee.enregistrements:
        raise refusal("table_illisible", table)


def _keep_unreadable(etabli: Etabli, lue: Lue) -> None:
    """Add the rejected lines to l_T with the identifiers that can be read, so that their unit can be known."""
    table = lue.schema.nom
    if not etabli.number(f"SELECT count(*) FROM e_{table}"):
        return
    wanted = {*lue.schema.cle, *(r.colonne for r in lue.schema.relations), "portee", "portee_id"}
    texts = {c.nom for c in lue.schema.champs if c.type == "string"}
    names = [n for n in lue.schema.noms if n in wanted & texts and n in lue.colonnes]
    cells = "".join(f", nullif(trim(p[{lue.colonnes.index(n) + 2}], '\"'), '')" for n in names)
    columns = "".join(f', "{n}"' for n in names)
    etabli.con.execute(
        f"INSERT INTO l_{table} (_ligne{columns}, _f) SELECT try_cast(p[1] AS BIGINT){cells}, {STRUCTURE} "
        f"FROM (SELECT DISTINCT csv_line, string_split(csv_line, ';') AS p FROM e_{table})"
    )
    if etabli.number(f"SELECT count(*) FROM l_{table} WHERE _ligne IS NULL"):
        raise refusal("table_illisible", table)


def report_cells(etabli: Etabli, lue: Lue) -> None:
    """Report every faulty line and cell of a table, and refuse its lines. Needs w_T."""
    table = lue.schema.nom
    if lue.preparee.caches:
        _report_hidden(etabli, lue)
    bits = etabli.number(f"SELECT bit_or(_f) FROM l_{table}")
    if not bits:
        return
    if bits & STRUCTURE:
        _report_unreadable(etabli, lue)
    for bit, regle in lue.regles.items():
        if bits & bit:
            _report_rule(etabli, lue, bit, regle)
    etabli.con.execute(
        f"INSERT INTO r_{table} SELECT _ligne FROM l_{table} WHERE _f & {lue.masque_ligne} <> 0"
    )


def _report_hidden(etabli: Etabli, lue: Lue) -> None:
    """Say which texts had characters that nobody sees; they were taken out while reading."""
    for champ in lue.schema.champs:
        if champ.type == "string" and champ.nom in lue.colonnes:
            cell = f"c{lue.colonnes.index(champ.nom)}"
            etabli.report(
                lue.schema.nom,
                "caracteres_caches",
                f"SELECT _ligne, {cell} AS valeur FROM {lue.source} WHERE regexp_matches({cell}, {quote(CACHES)})",
                champ.nom,
            )


def _report_rule(etabli: Etabli, lue: Lue, bit: int, regle: Regle) -> None:
    table = lue.schema.nom
    champ = lue.schema.champ(regle.colonne)
    total = etabli.number(f"SELECT count(*) FROM l_{table} WHERE _f & {bit} <> 0")
    rows = etabli.sql(
        f"SELECT w._ligne, {etabli.identity(table)}, w._unite FROM w_{table} w "
        f"WHERE w._f & {bit} <> 0 ORDER BY w._ligne LIMIT {SAMPLES}"
    )
    wanted = ", ".join(str(r[0]) for r in rows)
    raw: dict[int, str | None] = dict(
        etabli.sql(
            f"SELECT _ligne, c{lue.colonnes.index(regle.colonne)} FROM {lue.source} WHERE _ligne IN ({wanted})"
        )
    )
    etabli.collecte.add_all(
        regle.code,
        total,
        [
            Anomalie(
                regle.code,
                table,
                ligne,
                str(identity or ""),
                regle.colonne,
                mask(str(raw.get(ligne) or ""), champ.type),
                str(unite or ""),
                regle.params,
            )
            for ligne, identity, unite in rows
        ],
    )


def _report_unreadable(etabli: Etabli, lue: Lue) -> None:
    table = lue.schema.nom
    rows = etabli.sql(
        "SELECT try_cast(split_part(csv_line, ';', 1) AS BIGINT) AS n, min(error_type::VARCHAR), "
        f"len(string_split(any_value(csv_line), ';')) - 2 FROM e_{table} GROUP BY n ORDER BY n"
    )
    identities: dict[int, str] = dict(
        etabli.sql(
            f"SELECT w._ligne, {etabli.identity(table)} || chr(31) || w._unite FROM w_{table} w "
            f"WHERE w._f & {STRUCTURE} <> 0 ORDER BY w._ligne LIMIT {10 * SAMPLES}"
        )
    )
    for ligne, error, found in rows:
        identity, _, unite = (identities.get(ligne) or "\x1f").partition("\x1f")
        code = lue.preparee.fautes.get(ligne) or _code_of(str(error))
        params: tuple[tuple[str, object], ...] = ()
        if code == "ligne_colonnes":
            params = (("trouvees", found), ("attendues", len(lue.colonnes)))
        etabli.collecte.add(Anomalie(code, table, ligne, identity, unite=unite, params=params))


def _code_of(error: str) -> str:
    if "COLUMNS" in error:
        return "ligne_colonnes"
    return "guillemet_mal_place" if "QUOTE" in error else "ligne_illisible"


def report_double_keys(etabli: Etabli, lue: Lue) -> None:
    """Report and refuse every line whose primary key is used twice: nobody can say which one is right."""
    table = lue.schema.nom
    if len(lue.schema.cle) == 1:
        column = lue.schema.cle[0]
        if not etabli.number(f'SELECT count("{column}") - count(DISTINCT "{column}") FROM l_{table}'):
            return
    key = ", ".join(f'"{c}"' for c in lue.schema.cle)
    same = " AND ".join(f'w."{c}" IS NOT DISTINCT FROM d."{c}"' for c in lue.schema.cle)
    names = ", ".join(lue.schema.cle)
    etabli.con.execute(
        f"CREATE OR REPLACE TEMP TABLE _doubles AS SELECT {key}, min(_ligne) AS premiere FROM l_{table} "
        f'WHERE _f & {STRUCTURE} = 0 AND "{lue.schema.cle[0]}" IS NOT NULL GROUP BY {key} HAVING count(*) > 1'
    )
    if etabli.number("SELECT count(*) FROM _doubles"):
        etabli.report(
            table,
            "cle_double",
            f"SELECT w._ligne, NULL AS valeur, d.premiere, {quote(names)} AS cle FROM l_{table} w "
            f"JOIN _doubles d ON {same} WHERE w._f & {STRUCTURE} = 0",
            names if len(lue.schema.cle) == 1 else "",
            ("premiere", "cle"),
        )
