"""Reads of the accounts of a copropriété: budgets and expenses, by exercice and by key."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from palier.comptabilite.rules.grand_livre import ZERO
from palier.core.actor import Actor
from palier.core.sql import parsed, read

MAX_EXERCICES = 3  # the running one and the last two: what a co-owner may compare (law.md B1)
MAX_DEPENSES = 40  # of the exercice shown first, the latest; beyond, their number is told


@dataclass(frozen=True, slots=True)
class Poste:
    """A line of a budget, in euros."""

    compte_comptable: str
    libelle: str
    vote: Decimal | None
    realise: Decimal | None


@dataclass(frozen=True, slots=True)
class DepenseVue:
    """An invoice, in euros; ``document_id`` is given when its reader may open it."""

    le: date
    fournisseur: str
    libelle: str
    montant_ttc: Decimal
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class CleVue:
    """What a key costs over an exercice; the name is empty for expenses without a key."""

    libelle: str
    postes: tuple[Poste, ...]
    depense: Decimal
    nombre: int
    depenses: tuple[DepenseVue, ...]

    @property
    def vote(self) -> Decimal | None:
        """Total voted, None when nothing says it."""
        found = [p.vote for p in self.postes if p.vote is not None]
        return sum(found, ZERO) if found else None

    @property
    def realise(self) -> Decimal | None:
        """Total spent according to the budget, else the sum of the invoices."""
        found = [p.realise for p in self.postes if p.realise is not None]
        if found:
            return sum(found, ZERO)
        return self.depense if self.nombre else None


@dataclass(frozen=True, slots=True)
class ExerciceVu:
    """An exercice of a copropriété with its keys."""

    id: UUID
    libelle: str
    debut: date
    fin: date
    statut: str
    cles: tuple[CleVue, ...]

    @property
    def vote(self) -> Decimal | None:
        """Total voted over every key."""
        found = [c.vote for c in self.cles if c.vote is not None]
        return sum(found, ZERO) if found else None

    @property
    def realise(self) -> Decimal | None:
        """Total spent over every key."""
        found = [c.realise for c in self.cles if c.realise is not None]
        return sum(found, ZERO) if found else None


_COMPTES = """
with x as (
  select x.id, x.libelle, x.debut, x.fin, x.statut, x.cercle_id, row_number() over (order by x.fin desc, x.id) as rang
  from comptabilite_exercice x where x.agence_id = %(agence)s and x.archive_le is null and x.copropriete_id =
    coalesce(%(copropriete)s::uuid, (select c.copropriete_id from patrimoine_compteclient c
      where c.agence_id = %(agence)s and c.id = %(compte)s))
    and (exists (select 1 from comptabilite_budget b where b.agence_id = x.agence_id and b.exercice_id = x.id
        and b.archive_le is null)
      or exists (select 1 from comptabilite_depense d where d.agence_id = x.agence_id and d.exercice_id = x.id
        and d.archive_le is null))
  order by x.fin desc, x.id limit %(exercices)s
), poste as (
  select b.exercice_id, b.cle_id, jsonb_agg(jsonb_build_array(b.compte_comptable, b.libelle, b.vote::text,
      b.realise::text) order by b.compte_comptable, b.libelle, b.id) as liste
  from x join comptabilite_budget b on b.agence_id = %(agence)s and b.exercice_id = x.id and b.archive_le is null
  group by 1, 2
), facture as (
  select d.exercice_id, d.cle_id, sum(d.montant_ttc) as total, count(*) as nombre,
    jsonb_agg(jsonb_build_array(d.le, d.fournisseur, d.libelle, d.montant_ttc::text, g.id) order by d.le desc, d.id)
      filter (where d.rang <= case when x.rang = 1 then %(depenses)s else 0 end) as liste
  from x join (select d.*, row_number() over (partition by d.exercice_id, d.cle_id order by d.le desc, d.id) as rang
    from comptabilite_depense d where d.agence_id = %(agence)s and d.archive_le is null) d on d.exercice_id = x.id
  left join ged_document g on g.agence_id = d.agence_id and g.id = d.document_id and g.cercle_id = x.cercle_id
    and g.archive_le is null
  group by 1, 2
)
select x.id, x.libelle, x.debut, x.fin, x.statut, coalesce(k.libelle, ''), p.liste, coalesce(f.total, 0),
  coalesce(f.nombre, 0), f.liste
from x
join (select exercice_id, cle_id from poste union select exercice_id, cle_id from facture) l on l.exercice_id = x.id
left join poste p on p.exercice_id = l.exercice_id and p.cle_id is not distinct from l.cle_id
left join facture f on f.exercice_id = l.exercice_id and f.cle_id is not distinct from l.cle_id
left join patrimoine_clerepartition k on k.agence_id = %(agence)s and k.id = l.cle_id
order by x.rang, k.base desc nulls last, k.libelle, l.cle_id
"""


def exercices(
    actor: Actor, agence_id: UUID, compte_id: UUID | None, copropriete_id: UUID | None
) -> list[ExerciceVu]:
    """Return the latest exercices of the copropriété of a space that have a budget or expenses, newest first."""
    values = {
        "agence": agence_id,
        "compte": compte_id,
        "copropriete": copropriete_id,
        "exercices": MAX_EXERCICES,
        "depenses": MAX_DEPENSES,
    }
    heads: dict[UUID, Any] = {}
    cles: dict[UUID, list[CleVue]] = {}
    for row in read(actor, _COMPTES, values):
        heads.setdefault(row[0], row[:5])
        cles.setdefault(row[0], []).append(_cle(row[5:]))
    return [ExerciceVu(*(*head, tuple(cles[key]))) for key, head in heads.items()]


def _cle(row: Any) -> CleVue:
    postes = tuple(Poste(x[0], x[1], _money(x[2]), _money(x[3])) for x in parsed(row[1]) or ())
    depenses = tuple(
        DepenseVue(date.fromisoformat(x[0]), x[1], x[2], Decimal(x[3]), UUID(x[4]) if x[4] else None)
        for x in parsed(row[4]) or ()
    )
    return CleVue(row[0], postes, row[2], row[3], depenses)


def _money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
