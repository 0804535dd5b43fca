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
from palier.core.sql import parsed, read

MAX_DUES = 24  # shown per compte; beyond, the ledger tells

# The compte's own row is today's, and for today's holders only (patrimoine.policy): a former one keeps the number and
# the rows of his time. The balance is masked here too, for the staff who look at his space through his eyes.
_SITUATIONS = """
with s as materialized (
  select s.id, s.agence_id, s.compte_client_id, s.qualite, s.compte_numero, s.compte_intitule, c.solde, c.solde_le,
    t.du, t.au, coalesce(c.mode_reglement, '') as mode_reglement, coalesce(c.iban_masque, '') as iban_masque,
    t.cercle_id, c.copropriete_id
  from acces_espace s
  join lateral (
    select d.cercle_id, min(d.du) as du, max(d.au) as au from acces_droit d
    where d.agence_id = s.agence_id and d.espace_id = s.id and d.genre = 'compte' and d.du <= %(jour)s
    group by d.cercle_id
  ) t on s.compte_client_id is not null
  left join patrimoine_compteclient c on c.agence_id = s.agence_id and c.id = s.compte_client_id and t.au >= %(jour)s
  where s.id = any(%(espaces)s)
){etendue}
select s.id, s.compte_client_id, s.qualite, s.compte_numero, s.compte_intitule, s.solde, s.solde_le, s.du, s.au,
  s.mode_reglement, s.iban_masque, s.cercle_id, s.copropriete_id,
  e.id, e.type, e.libelle, e.exigible_le, e.montant, e.reste, e.document_id, e.lignes{colonnes}
from s{jointure}
left join lateral (
  select e.id, e.type, e.libelle, e.exigible_le, e.montant, e.montant - coalesce(e.regle, 0) as reste,
    e.document_id, {lignes} as lignes
  from comptabilite_echeance e
  where e.agence_id = s.agence_id and e.compte_client_id = s.compte_client_id and e.exigible_le is not null
    and e.type not in ('recu', 'crg') and e.montant > coalesce(e.regle, 0)
    and (e.regle is not null or e.exigible_le >= %(jour)s)
  order by e.exigible_le, e.id limit %(maximum)s
) e on true
order by s.id, e.exigible_le, e.id
"""
_LIGNES = """(
    select jsonb_agg(jsonb_build_array(l.libelle, coalesce(k.libelle, ''), l.nature, coalesce(o.numero, ''),
      l.montant::text) order by l.rang)
    from comptabilite_echeanceligne l
    left join patrimoine_clerepartition k on k.agence_id = l.agence_id and k.id = l.cle_id
    left join patrimoine_lot o on o.agence_id = l.agence_id and o.id = l.lot_id
    where l.agence_id = e.agence_id and l.echeance_id = e.id)"""


# What is needed before a period is chosen, read with the situation. The sum stops at the balance's date.
_ETENDUE = """, r as materialized (
  select s.id, m.premier, m.dernier, m.total, m.somme, m.nombre, (
    select jsonb_agg(jsonb_build_array(x.libelle, x.debut, x.fin, x.statut) order by x.debut)
    from comptabilite_exercice x where x.agence_id = s.agence_id and x.copropriete_id = s.copropriete_id) as exercices
  from s, lateral (
    select min(le) as premier, max(le) as dernier, coalesce(sum(debit - credit), 0) as total,
      coalesce(sum(debit - credit) filter (where s.solde_le is null or le <= s.solde_le), 0) as somme,
      count(*) as nombre
    from comptabilite_mouvement where agence_id = s.agence_id and compte_client_id = s.compte_client_id
  ) m
)"""


def situations(actor: Actor, espaces: Sequence[UUID]) -> dict[UUID, Situation]:
    """Return the situation of the compte of each space that has one, due items first due first. One statement."""
    if not espaces:
        return {}
    statement = _SITUATIONS.format(lignes="null::jsonb", etendue="", colonnes="", jointure="")
    found: dict[UUID, list[Any]] = {}
    for row in read(actor, statement, {"espaces": list(espaces), "maximum": MAX_DUES}):
        found.setdefault(row[0], []).append(row)
    return {key: _situation(rows) for key, rows in found.items()}


