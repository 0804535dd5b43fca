"""What a rollback touches, in SQL: rows that an import changed, archived or added, in some units or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import ARCHIVE, MODIFIE, image, mark, stored_columns


@dataclass(frozen=True, slots=True)
class Champ:
    """What is taken back: an import's rows, in these units (None: in all); ``deja``: units taken back before."""

    agence_id: UUID
    import_id: UUID
    unites: tuple[UUID, ...] | None
    deja: frozenset[UUID] = frozenset()

    def values(self) -> dict[str, Any]:
        """The parameters of the statements below."""
        unites = None if self.unites is None else list(self.unites)
        reprises = sorted(self.deja | set(self.unites or ()))
        return {"agence": self.agence_id, "import": self.import_id, "unites": unites, "reprises": reprises}


#: Rows of the whole agence that units share → the columns of the units' rows that name them.
PARTAGEES: dict[str, tuple[tuple[str, str], ...]] = {
    "gestionnaires": (("coproprietes", "gestionnaire_id"), ("mandats", "gestionnaire_id")),
    "tiers": (("comptes_tiers", "tiers_id"), ("conseil_syndical", "tiers_id")),
}
_DANS = "(%(unites)s::uuid[] is null or {unite} = any(%(unites)s::uuid[]))"


def _shared(table: str) -> str:
    """The SQL of a row of the whole agence that comes back with units: only they use it, and nothing changed it since.

    Who uses it is read in the rows on line, and in those that the import archived or changed.
    """
    if table not in PARTAGEES:
        return "false"
    mine, others = [], []
    for name, column in PARTAGEES[table]:
        live = f"select l.{column} from {CIBLES[name].table} l where l.agence_id = %(agence)s and l.archive_le is null"
        mine += [
            f"{live} and l.unite_id = any(%(reprises)s::uuid[])",
            f"select (w.avant ->> '{column}')::uuid from echanges_version w where w.agence_id = %(agence)s "
            f"and w.import_id = %(import)s and w.table_nom = '{name}' and w.unite_id = any(%(reprises)s::uuid[])",
        ]
        others.append(f"{live} and l.{column} = t.id and l.unite_id <> all(%(reprises)s::uuid[])")
    return (
        "(t.unite_id = %(agence)s and t.import_id = %(import)s and t.id in (" + " union all ".join(mine) + ") and "
        + " and ".join(f"not exists ({other})" for other in others) + ")"
    )  # fmt: skip


#: The states ``v`` that an import's rows ``t`` had before it, kept and not put back yet.
_GARDEES = "v.agence_id = %(agence)s and v.import_id = %(import)s and v.annule_le is null and v.table_nom = '{table}'"


def _chosen_state(table: str) -> str:
    """The SQL of a kept state ``v`` of a row ``t`` that is put back: of the units, or of what they share."""
    return " or ".join([_DANS.format(unite="v.unite_id"), _DANS.format(unite="t.unite_id"), _shared(table)])


def _versions(table: str) -> str:
    """The SQL of the kept states ``v`` of rows ``t`` that are put back."""
    return f"{_GARDEES.format(table=table)} and ({_chosen_state(table)})"


#: Written by the import, and nothing was there before: the import added it.
AJOUTEES = (
    "t.agence_id = %(agence)s and t.import_id = %(import)s and not exists (select 1 from echanges_version v "
    "where v.agence_id = t.agence_id and v.import_id = t.import_id and v.ligne_id = t.id)"
)
#: What the import did to a row → what taking it back does.
_SORTES = {MODIFIE: "retablies", ARCHIVE: "revenues", "ajoute": "archivees"}


def _chosen_row(table: str) -> str:
    """The SQL of a row ``t`` that the import added, and that leaves: of the units, or of what they share."""
    return f"{_DANS.format(unite='t.unite_id')} or {_shared(table)}"


def _added(table: str) -> str:
    """The SQL of the rows ``t`` that the import added, and that leave the clients' sight."""
    return f"{AJOUTEES} and t.archive_le is null and ({_chosen_row(table)})"


# Fenced, so that what decides is computed once a row.
_DECOMPTE = """
select '{table}', x.unite_id, x.operation, count(*) filter (where x.prise), count(*) filter (where not x.prise)
from ({lignes} offset 0) x where x.prise or x.unite_id = %(agence)s group by 2, 3
"""


