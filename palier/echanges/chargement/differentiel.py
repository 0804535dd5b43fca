"""What a delta does besides adding and changing its own rows: it removes those it names, and keeps the others right.

A row's unit, circle and date may come from another row (an account's unit from its mandate, a document's circle from
who holds the lot): when that other row changes, the rows that a snapshot would have written again are put right here.
"""

from django.db import connection

from palier.acces.droits import refresh_names
from palier.echanges.chargement.base import Bilan, Portee, archive_rows, number, run, stage_of
from palier.echanges.chargement.export import Export
from palier.echanges.chargement.frein import Alerte, check_suppressions
from palier.echanges.chargement.lecture_base import push, stored_column
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import MODIFIE, keep, mark
from palier.echanges.controle import Controle
from palier.echanges.etabli import Etabli
from palier.echanges.schemas import schemas
from palier.echanges.unites import REFERENCES, VIA

_CITE = {"nom": "text", "ref": "text", "ligne": "uuid"}
#: What the droits, the names of the spaces or their units are computed from: the columns, or None for the whole row.
FAITS_DES_DROITS: dict[str, tuple[str, ...] | None] = {
    "coproprietes": ("nom",),
    "immeubles": ("numero", "repetition", "voie", "code_postal", "commune"),
    "lots": ("immeuble_id", "copropriete_id", "type", "numero"),
    "comptes": ("role", "copropriete_id", "publie", "intitule", "unite_id"),
    "comptes_tiers": None,
    "detentions": None,
    "conseil_syndical": None,
    "mandats": None,
    "mandats_lots": None,
    "baux": ("mandat_gerance_id", "compte_client_id", "debut", "sortie_le"),
    "baux_lots": None,
}
#: Rows whose circle is that of the co-owners of their unit.
_CERCLE_DE_L_UNITE = frozenset({"tantiemes", "budgets", "depenses", "resolutions"})


def changes_rights(controle: Controle, exports: list[Export], portee: Portee) -> bool:
    """Whether the droits may be others once this delta is written. Call before it is."""
    etabli = _bench(controle)
    if etabli.has("suppressions"):
        names = ", ".join(f"'{t}'" for t in FAITS_DES_DROITS)
        if etabli.number(f'SELECT count(*) FROM t_suppressions WHERE "table" IN ({names})'):
            return True
    return any(_differs(e, portee) for e in exports if e.table in FAITS_DES_DROITS)


def _differs(export: Export, portee: Portee) -> bool:
    columns = FAITS_DES_DROITS[export.table] or ("empreinte",)
    stored, given = (", ".join(f"{row}.{c}" for c in columns) for row in ("t", "s"))
    return bool(
        number(
            f"select count(*) from (select 1 from {stage_of(export.table)} s left join {export.cible.table} t "
            "on t.agence_id = %(agence)s and t.id = s.id where t.id is null or t.archive_le is not null "
            f"or row({stored}) is distinct from row({given}) limit 1) x",
            {"agence": portee.agence},
        )
    )


def suppression_alerts(controle: Controle, portee: Portee) -> list[Alerte]:
    """Why a person must decide before the rows named are removed."""
    etabli = _bench(controle)
    if not etabli.has("suppressions"):
        return []
    rows = etabli.sql('SELECT "table", count(*) FROM t_suppressions GROUP BY "table" ORDER BY "table"')
    alerts = [check_suppressions(str(t), int(n), portee) for t, n in rows if t in CIBLES]
    return [a for a in alerts if a is not None]


def finish_delta(controle: Controle, exports: list[Export], portee: Portee, tables: dict[str, Bilan]) -> None:
    """Remove what the delta names, then put right the rows that hang from what it changed."""
    etabli = _bench(controle)
    _write_acces(etabli, portee)
    _remove(etabli, portee, tables)
    given = {e.table for e in exports}
    if "tiers" in given:
        with connection.cursor() as cursor:
            cursor.execute(f"select id from {stage_of('tiers')}")
            refresh_names(portee.agence, [row[0] for row in cursor.fetchall()])
    _move_units(etabli, portee)
    if "echeances" in given:
        _date_lines(portee)
    _readdress_documents(etabli, portee, "detentions" in given)


def _bench(controle: Controle) -> Etabli:
    if controle.etabli is None:
        raise ValueError("a refused dossier has no tables")
    return controle.etabli


def _values(portee: Portee) -> dict[str, object]:
    return {"agence": portee.agence, "source": portee.source, "import": portee.import_id}