def position(actor: Actor, espace_id: UUID) -> "tuple[Situation, Resume] | None":
    """Return the situation of a space's compte with the lines of its due items, and the extent of its ledger.

    None when the space has no compte. One statement.
    """
    statement = _SITUATIONS.format(
        lignes=_LIGNES,
        etendue=_ETENDUE,
        colonnes=", r.premier, r.dernier, r.total, r.somme, r.nombre, r.exercices",
        jointure=" join r on r.id = s.id",
    )
    rows = read(actor, statement, {"espaces": [espace_id], "maximum": MAX_DUES})
    if not rows:
        return None
    exercices = tuple(
        Periode(x[0], date.fromisoformat(x[1]), date.fromisoformat(x[2]), x[3])
        for x in parsed(rows[0][26]) or ()
    )
    etendue: Any = (*rows[0][21:26], exercices)
    return _situation(rows), Resume(*etendue)


def _situation(rows: Sequence[Any]) -> Situation:
    """Return what the rows of one space say: the same compte on each, a due item on each."""
    first = rows[0]
    dues = tuple(_due(row[13:21]) for row in rows if row[13] is not None)
    fields: Any = (*first[:9], dues, *first[9:13])
    return Situation(*fields)


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


# The running balance is summed over the whole compte, then the period is cut out: it never depends on what is shown.
_ECRITURES = """
select m.id, m.le, m.journal, m.piece, m.libelle, m.debit, m.credit, m.cumul + %(report)s,
  (select d.id from ged_document d where d.agence_id = %(agence)s and d.id = m.document_id
    and d.cercle_id = any(%(cercles)s)) as piece_jointe, m.ligne
from (
  select id, le, journal, piece, libelle, debit, credit, document_id, ligne,
    sum(debit - credit) over (order by le, id) as cumul
  from comptabilite_mouvement where agence_id = %(agence)s and compte_client_id = %(compte)s
) m
where (%(debut)s::date is null or m.le >= %(debut)s) and (%(fin)s::date is null or m.le <= %(fin)s)
  and (%(avant_le)s::date is null or (m.le, m.id) < (%(avant_le)s::date, %(avant_id)s::uuid))
order by m.le desc, m.id desc limit %(maximum)s
"""
# A receipt repeats the notice of the same month where a back-office keeps both: counted once.
_PAR_CLE = """
select coalesce(k.libelle, '') as cle, case when k.id is null then l.nature else '' end as nature, sum(l.montant) as montant
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
# Both at once: the charges stand on every line, and on one without a line when there is none.
_PAGE = f"""
with p as materialized (
  select coalesce(jsonb_agg(jsonb_build_array(p.cle, p.nature, p.montant::text)), '[]') as charges from ({_PAR_CLE}) p
)
select p.charges, m.* from p left join lateral ({_ECRITURES}) m on true order by m.le desc, m.id desc
"""


@dataclass(frozen=True, slots=True)
class Compte:
    """Which ledger is read: of what compte, brought forward by what, with the documents of which cercles."""

    agence_id: UUID
    situation: Situation
    cercles: Sequence[UUID]
    report: Decimal = ZERO

    def parametres(
        self, periode: Periode | None, avant: tuple[date, UUID] | None, maximum: int
    ) -> dict[str, Any]:
        """What the statements about this ledger take."""
        return {
            "agence": self.agence_id,
            "compte": self.situation.compte_id,
            "cercles": list(self.cercles),
            "report": self.report,
            "debut": periode.debut if periode else None,
            "fin": periode.fin if periode else None,
            "avant_le": avant[0] if avant else None,
            "avant_id": avant[1] if avant else None,
            "maximum": maximum,
        }


def ecritures(actor: Actor, compte: Compte, maximum: int = 1_000_000) -> list[Ecriture]:
    """Return the lines of a ledger, newest first, each with the balance after it."""
    return [Ecriture(*row) for row in read(actor, _ECRITURES, compte.parametres(None, None, maximum))]


def page(
    actor: Actor, compte: Compte, periode: Periode, avant: tuple[date, UUID] | None, maximum: int
) -> tuple[list[Ecriture], list[tuple[str, Decimal]]]:
    """Return the lines of a period, newest first (``avant`` pages by key), and its charges. One statement.

    The charges are (key, else nature, in words; euros called), largest first.
    """
    rows = read(actor, _PAGE, compte.parametres(periode, avant, maximum))
    natures = dict(NatureLigne.choices)
    charges = [
        (cle or str(natures.get(nature, nature)), Decimal(montant))
        for cle, nature, montant in parsed(rows[0][0])
    ]
    return [Ecriture(*row[1:]) for row in rows if row[1] is not None], charges
