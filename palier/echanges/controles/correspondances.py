"""References that change: a back-office renumbers, or another takes its place. The rows keep their identifiers."""

from palier.echanges.etabli import Etabli
from palier.echanges.regles import quote
from palier.echanges.schemas import TECHNIQUES, schemas

#: A chain of renamings in one file is followed this far.
MAX_CHAIN = 20
#: Units are named after the reference of their root.
_PREFIXES = {"coproprietes": "copropriete:", "mandats": "mandat:"}


def renamable() -> tuple[str, ...]:
    """The tables whose rows have one identifier of their own."""
    return tuple(t for t, s in schemas().items() if s.cle == ("id",) and t not in TECHNIQUES)


def resolve_renamings(etabli: Etabli) -> None:
    """Fill ``renommes`` with what must be renamed, and bring ``alias`` up to date.

    Needs ``anciens`` and ``nouveaux`` (nom, id, ligne, unite): the rows on line that the table names, of the source
    itself or of the one that it replaces. Renamings of one file are simultaneous; one whose old reference is not on
    line and is the new one of another continues it.
    """
    con = etabli.con
    known = ", ".join(map(quote, renamable()))
    con.execute(
        'CREATE TABLE pas AS SELECT min(_ligne) AS _ligne, "table" AS nom, ancien_id AS ancien, '
        "any_value(nouvel_id) AS nouvel FROM l_correspondances WHERE ancien_id IS NOT NULL AND nouvel_id IS NOT NULL "
        f'AND "table" IN ({known}) GROUP BY nom, ancien_id HAVING count(*) = 1'
    )
    con.execute(
        "CREATE TABLE chaines AS SELECT p._ligne, p.nom, p.ancien, p.nouvel, a.ligne, a.unite FROM pas p "
        "JOIN anciens a ON a.nom = p.nom AND a.id = p.ancien"
    )
    for _ in range(MAX_CHAIN):
        moved = con.execute(
            "UPDATE chaines SET nouvel = p.nouvel FROM pas p WHERE p.nom = chaines.nom AND p.ancien = chaines.nouvel "
            "AND p.ancien <> p.nouvel AND NOT EXISTS (SELECT 1 FROM anciens a WHERE a.nom = p.nom AND a.id = p.ancien)"
        ).fetchone()
        if not moved or not moved[0]:
            break
    origin = "c.nouvel" if etabli.manifeste.remplace else "coalesce(x.origine, c.ancien)"
    con.execute(
        f"INSERT INTO renommes SELECT c.nom, c.ancien, c.nouvel, c.ligne, c.unite, c._ligne, {origin} FROM chaines c "
        "LEFT JOIN alias x ON x.nom = c.nom AND x.reference = c.ancien "
        "WHERE NOT EXISTS (SELECT 1 FROM nouveaux n WHERE n.nom = c.nom AND n.id = c.nouvel AND n.ligne <> c.ligne "
        "AND NOT EXISTS (SELECT 1 FROM chaines o WHERE o.nom = n.nom AND o.ancien = n.id)) "
        "AND (SELECT count(*) FROM chaines o WHERE o.nom = c.nom AND o.nouvel = c.nouvel) = 1"
    )
    con.execute(
        "DELETE FROM alias WHERE EXISTS (SELECT 1 FROM renommes r WHERE r.nom = alias.nom AND r.ligne = alias.ligne)"
    )
    con.execute("INSERT INTO alias SELECT nom, nouvel, ligne, origine FROM renommes")


def translate(etabli: Etabli, table: str, name: str, column: str) -> None:
    """Give the present reference in ``column`` of ``table``, whose values are ids of the format's table ``name``."""
    etabli.con.execute(
        f'UPDATE {table} SET "{column}" = r.nouvel FROM renommes r WHERE r.nom = {quote(name)} '
        f'AND r.ancien = {table}."{column}"'
    )


