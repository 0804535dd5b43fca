"""Reads for the agence: the runs, what each changed by table and unit, and the rows behind a count."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.sql import parsed, read
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import image
from palier.echanges.historique.calcul import AJOUTEES
from palier.echanges.historique.enums import Operation
from palier.echanges.historique.mots import label, unit_name
from palier.echanges.schemas import schemas

PAGE = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """A run: an import, what it changed, and where its rollback stands (empty: nobody asked)."""

    id: UUID
    dossier: str
    logiciel: str
    base: str
    etat: str
    recu_le: datetime
    fin_le: datetime | None
    arrete_au: date | None
    ajoutes: int
    modifies: int
    inchanges: int
    archives: int
    a_corriger: int
    annulation: str
    voie: str
    auteur: str
    debut_le: datetime | None


@dataclass(frozen=True, slots=True)
class Compte:
    """What an import did to a table in a unit, in rows. ``unite_nom``: a copropriété, a mandat, or the agence."""

    table: str
    titre: str
    unite_id: UUID
    unite_nom: str
    ajoutes: int
    modifies: int
    inchanges: int
    archives: int
    annulee: bool


@dataclass(frozen=True, slots=True)
class LigneChangee:
    """A row that an import touched: its reference in the back-office, how a person names it, its line in the file.

    ``fichier``: the file received, when a profile converted it; else empty, and the line is of the table's own file.
    """

    id: UUID
    reference: str
    nom: str
    ligne: int | None
    fichier: str = ""


@dataclass(frozen=True, slots=True)
class Tranche:
    """A page of rows, numbered from 1."""

    lignes: tuple[LigneChangee, ...]
    page: int
    suivante: bool


_PASSAGES = """
select i.id, i.nom_fichier, coalesce(s.logiciel, ''), coalesce(s.base, ''), i.etat, i.recu_le, i.fin_le, i.arrete_au,
  coalesce((i.bilan ->> 'ajoutes')::int, 0), coalesce((i.bilan ->> 'modifies')::int, 0),
  coalesce((i.bilan ->> 'inchanges')::int, 0), coalesce((i.bilan ->> 'archives')::int, 0),
  coalesce((i.bilan ->> 'a_corriger')::int, 0),
  coalesce((select a.etat from echanges_annulation a where a.agence_id = i.agence_id and a.import_id = i.id
    order by a.demandee_le desc limit 1), ''), i.voie, coalesce(h.nom, ''), i.debut_le
from echanges_import i
left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
left join lateral (select h.nom from agences_habilitation h
  where h.agence_id = i.agence_id and h.account_id = i.recu_de order by h.depuis desc, h.id limit 1) h on true
where i.agence_id = %(agence)s and (%(source)s::uuid is null or i.source_id = %(source)s)
order by i.recu_le desc, i.id desc limit %(limite)s offset %(debut)s
"""


def runs(
    actor: Actor, *, source_id: UUID | None = None, page: int = 1, size: int = PAGE
) -> tuple[list[Passage], bool]:
    """A page of the runs, newest first, and whether another follows. Counts are of what was written."""
    require(actor, Gesture.IMPORT_READ)
    params = {
        "agence": actor.agence_id,
        "source": source_id,
        "limite": size + 1,
        "debut": (max(page, 1) - 1) * size,
    }
    found = [Passage(*row) for row in read(actor, _PASSAGES, params)]
    return found[:size], len(found) > size


_COMPTES = """
select c.table_nom, c.unite_id, coalesce(p.nom, m.numero, ''), m.id is not null, c.ajoutes, c.modifies, c.inchanges,
  c.archives, exists (select 1 from echanges_annulation a where a.agence_id = c.agence_id
    and a.import_id = c.import_id and a.etat = 'faite' and (a.unites is null or a.unites ? c.unite_id::text))
