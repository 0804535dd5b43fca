"""Reads of the accounts: balances and due items, ledger, charges by key. A handful of statements, whatever the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from palier.comptabilite.enums import NatureLigne
from palier.comptabilite.rules.grand_livre import ZERO, Ecriture, Periode
from palier.comptabilite.rules.solde import EcheanceDue, LigneDue, Situation
from palier.core.actor import Actor
from palier.core.sql import parsed, read, read_one

MAX_DUES = 24  # shown per compte; beyond, the ledger tells

# The compte's own row is today's, and for today's holders only (patrimoine.policy): a former one keeps the number and
# the rows of his time. The balance is masked here too, for the staff who look at his space through his eyes.
_SITUATIONS = """
select s.id, s.compte_client_id, s.qualite, s.compte_numero, s.compte_intitule, c.solde, c.solde_le,
  t.du, t.au, coalesce(c.mode_reglement, ''), coalesce(c.iban_masque, ''), t.cercle_id, c.copropriete_id,
  e.id, e.type, e.libelle, e.exigible_le, e.montant, e.reste, e.document_id, e.lignes
from acces_espace s
join lateral (
  select d.cercle_id, min(d.du) as du, max(d.au) as au from acces_droit d
  where d.agence_id = s.agence_id and d.espace_id = s.id and d.genre = 'compte' and d.du <= %(jour)s
  group by d.cercle_id
) t on s.compte_client_id is not null
left join patrimoine_compteclient c on c.agence_id = s.agence_id and c.id = s.compte_client_id and t.au >= %(jour)s
left join lateral (
  select e.id, e.type, e.libelle, e.exigible_le, e.montant, e.montant - coalesce(e.regle, 0) as reste,
    e.document_id, {lignes} as lignes
  from comptabilite_echeance e
  where e.agence_id = s.agence_id and e.compte_client_id = s.compte_client_id and e.exigible_le is not null
    and e.type not in ('recu', 'crg') and e.montant > coalesce(e.regle, 0)
    and (e.regle is not null or e.exigible_le >= %(jour)s)
  order by e.exigible_le, e.id limit %(maximum)s
) e on true
where s.id = any(%(espaces)s)
order by s.id, e.exigible_le, e.id
"""
_LIGNES = """(
    select jsonb_agg(jsonb_build_array(l.libelle, coalesce(k.libelle, ''), l.nature, coalesce(o.numero, ''),
      l.montant::text) order by l.rang)
    from comptabilite_echeanceligne l
    left join patrimoine_clerepartition k on k.agence_id = l.agence_id and k.id = l.cle_id
    left join patrimoine_lot o on o.agence_id = l.agence_id and o.id = l.lot_id
    where l.agence_id = e.agence_id and l.echeance_id = e.id)"""


def situations(actor: Actor, espaces: Sequence[UUID], *, lignes: bool = False) -> dict[UUID, Situation]:
    """Return the situation of the compte of each space that has one, due items first due first. One statement."""
    if not espaces:
        return {}
    statement = _SITUATIONS.format(lignes=_LIGNES if lignes else "null::jsonb")
    found: dict[UUID, Situation] = {}
    dues: dict[UUID, list[EcheanceDue]] = {}
    for row in read(actor, statement, {"espaces": list(espaces), "maximum": MAX_DUES}):
        if row[0] not in found:
            found[row[0]] = Situation(*(*row[:9], (), *row[9:13]))
        if row[13] is not None:
            dues.setdefault(row[0], []).append(_due(row[13:]))
    return {
        key: Situation(*(*_fields(value), tuple(dues.get(key, ())), *_rest(value)))
        for key, value in found.items()
    }


def _fields(s: Situation) -> Any:
    return (
        s.espace_id, s.compte_id, s.role, s.numero, s.intitule, s.solde, s.solde_le, s.titre_du, s.titre_au
    )  # fmt: skip


def _rest(s: Situation) -> Any:
    return s.mode_reglement, s.iban_masque, s.cercle_id, s.copropriete_id


def _due(row: Any) -> EcheanceDue:
    lignes = tuple(LigneDue(x[0], x[1], x[2], x[3], Decimal(x[4])) for x in parsed(row[7]) or ())
    return EcheanceDue(*(*row[:7], lignes))


@dataclass(frozen=True, slots=True)
class Resume:
    """What is needed before a period is chosen: dates, sums and exercices. ``somme`` stops at the balance's date."""

    premier: date | None
    dernier: date | None
    total: Decimal
    somme: Decimal
    nombre: int
    exercices: tuple[Periode, ...]