def _write_acces(etabli: Etabli, portee: Portee) -> None:
    """The provisional identifiers live on the accounts: only those that the delta names change."""
    parts = []
    if etabli.has("acces"):
        parts.append(
            "SELECT coalesce(identifiant_provisoire, '') AS nom, coalesce(invitation, 'aucune') AS ref, "
            "cle_ligne('comptes', compte_id) AS ligne FROM t_acces"
        )
    if etabli.has("suppressions"):
        parts.append(
            "SELECT '', 'aucune', cle_ligne('comptes', id) FROM t_suppressions WHERE \"table\" = 'acces'"
        )
    if parts and push(etabli, " UNION ALL ".join(parts), "acces_donne", _CITE):
        run(
            "update patrimoine_compteclient t set identifiant_source = x.nom, invitation = x.ref "
            "from pg_temp.acces_donne x where t.agence_id = %(agence)s and t.id = x.ligne",
            _values(portee),
        )


def _remove(etabli: Etabli, portee: Portee, tables: dict[str, Bilan]) -> None:
    if not etabli.has("suppressions"):
        return
    push(
        etabli,
        'SELECT c.nom, c.id, c.ligne FROM cites c JOIN t_suppressions t ON t."table" = c.nom AND t.id = c.id',
        "supprime",
        _CITE,
    )
    values = _values(portee)
    for (table,) in etabli.sql('SELECT DISTINCT "table" FROM t_suppressions ORDER BY 1'):
        if table not in CIBLES:
            continue
        _forget_links(str(table), values)
        gone = archive_rows(
            str(table),
            portee,
            f"select t.id from {CIBLES[table].table} t join pg_temp.supprime x on x.ligne = t.id where x.nom = '{table}' "
            "and t.agence_id = %(agence)s and t.source_id = %(source)s and t.archive_le is null",
            values,
        )
        tables.setdefault(str(table), Bilan()).count("archives", gone)


def _forget_links(table: str, values: dict[str, object]) -> None:
    """A link that may be broken is emptied, as a snapshot would."""
    for child, schema in schemas().items():
        for relation in schema.relations:
            if child in CIBLES and relation.souple and relation.cible == table:
                column = stored_column(child, relation.colonne)
                _change(
                    child,
                    f"select t.id from {CIBLES[child].table} t join pg_temp.supprime x on x.ligne = t.{column} "
                    f"where x.nom = '{table}' and t.agence_id = %(agence)s and t.archive_le is null",
                    f"{column} = null",
                    "",
                    values,
                )


def _change(table: str, query: str, assignment: str, origin: str, values: dict[str, object]) -> int:
    """Change the rows whose ids a query gives, their past kept; return how many."""
    temporary = f"redresse_{table}"
    count = mark(temporary, query, values)
    if count:
        keep(table, MODIFIE, temporary, values)
        run(
            f"update {CIBLES[table].table} t set {assignment} from pg_temp.{temporary} z{origin} "
            f"{'and' if ' where ' in origin else 'where'} t.agence_id = %(agence)s and t.id = z.id",
            values,
        )
    return count


# --- units ------------------------------------------------------------------------------------------------


def _move_units(etabli: Etabli, portee: Portee) -> None:
    """Rows on line whose unit is no longer the same, and all that hangs from them."""
    held = "(SELECT unite FROM tenues)"
    parts = [
        f"SELECT '{t}' AS nom, u.unite AS ref, cle_ligne('{t}', k.id) AS ligne, cle_unite(u.unite) AS unite "
        f"FROM connus k JOIN u_{t} u ON u.id = k.id WHERE k.nom = '{t}' AND u.unite <> k.unite "
        f"AND u.unite NOT IN {held} AND k.unite NOT IN {held}"
        for t in REFERENCES
        if t in CIBLES
    ]
    if not push(etabli, " UNION ALL ".join(parts), "deplace", {**_CITE, "unite": "uuid"}):
        return
    values = _values(portee)
    for table in [t for t in REFERENCES if t in CIBLES]:
        _change(
            table,
            f"select t.id from {CIBLES[table].table} t join pg_temp.deplace x on x.ligne = t.id and x.nom = '{table}' "
            "where t.agence_id = %(agence)s and t.archive_le is null and t.unite_id <> x.unite",
            "unite_id = x.unite",
            f", pg_temp.deplace x where x.ligne = z.id and x.nom = '{table}'",
            values,
        )
    for table in schemas():
        if table in CIBLES and table != "comptes":
            _move_children(table, values)