from echanges_changement c
left join patrimoine_copropriete p on p.agence_id = c.agence_id and p.id = c.unite_id
left join patrimoine_mandatgerance m on m.agence_id = c.agence_id and m.id = c.unite_id
where c.agence_id = %(agence)s and c.import_id = %(import)s and (%(table)s = '' or c.table_nom = %(table)s)
"""


def changes(actor: Actor, import_id: UUID, table: str = "") -> list[Compte]:
    """What an import changed, by table (in the format's order) then unit; only where something changed."""
    require(actor, Gesture.IMPORT_READ)
    params = {"agence": actor.agence_id, "import": import_id, "table": table}
    order = {name: rank for rank, name in enumerate(schemas())}
    found = []
    for name, unite, nom, is_mandat, *counts in read(actor, _COMPTES, params):
        unit = unit_name(nom, is_mandat=is_mandat)
        found.append(Compte(name, schemas()[name].titre, unite, unit, *counts))
    return sorted(found, key=lambda c: (order[c.table], c.unite_nom, c.unite_id))


_FICHIER = (
    "coalesce((select i.origines ->> ({rang}) from echanges_import i "
    "where i.agence_id = %(agence)s and i.id = %(import)s), '')"
)
_RANG = (
    "case when %(operation)s = 'modifie' then "
    "case when t.import_id = %(import)s then t.fichier_rang else (v.apres ->> 'fichier_rang')::int end end"
)
_TOUCHEES = """
select t.id, {image}, v.avant, case when %(operation)s = 'modifie' then
    case when t.import_id = %(import)s then t.ligne else (v.apres ->> 'ligne')::int end end, {fichier}
from echanges_version v join {cible} t on t.agence_id = v.agence_id and t.id = v.ligne_id
where v.agence_id = %(agence)s and v.import_id = %(import)s and v.table_nom = %(table)s
  and v.operation = %(operation)s and (%(unite)s::uuid is null or v.unite_id = %(unite)s or t.unite_id = %(unite)s)
order by t.reference, t.id limit %(limite)s offset %(debut)s
"""
# Added then changed by a later import: what that one found bears our import.
_AJOUTEES = """
select x.id, x.valeurs, null, x.ligne, {fichier} from (
  select t.id, {image} as valeurs, t.ligne, t.reference, t.unite_id, t.fichier_rang as rang from {cible} t where {ajoutees}
  union all
  select v.ligne_id, v.avant, (v.avant ->> 'ligne')::int, v.avant ->> 'reference', v.unite_id,
    (v.avant ->> 'fichier_rang')::int from echanges_version v
  where v.agence_id = %(agence)s and v.table_nom = %(table)s and (v.avant ->> 'import_id')::uuid = %(import)s
    and v.avant ->> 'archive_le' is null and not exists (select 1 from echanges_version o
      where o.agence_id = v.agence_id and o.import_id = %(import)s and o.ligne_id = v.ligne_id)
) x where %(unite)s::uuid is null or x.unite_id = %(unite)s
order by x.reference, x.id limit %(limite)s offset %(debut)s
"""


def changed_rows(
    actor: Actor, import_id: UUID, table: str, unite_id: UUID | None, operation: str, page: int = 1
) -> Tranche:
    """A page of the rows that an import added, changed or archived in a unit (None: in all). Raises Invisible."""
    require(actor, Gesture.IMPORT_READ)
    if table not in CIBLES or operation not in Operation.values:
        raise Invisible
    statement, rank = (_AJOUTEES, "x.rang") if operation == Operation.AJOUTE else (_TOUCHEES, _RANG)
    file = _FICHIER.format(rang=rank)
    sql = statement.format(image=image(table), cible=CIBLES[table].table, ajoutees=AJOUTEES, fichier=file)
    params: dict[str, Any] = {
        "agence": actor.agence_id,
        "import": import_id,
        "table": table,
        "unite": unite_id,
        "operation": operation,
        "limite": PAGE + 1,
        "debut": (max(page, 1) - 1) * PAGE,
    }
    rows = []
    for row_id, values, before, ligne, fichier in read(actor, sql, params):
        facts = parsed(before if before is not None and operation == Operation.ARCHIVE else values)
        rows.append(LigneChangee(row_id, str(facts.get("reference", "")), label(facts), ligne, fichier))
    return Tranche(tuple(rows[:PAGE]), max(page, 1), len(rows) > PAGE)