_RESUME = """
select m.premier, m.dernier, m.total, m.somme, m.nombre, x.liste
from (
  select min(le) as premier, max(le) as dernier, coalesce(sum(debit - credit), 0) as total,
    coalesce(sum(debit - credit) filter (where %(arrete)s::date is null or le <= %(arrete)s::date), 0) as somme,
    count(*) as nombre
  from comptabilite_mouvement where agence_id = %(agence)s and compte_client_id = %(compte)s
) m, (
  select jsonb_agg(jsonb_build_array(libelle, debut, fin, statut) order by debut) as liste
  from comptabilite_exercice where agence_id = %(agence)s and copropriete_id = %(copropriete)s
) x
"""


def resume(actor: Actor, agence_id: UUID, situation: Situation) -> Resume:
    """Return the extent of the ledger of a compte and the exercices that divide it."""
    row = read_one(
        actor,
        _RESUME,
        {
            "agence": agence_id,
            "compte": situation.compte_id,
            "copropriete": situation.copropriete_id,
            "arrete": situation.solde_le,
        },
    )
    assert row is not None  # an aggregate always gives a row
    exercices = tuple(
        Periode(x[0], date.fromisoformat(x[1]), date.fromisoformat(x[2]), x[3]) for x in parsed(row[5]) or ()
    )
    return Resume(*(*row[:5], exercices))


# The running balance is summed over the whole compte, then the period is cut out: it never depends on what is shown.
_ECRITURES = """
select m.id, m.le, m.journal, m.piece, m.libelle, m.debit, m.credit, m.cumul + %(report)s,
  (select d.id from ged_document d where d.agence_id = %(agence)s and d.id = m.document_id
    and d.cercle_id = any(%(cercles)s)), m.ligne
from (
  select id, le, journal, piece, libelle, debit, credit, document_id, ligne,
    sum(debit - credit) over (order by le, id) as cumul
  from comptabilite_mouvement where agence_id = %(agence)s and compte_client_id = %(compte)s
) m
where (%(debut)s::date is null or m.le >= %(debut)s) and (%(fin)s::date is null or m.le <= %(fin)s)
  and (%(avant_le)s::date is null or (m.le, m.id) < (%(avant_le)s::date, %(avant_id)s::uuid))
order by m.le desc, m.id desc limit %(maximum)s
"""


def ecritures(
    actor: Actor,
    agence_id: UUID,
    situation: Situation,
    cercles: Sequence[UUID],
    *,
    report: Decimal = ZERO,
    periode: Periode | None = None,
    avant: tuple[date, UUID] | None = None,
    maximum: int = 1_000_000,
) -> list[Ecriture]:
    """Return the lines of a compte, newest first, each with the balance after it; ``avant`` pages by key."""
    rows = read(
        actor,
        _ECRITURES,
        {
            "agence": agence_id,
            "compte": situation.compte_id,
            "cercles": list(cercles),
            "report": report,
            "debut": periode.debut if periode else None,
            "fin": periode.fin if periode else None,
            "avant_le": avant[0] if avant else None,
            "avant_id": avant[1] if avant else None,
            "maximum": maximum,
        },
    )
    return [Ecriture(*row) for row in rows]


# A receipt repeats the notice of the same month where a back-office keeps both: counted once.
_PAR_CLE = """
select coalesce(k.libelle, ''), case when k.id is null then l.nature else '' end, sum(l.montant)
from comptabilite_echeance e
join comptabilite_echeanceligne l on l.agence_id = e.agence_id and l.echeance_id = e.id
left join patrimoine_clerepartition k on k.agence_id = l.agence_id and k.id = l.cle_id
where e.agence_id = %(agence)s and e.compte_client_id = %(compte)s
  and coalesce(e.periode_debut, e.exigible_le, e.le) between %(debut)s and %(fin)s
  and not (e.type in ('quittance', 'recu') and e.periode_debut is not null and exists (
    select 1 from comptabilite_echeance a where a.agence_id = e.agence_id and a.compte_client_id = e.compte_client_id
      and a.type = 'avis_echeance' and a.periode_debut = e.periode_debut))
group by 1, 2 having sum(l.montant) <> 0 order by abs(sum(l.montant)) desc, 1, 2 limit 12
"""


def charges_par_cle(
    actor: Actor, agence_id: UUID, compte_id: UUID, periode: Periode
) -> list[tuple[str, Decimal]]:
    """Return (key, else nature, in words; euros called) over a period, largest first."""
    rows = read(
        actor,
        _PAR_CLE,
        {"agence": agence_id, "compte": compte_id, "debut": periode.debut, "fin": periode.fin},
    )
    natures = dict(NatureLigne.choices)
    return [(cle or str(natures.get(nature, nature)), montant) for cle, nature, montant in rows]