def counts(tables: Sequence[str], champ: Champ) -> tuple[dict[tuple[str, UUID], dict[str, int]], int]:
    """How many rows would be restored, would come back, and would be archived, by table and unit; in one statement.

    Besides, how many rows of the whole agence, that the import wrote, stay as it left them.
    """
    parts = []
    for table in tables:
        cible = CIBLES[table].table
        kept = (
            f"select v.unite_id, v.operation, ({_chosen_state(table)}) as prise from echanges_version v join {cible} t "
            f"on t.agence_id = v.agence_id and t.id = v.ligne_id where {_GARDEES.format(table=table)}"
        )
        added = (
            f"select t.unite_id, 'ajoute' as operation, ({_chosen_row(table)}) as prise from {cible} t "
            f"where {AJOUTEES} and t.archive_le is null"
        )
        parts += [_DECOMPTE.format(table=table, lignes=rows) for rows in (kept, added)]
    found: dict[tuple[str, UUID], dict[str, int]] = {}
    staying = 0
    if not parts:
        return found, staying
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts), champ.values())
        for table, unite, operation, count, left in cursor.fetchall():
            staying += left
            if count:
                kinds = found.setdefault((table, unite), {"retablies": 0, "revenues": 0, "archivees": 0})
                kinds[_SORTES[operation]] += int(count)
    return found, staying


def remaining(tables: Sequence[str], champ: Champ) -> int:
    """How many rows of the whole agence, that the import wrote, stay as it left them."""
    if champ.unites is None or champ.agence_id in champ.unites:
        return 0
    return counts(tables, champ)[1]


def take_back(table: str, champ: Champ) -> dict[str, int]:
    """Put the rows of a table back as they were before the import; return how many of each kind.

    Rows that the import had added are archived, never erased: what people did with them points to them.
    """
    cible, values = CIBLES[table].table, champ.values()
    columns = [c for c in stored_columns(table) if c not in {"agence_id", "id"}]
    targets = ", ".join(f'"{c}"' for c in columns)
    origins = ", ".join(f'r."{c}"' for c in columns)
    with connection.cursor() as cursor:
        # First, what was added: once the other rows are restored, they no longer bear this import.
        cursor.execute(f"update {cible} t set archive_le = now() where {_added(table)}", values)
        archived = cursor.rowcount
        chosen = f"retour_{table}"
        origin = f"echanges_version v join {cible} t on t.agence_id = v.agence_id and t.id = v.ligne_id"
        query = f"select v.id, v.ligne_id from {origin} where {_versions(table)}"
        if not mark(chosen, query, values):
            return {"retablies": 0, "revenues": 0, "archivees": archived}
        mine = (
            f"pg_temp.{chosen} x where v.agence_id = %(agence)s and v.id = x.id and t.agence_id = %(agence)s"
        )
        cursor.execute(
            f"update echanges_version v set apres = {image(table)}, annule_le = now() from {cible} t, {mine} "
            "and t.id = x.ligne_id",
            values,
        )
        cursor.execute(
            f"with x as (update {cible} t set ({targets}) = (select {origins} from jsonb_populate_record(t, v.avant) r) "
            f"from echanges_version v, {mine} and t.id = x.ligne_id returning v.operation) "
            "select operation, count(*) from x group by 1",
            values,
        )
        done = dict(cursor.fetchall())
    return {"retablies": done.get(MODIFIE, 0), "revenues": done.get(ARCHIVE, 0), "archivees": archived}


# Within a source only: a row taken over from another source keeps, there, the reference that it had.
_RENOMMEES = """
create temp table rendues on commit drop as
select v.table_nom as nom, v.ligne_id as ligne, (v.avant ->> 'source_id')::uuid as source,
  v.avant ->> 'reference' as reference, coalesce(a.origine, v.avant ->> 'reference') as origine
from echanges_version v
left join echanges_alias a on a.agence_id = v.agence_id and a.table_nom = v.table_nom and a.ligne_id = v.ligne_id
  and a.source_id = (v.avant ->> 'source_id')::uuid
where v.agence_id = %(agence)s and v.import_id = %(import)s and v.annule_le is not null
  and v.avant ->> 'source_id' = v.apres ->> 'source_id' and v.avant ->> 'reference' <> v.apres ->> 'reference'
"""
_ALIAS_RETIRES = """
delete from echanges_alias a using pg_temp.rendues x
where a.agence_id = %(agence)s and a.source_id = x.source and a.table_nom = x.nom
  and (a.ligne_id = x.ligne or a.reference = x.reference)
"""
_ALIAS_RENDUS = """
insert into echanges_alias (agence_id, id, source_id, table_nom, reference, ligne_id, origine)
select %(agence)s, gen_random_uuid(), source, nom, reference, ligne, origine from pg_temp.rendues
where reference <> origine
"""


def give_names_back(champ: Champ) -> int:
    """Let the former references of renamed rows, restored before, lead to them again; return how many."""
    values = champ.values()
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.rendues")
        cursor.execute(_RENOMMEES, values)
        count = int(cursor.rowcount)
        if count:
            cursor.execute(_ALIAS_RETIRES, values)
            cursor.execute(_ALIAS_RENDUS, values)
    return count
