"""Writes the references that change: rows keep their identifiers, and what users hang on them its links."""

from uuid import UUID

from django.utils.translation import gettext as _

from palier.echanges.chargement.base import Portee, archive_rows, number, run
from palier.echanges.chargement.frein import LIGNES, PART, Alerte
from palier.echanges.chargement.lecture_base import push, stored_column
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import MODIFIE, keep
from palier.echanges.controle import Controle
from palier.echanges.schemas import schemas


def stage_renamings(controle: Controle) -> int:
    """Bring the renamings that hold to PostgreSQL; nothing is changed yet."""
    etabli = controle.etabli
    if etabli is None:
        raise ValueError("a refused dossier has no tables")
    live = (
        "JOIN t_correspondances t ON t._ligne = r._ligne" if etabli.has("correspondances") else "WHERE false"
    )
    return push(
        etabli,
        f"SELECT r.nom, r.ancien, r.nouvel, r.ligne, r.origine FROM renommes r {live}",
        "renomme",
        {"nom": "text", "ancien": "text", "nouvel": "text", "ligne": "uuid", "origine": "text"},
    )


def rename_rows(controle: Controle, portee: Portee) -> None:
    """Give their new reference to the rows that `correspondances` names. Needs ``stage_renamings``."""
    etabli = controle.etabli
    if etabli is None or not number("select count(*) from pg_temp.renomme"):
        return
    values = {"agence": portee.agence, "source": portee.source, "import": portee.import_id}
    touched = {str(r[0]) for r in etabli.sql("SELECT DISTINCT nom FROM renommes")}
    for table in sorted(touched & CIBLES.keys()):
        run("drop table if exists pg_temp.renomme_table")
        run(
            "create temp table renomme_table on commit drop as "
            f"select ligne as id, nouvel from pg_temp.renomme where nom = '{table}'"
        )
        keep(table, MODIFIE, "renomme_table", values)
        run(
            f"update {CIBLES[table].table} t set reference = x.nouvel, source_id = %(source)s, import_id = %(import)s "
            "from pg_temp.renomme_table x where t.agence_id = %(agence)s and t.id = x.id",
            values,
        )
    _keep_alias(values)
    _rewrite_composed(touched, portee)


def _keep_alias(values: dict[str, UUID]) -> None:
    run(
        "delete from echanges_alias a using pg_temp.renomme x where a.agence_id = %(agence)s "
        "and a.source_id = %(source)s and a.table_nom = x.nom and (a.ligne_id = x.ligne or a.reference = x.nouvel)",
        values,
    )
    run(
        "insert into echanges_alias (agence_id, id, source_id, table_nom, reference, ligne_id, origine) "
        "select %(agence)s, gen_random_uuid(), %(source)s, nom, nouvel, ligne, origine from pg_temp.renomme",
        values,
    )


def _rewrite_composed(touched: set[str], portee: Portee) -> None:
    """The references made of several parts follow those of their parts."""
    for table, schema in schemas().items():
        links = {r.colonne: r.cible for r in schema.relations}
        parts = [c for c in schema.cle if links.get(c) in touched]
        if table not in CIBLES or not parts:
            continue
        joins, text = [], []
        for i, column in enumerate(schema.cle):
            stored = stored_column(table, column)
            if column in links:
                joins.append(
                    f"left join {CIBLES[links[column]].table} p{i} on p{i}.agence_id = o.agence_id and p{i}.id = o.{stored}"
                )
                text.append(f"coalesce(p{i}.reference, '')")
            else:
                text.append(f"coalesce(o.{stored}::text, '')")
        cited = " or ".join(
            f"o.{stored_column(table, c)} in (select ligne from pg_temp.renomme where nom = '{links[c]}')"
            for c in parts
        )
        whole = " || '|' || ".join(text)
        run(
            f"update {CIBLES[table].table} t set reference = x.ref from (select o.id, {whole} as ref "
            f"from {CIBLES[table].table} o {' '.join(joins)} where o.agence_id = %(agence)s and o.source_id = %(source)s "
            f"and ({cited})) x where t.agence_id = %(agence)s and t.id = x.id and t.reference <> x.ref",
            {"agence": portee.agence, "source": portee.source},
        )


def check_takeover(portee: Portee, ancienne: UUID, tables: tuple[str, ...]) -> list[Alerte]:
    """Whether too much of the source replaced has no successor. Needs ``stage_renamings``."""
    found = []
    for table in (t for t in tables if t in CIBLES):
        query, values = _left(table, portee, ancienne)
        leaving = number(f"select count(*) from ({query}) x", values)
        total = number(
            f"select count(*) from {CIBLES[table].table} t where t.agence_id = %(agence)s and t.archive_le is null "
            "and t.source_id = any(array[%(ancienne)s, %(source)s]::uuid[])",
            {**values, "source": portee.source},
        )
        if leaving > LIGNES and leaving > PART * total:
            found.append(Alerte(table, takeover_sentence(table, leaving)))
    return found


def takeover_sentence(table: str, leaving: int) -> str:
    """Why a change of software waits."""
    message = _("%(titre)s : %(nombre)d lignes de la source remplacée n’ont pas de correspondance.")
    return message % {"titre": schemas()[table].titre, "nombre": leaving}


def _left(table: str, portee: Portee, ancienne: UUID) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {"agence": portee.agence, "ancienne": ancienne, "tenues": list(portee.tenues)}
    return (
        f"select t.id from {CIBLES[table].table} t where t.agence_id = %(agence)s and t.source_id = %(ancienne)s "
        "and t.archive_le is null and t.unite_id <> all(%(tenues)s::uuid[]) "
        "and not exists (select 1 from pg_temp.renomme r where r.ligne = t.id)"
    ), values


def close_replaced(portee: Portee, ancienne: UUID, tables: tuple[str, ...]) -> dict[str, dict[UUID, int]]:
    """Archive what the source replaced still has on line, and close it; return what left, by table and unit."""
    gone = {}
    for table in (t for t in tables if t in CIBLES):
        query, values = _left(table, portee, ancienne)
        gone[table] = archive_rows(table, portee, query, values)
    run(
        "update echanges_source set remplacee_par = %(source)s, sequence = null, fichiers = '{}' "
        "where agence_id = %(agence)s and id = %(ancienne)s",
        {"agence": portee.agence, "source": portee.source, "ancienne": ancienne},
    )
    run(
        "delete from echanges_alias where agence_id = %(agence)s and source_id = %(ancienne)s",
        {"agence": portee.agence, "ancienne": ancienne},
    )
    return gone