def _move_children(table: str, values: dict[str, object]) -> None:
    links = [(stored_column(table, c), target) for c, target in VIA.get(table, ())]
    if table == "documents":
        links = [("objet_id", t) for t in ("immeubles", "lots", "baux", "comptes", "assemblees")]
    for i, (column, target) in enumerate(links):
        if target not in CIBLES:
            continue
        parent = CIBLES[target].table
        above = "" if table in {"lots", "documents"} else "".join(f" and t.{c} is null" for c, _ in links[:i])
        moved = _change(
            table,
            f"select t.id from {CIBLES[table].table} t join pg_temp.deplace x on x.ligne = t.{column} "
            f"and x.nom = '{target}' join {parent} p on p.agence_id = t.agence_id and p.id = t.{column} "
            f"where t.agence_id = %(agence)s and t.archive_le is null and t.unite_id <> p.unite_id{above}",
            _follow(table),
            f", {parent} p where p.agence_id = %(agence)s and p.id = (select o.{column} from {CIBLES[table].table} o "
            "where o.agence_id = %(agence)s and o.id = z.id)",
            values,
        )
        if moved:
            run(
                "insert into pg_temp.deplace (nom, ref, ligne) "
                f"select '{table}', '', id from pg_temp.redresse_{table}"
            )


def _follow(table: str) -> str:
    """What a row takes from the unit that it moves to."""
    copro = (
        "(select q.{0} from patrimoine_copropriete q where q.agence_id = p.agence_id and q.id = p.unite_id)"
    )
    follow = "unite_id = p.unite_id"
    if table in _CERCLE_DE_L_UNITE:
        follow += f", cercle_id = coalesce({copro.format('cercle_id')}, t.cercle_id)"
    if table == "lots":
        follow += f", copropriete_id = {copro.format('id')}"
    if table == "baux_lots":
        follow += (
            ", mandat_cercle_id = (select m.cercle_id from patrimoine_mandatgerance m "
            "where m.agence_id = p.agence_id and m.id = p.unite_id)"
        )
    if table == "documents":
        council = (
            "(select c.id from acces_cercle c where c.agence_id = p.agence_id and c.genre = 'conseil' "
            "and c.objet_id = p.unite_id)"
        )
        follow += (
            f", cercle_id = case t.audience when 'coproprietaires' then coalesce({copro.format('cercle_id')}, "
            f"t.cercle_id) when 'conseil_syndical' then coalesce({council}, t.cercle_id) else t.cercle_id end"
        )
    return follow


# --- dates and circles --------------------------------------------------------------------------------------


def _date_lines(portee: Portee) -> None:
    """The lines of an échéance are seen as it is: its date, its account."""
    same = "row(t.le, t.cercle_id, t.unite_id) is distinct from row(e.le, e.cercle_id, e.unite_id)"
    _change(
        "echeances_lignes",
        f"select t.id from {stage_of('echeances')} s join comptabilite_echeance e on e.agence_id = %(agence)s "
        "and e.id = s.id join comptabilite_echeanceligne t on t.agence_id = e.agence_id and t.echeance_id = e.id "
        f"where t.archive_le is null and {same}",
        "le = e.le, cercle_id = e.cercle_id, unite_id = e.unite_id",
        ", comptabilite_echeance e where e.agence_id = %(agence)s and e.id = (select o.echeance_id "
        "from comptabilite_echeanceligne o where o.agence_id = %(agence)s and o.id = z.id)",
        _values(portee),
    )


def _readdress_documents(etabli: Etabli, portee: Portee, given: bool) -> None:
    """A document of a lot goes to the account that holds the lot on its date: holdings have changed."""
    lots = [f"select lot_id from {stage_of('detentions')}"] if given else []
    if etabli.has("suppressions") and etabli.number(
        "SELECT count(*) FROM t_suppressions WHERE \"table\" = 'detentions'"
    ):
        lots.append(
            "select d.lot_id from patrimoine_detention d join pg_temp.supprime x on x.ligne = d.id "
            "and x.nom = 'detentions' where d.agence_id = %(agence)s"
        )
    if not lots:
        return
    holder = (
        "(select d.cercle_id from patrimoine_detention d join patrimoine_compteclient c on c.agence_id = d.agence_id "
        "and c.id = d.compte_client_id where d.agence_id = t.agence_id and d.lot_id = t.objet_id "
        "and d.archive_le is null and d.debut <= t.le and coalesce(d.fin, '9999-12-31') >= t.le "
        'order by d.debut desc, c.reference collate "C" desc limit 1)'
    )
    _change(
        "documents",
        f"select t.id from ged_document t where t.agence_id = %(agence)s and t.portee = 'lot' "
        f"and t.audience = 'compte' and t.archive_le is null and t.objet_id in ({' union '.join(lots)}) "
        f"and {holder} is distinct from t.cercle_id and {holder} is not null",
        f"cercle_id = {holder}",
        "",
        _values(portee),
    )
