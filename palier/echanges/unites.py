"""Which unit each row belongs to: a copropriété, a mandate, or the agence itself.

A unit goes live whole or not at all. An account follows its copropriété, else its mandate (the first by id), else
the mandate of its lease; everything that hangs from an account follows it. Rows of no unit are the agence's.
"""

from palier.echanges.etabli import Etabli
from palier.echanges.manifeste import AGENCE
from palier.echanges.schemas import schemas

#: How a row finds its unit: the first of these columns that leads to one.
VIA: dict[str, tuple[tuple[str, str], ...]] = {
    "immeubles": (("copropriete_id", "coproprietes"),),
    "lots": (("copropriete_id", "coproprietes"), ("immeuble_id", "immeubles")),
    "cles": (("copropriete_id", "coproprietes"),),
    "tantiemes": (("cle_id", "cles"), ("lot_id", "lots")),
    "comptes": (("copropriete_id", "coproprietes"), ("id", "comptes")),
    "comptes_tiers": (("compte_id", "comptes"),),
    "detentions": (("compte_id", "comptes"), ("lot_id", "lots")),
    "conseil_syndical": (("copropriete_id", "coproprietes"),),
    "mandats_lots": (("mandat_id", "mandats"),),
    "baux": (("mandat_id", "mandats"), ("compte_id", "comptes")),
    "baux_lots": (("bail_id", "baux"),),
    "exercices": (("copropriete_id", "coproprietes"),),
    "assemblees": (("copropriete_id", "coproprietes"),),
    "resolutions": (("assemblee_id", "assemblees"),),
    "echeances": (("compte_id", "comptes"),),
    "echeances_lignes": (("echeance_id", "echeances"),),
    "mouvements": (("compte_id", "comptes"),),
    "budgets": (("exercice_id", "exercices"), ("cle_id", "cles")),
    "depenses": (("exercice_id", "exercices"),),
    "contrats": (("copropriete_id", "coproprietes"), ("bail_id", "baux")),
    "acces": (("compte_id", "comptes"),),
}
#: Tables whose id names the unit itself.
RACINES = {"coproprietes": "copropriete:", "mandats": "mandat:"}
#: What a document may be attached to, and the table that holds it.
PORTEES = {
    "copropriete": "coproprietes",
    "immeuble": "immeubles",
    "lot": "lots",
    "mandat": "mandats",
    "bail": "baux",
    "compte": "comptes",
    "assemblee": "assemblees",
}
#: Tables that others refer to, in the order in which their units are found.
REFERENCES = (
    "coproprietes", "mandats", "immeubles", "lots", "cles", "exercices", "assemblees", "comptes", "baux",
    "echeances", "documents", "etablissements", "gestionnaires", "tiers",
)  # fmt: skip


def _unit_of(table: str) -> tuple[str, str]:
    """The SQL expression of the unit of `x`, a row of l_T, and the joins that it needs."""
    if table in RACINES:
        return f"'{RACINES[table]}' || x.id", ""
    terms, joins = [], []
    via = VIA.get(table, ())
    for i, (column, target) in enumerate(via):
        if target in RACINES:
            terms.append(f"'{RACINES[target]}' || x.\"{column}\"")
        else:
            terms.append(f"v{i}.unite")
            joins.append(f'LEFT JOIN u_{target} v{i} ON v{i}.id = x."{column}"')
    if table == "suppressions":
        terms.append("k.unite")
        joins.append('LEFT JOIN (SELECT nom, id, min(unite) AS unite FROM connus GROUP BY nom, id) k '
                     'ON k.nom = x."table" AND k.id = x.id')  # fmt: skip
    if table == "correspondances":
        terms.append("k.unite")
        joins.append("LEFT JOIN renommes k ON k._ligne = x._ligne")
    if table == "documents":
        for portee, target in PORTEES.items():
            prefix = RACINES.get(target)
            if prefix:
                terms.append(f"CASE WHEN x.portee = '{portee}' THEN '{prefix}' || x.portee_id END")
            else:
                terms.append(f"p_{target}.unite")
                joins.append(
                    f"LEFT JOIN u_{target} p_{target} ON x.portee = '{portee}' AND p_{target}.id = x.portee_id"
                )
    return f"coalesce({', '.join([*terms, repr(AGENCE)])})", " ".join(joins)