def translate_known(etabli: Etabli) -> None:
    """Say the ids and units on line as this dossier names them."""
    con = etabli.con
    if not etabli.number("SELECT count(*) FROM renommes"):
        return
    con.execute(
        "UPDATE connus SET id = r.nouvel FROM renommes r WHERE r.nom = connus.nom AND r.ancien = connus.id"
    )
    for nom, prefix in _PREFIXES.items():
        for table in ("connus", "renommes"):
            con.execute(
                f"UPDATE {table} SET unite = '{prefix}' || r.nouvel FROM (SELECT * FROM renommes) r "
                f"WHERE r.nom = '{nom}' AND {table}.unite = '{prefix}' || r.ancien"
            )


def check_renamings(etabli: Etabli) -> None:
    """Report the renamings that cannot be followed. Needs ``build_units``."""
    if not etabli.has("correspondances"):
        return
    whole = etabli.whole("correspondances")
    known = ", ".join(map(quote, renamable()))
    etabli.report(
        "correspondances",
        "correspondance_table",
        f'SELECT w._ligne, w."table" AS valeur, w."table" AS cible FROM l_correspondances w '
        f'WHERE w."table" NOT IN ({known}) AND {whole}',
        "table",
        ("cible",),
    )
    if etabli.manifeste.remplace is None:
        _check_old_ids(etabli)
    if not etabli.connus:
        return
    etabli.report(
        "correspondances",
        "nouvel_id_utilise",
        "SELECT p._ligne, p.nouvel AS valeur, p.nom AS cible FROM pas p JOIN chaines c USING (_ligne) "
        "WHERE c._ligne NOT IN (SELECT _ligne FROM renommes)",
        "nouvel_id",
        ("cible",),
    )
    etabli.report(
        "correspondances",
        "ancien_id_inconnu",
        "SELECT p._ligne, p.ancien AS valeur, p.nom AS cible FROM pas p "
        "WHERE p._ligne NOT IN (SELECT _ligne FROM chaines) AND p.ancien <> p.nouvel "
        "AND NOT EXISTS (SELECT 1 FROM nouveaux n WHERE n.nom = p.nom AND n.id = p.nouvel) "
        "AND NOT EXISTS (SELECT 1 FROM pas o WHERE o.nom = p.nom AND o.nouvel = p.ancien)",
        "ancien_id",
        ("cible",),
    )
    for table in renamable():
        if etabli.has(table):
            _check_rows(etabli, table)


def _check_old_ids(etabli: Etabli) -> None:
    for table in renamable():
        if etabli.has(table):
            etabli.report(
                "correspondances",
                "ancien_id_present",
                f"SELECT w._ligne, w.ancien_id AS valeur, {quote(table)} AS cible FROM l_correspondances w "
                f'WHERE w."table" = {quote(table)} AND w.ancien_id <> w.nouvel_id '
                f"AND w.ancien_id IN (SELECT id FROM l_{table}) AND w.ancien_id NOT IN "
                f'(SELECT nouvel_id FROM l_correspondances WHERE "table" = {quote(table)} AND nouvel_id IS NOT NULL)',
                "ancien_id",
                ("cible",),
            )


def _check_rows(etabli: Etabli, table: str) -> None:
    """A row whose renaming is refused is not a new row; a reference that was replaced is not free again."""
    etabli.report(
        table,
        "correspondance_refusee",
        f"SELECT w._ligne, w.id AS valeur FROM l_{table} w JOIN l_correspondances x ON x.nouvel_id = w.id "
        f'AND x."table" = {quote(table)} WHERE x._ligne IN (SELECT _ligne FROM r_correspondances)',
        "id",
    )


def check_replaced(etabli: Etabli) -> None:
    """Report the rows that use again a reference which another replaced."""
    if not etabli.number("SELECT count(*) FROM alias WHERE origine <> reference"):
        return
    for table in renamable():
        if etabli.has(table):
            etabli.report(
                table,
                "identifiant_remplace",
                f"SELECT w._ligne, w.id AS valeur, any_value(a.reference) AS nouvel FROM l_{table} w "
                f"JOIN alias a ON a.nom = {quote(table)} AND a.origine = w.id AND a.reference <> a.origine "
                f"WHERE w.id NOT IN (SELECT reference FROM alias WHERE nom = {quote(table)}) "
                "GROUP BY w._ligne, w.id",
                "id",
                ("nouvel",),
            )