def _known(table: str) -> str:
    return f"SELECT id, unite FROM connus WHERE nom = '{table}'"


def _stored_unit(etabli: Etabli) -> str:
    """What says the unit of an account when neither mandates nor leases do: its present one, if they are not given."""
    if etabli.manifeste.is_delta:
        return "k.unite" if not etabli.titres_revus else "NULL"
    whole = etabli.has("mandats", "baux") and not etabli.manifeste.unites
    return "NULL" if whole else "k.unite"


def _accounts(etabli: Etabli) -> None:
    """u_comptes: the only unit that is found from the other side (mandate and lease point to the account)."""
    con = etabli.con
    mandats = "SELECT compte_id, 'mandat:' || id AS unite FROM c_mandats" if etabli.knows("mandats") else ""
    baux = (
        "SELECT compte_id, 'mandat:' || mandat_id AS unite FROM c_baux WHERE mandat_id IS NOT NULL"
        if etabli.knows("baux")
        else ""
    )
    for name, query in (("_par_mandat", mandats), ("_par_bail", baux)):
        empty = "SELECT NULL::VARCHAR AS compte_id, NULL::VARCHAR AS unite WHERE false"
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT compte_id, min(unite) AS unite "
            f"FROM ({query or empty}) GROUP BY compte_id"
        )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE _connus AS SELECT id, min(unite) AS unite FROM ({_known('comptes')}) GROUP BY id"
    )
    if not etabli.knows("comptes"):
        con.execute("CREATE TABLE u_comptes AS SELECT id, unite FROM _connus")
        return
    con.execute(
        "CREATE OR REPLACE TEMP TABLE _direct AS SELECT c.id, any_value(c.compte_principal_id) AS principal, "
        f"min(coalesce('copropriete:' || c.copropriete_id, m.unite, b.unite, {_stored_unit(etabli)})) AS unite "
        "FROM c_comptes c "
        "LEFT JOIN _par_mandat m ON m.compte_id = c.id LEFT JOIN _par_bail b ON b.compte_id = c.id "
        "LEFT JOIN _connus k ON k.id = c.id WHERE c.id IS NOT NULL GROUP BY c.id"
    )
    con.execute(
        f"CREATE TABLE u_comptes AS SELECT d.id, coalesce(d.unite, p.unite, '{AGENCE}') AS unite "
        "FROM _direct d LEFT JOIN _direct p ON p.id = d.principal "
        "UNION ALL SELECT id, unite FROM _connus WHERE id NOT IN (SELECT id FROM _direct)"
    )


def build_units(etabli: Etabli) -> None:
    """Create u_T for every table that others refer to, then w_T for every table of the dossier."""
    con = etabli.con
    etabli.prepare_empty()
    etabli.build_state()
    for table in REFERENCES:
        if table == "comptes":
            _accounts(etabli)
            continue
        own = "SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS unite WHERE false"
        if etabli.knows(table):
            unit, joins = _unit_of(table)
            own = f"SELECT x.id, min({unit}) AS unite FROM c_{table} x {joins} WHERE x.id IS NOT NULL GROUP BY x.id"
        con.execute(f"CREATE TABLE u_{table} AS {own}")
        con.execute(
            f"INSERT INTO u_{table} SELECT id, min(unite) FROM ({_known(table)}) "
            f"WHERE id NOT IN (SELECT id FROM u_{table}) GROUP BY id"
        )
    for table in schemas():
        if etabli.has(table):
            unit, joins = _unit_of(table)
            con.execute(f"CREATE VIEW w_{table} AS SELECT x.*, {unit} AS _unite FROM l_{table} x {joins}")


def build_live(etabli: Etabli) -> None:
    """Create t_T: the rows that may go live, with `_ligne` and `_unite`."""
    for table, lue in etabli.lues.items():
        columns = ", ".join(f'w."{n}"' for n in lue.schema.noms)
        etabli.con.execute(
            f"CREATE VIEW t_{table} AS SELECT {columns}, w._ligne, w._unite FROM w_{table} w WHERE {etabli.live(table)}"
        )
