"""Reads of a space's property: whom to call, lots and tantièmes, council, mandates, leases."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import Row, parsed, read, read_one


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about a space: the manager named for it, and the branch he works at. Empty texts when unknown."""

    nom: str = ""
    fonction: str = ""
    email: str = ""
    telephone: str = ""
    etablissement: str = ""
    etablissement_telephone: str = ""
    etablissement_email: str = ""
    adresse: str = ""
    points: tuple[
        dict[str, str], ...
    ] = ()  # contact points that the agence shows for this place, its own first
    logo: str = ""


# The manager of the copropriété, or of the landlord's latest mandate; the branch is his, else the copropriété's,
# else the only one of the agence.
_CONTACT = """
select coalesce(nullif(concat_ws(' ', nullif(g.prenom, ''), g.nom), ''), ''), coalesce(g.fonction, ''),
  coalesce(g.email, ''), coalesce(g.telephone, ''), coalesce(t.libelle, ''), coalesce(t.telephone, ''),
  coalesce(t.email, ''), concat_ws(', ', nullif(t.adresse, ''),
    nullif(concat_ws(' ', nullif(t.code_postal, ''), nullif(t.ville, '')), '')),
  (select jsonb_agg(jsonb_build_object('nom', k.nom, 'fonction', k.fonction, 'telephone', k.telephone,
      'email', k.email, 'horaires', k.horaires) order by k.unite_id is null, k.rang, k.nom, k.id)
    from agences_pointcontact k where k.agence_id = %(agence)s and (k.unite_id is null or k.unite_id = p.unite_id)),
  (select a.logo_empreinte from agences_agence a where a.id = %(agence)s)
from (select 1) un
left join lateral (
  select q.gestionnaire_id, q.etablissement_id, q.id as unite_id from patrimoine_copropriete q
  where q.agence_id = %(agence)s and q.id = coalesce(%(copropriete)s::uuid, (
    select c.copropriete_id from patrimoine_compteclient c where c.agence_id = %(agence)s and c.id = %(compte)s))
  union all
  (select m.gestionnaire_id, null, m.id from patrimoine_mandatgerance m
  where m.agence_id = %(agence)s and m.compte_client_id = %(compte)s
  order by coalesce(m.fin, '9999-12-31') desc, m.debut desc nulls last, m.id limit 1)
  limit 1
) p on true
left join patrimoine_gestionnaire g on g.agence_id = %(agence)s and g.id = p.gestionnaire_id and g.archive_le is null
left join lateral (
  select * from patrimoine_etablissement e where e.agence_id = %(agence)s and e.archive_le is null
  order by e.id = g.etablissement_id desc nulls last, e.id = p.etablissement_id desc nulls last, e.libelle, e.id limit 1
) t on true
"""


def contact(actor: Actor, agence_id: UUID, compte_id: UUID | None, copropriete_id: UUID | None) -> Contact:
    """Return whom to call about a compte client or a copropriété."""
    row = read_one(actor, _CONTACT, {"agence": agence_id, "compte": compte_id, "copropriete": copropriete_id})
    if not row:
        return Contact()
    texts: list[Any] = [*row[:8], tuple(parsed(row[8]) or ()), row[9] or ""]
    return Contact(*texts)


@dataclass(frozen=True, slots=True)
class LotTenu:
    """A lot held, let or managed between two dates. Its facts are empty once the person no longer sees the lot."""

    id: UUID
    numero: str
    type: str
    batiment: str
    escalier: str
    etage: str
    porte: str
    surface_m2: Decimal | None
    adresse: str
    debut: date | None
    fin: date | None
    tantiemes: tuple[tuple[str, Decimal, Decimal], ...] = ()


_LOT = """coalesce(l.numero, ''), coalesce(l.type, ''), coalesce(l.batiment, ''), coalesce(l.escalier, ''),
  coalesce(l.etage, ''), coalesce(l.porte, ''), l.surface_m2,
  concat_ws(', ', nullif(concat_ws(' ', nullif(i.numero, ''), nullif(i.repetition, ''), nullif(i.voie, '')), ''),
    nullif(concat_ws(' ', nullif(i.code_postal, ''), nullif(i.commune, '')), ''))"""
_JOINTURES = """
left join patrimoine_lot l on l.agence_id = x.agence_id and l.id = x.lot_id
left join patrimoine_immeuble i on i.agence_id = l.agence_id and i.id = l.immeuble_id"""

_DETENUS = f"""
select x.lot_id, {_LOT}, x.debut, x.fin, (
  select jsonb_agg(jsonb_build_array(k.libelle, v.valeur::text, k.base::text) order by k.base desc, k.libelle)
  from patrimoine_tantieme v join patrimoine_clerepartition k on k.agence_id = v.agence_id and k.id = v.cle_id
  where v.agence_id = x.agence_id and v.lot_id = x.lot_id)
from patrimoine_detention x {_JOINTURES}
where x.agence_id = %(agence)s and x.compte_client_id = %(compte)s
order by x.fin is not null, x.fin desc, l.numero, x.lot_id limit 400
"""


def lots_detenus(actor: Actor, agence_id: UUID, compte_id: UUID) -> list[LotTenu]:
    """Return the lots that a compte holds or held, with their tantièmes in each key."""
    rows = read(actor, _DETENUS, {"agence": agence_id, "compte": compte_id})
    return [
        LotTenu(*(*row[:11], tuple((k, Decimal(v), Decimal(base)) for k, v, base in parsed(row[11]) or ())))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class FaitsCopropriete:
    """What the co-owners know of their copropriété."""

    nom: str
    immatriculation_rnc: str
    reglement_le: date | None
    mandat_syndic_debut: date | None
    mandat_syndic_fin: date | None
    conseil: tuple[tuple[str, date | None, date | None, bool], ...]
    contrats: tuple["ContratVu", ...] = ()


@dataclass(frozen=True, slots=True)
class ContratVu:
    """A contract or an insurance; ``document_id`` is given when its reader may open the document."""

    type: str
    fournisseur: str
    numero: str
    debut: date | None
    fin: date | None
    document_id: UUID | None


# The names of the others are not the co-owner's to read here (law.md B6): their functions and terms are.
_COPROPRIETE = """
select q.nom, q.immatriculation_rnc, q.reglement_le, q.mandat_syndic_debut, q.mandat_syndic_fin, (
  select jsonb_agg(jsonb_build_array(m.fonction, m.debut, m.fin, m.tiers_id = any(array(
      select t.id from patrimoine_tiers t where t.agence_id = %(agence)s)))
    order by case m.fonction when 'president' then 1 when 'membre' then 2 else 3 end, m.debut, m.id)
  from patrimoine_mandatconseil m where m.agence_id = q.agence_id and m.copropriete_id = q.id
    and coalesce(m.debut, %(jour)s) <= %(jour)s and coalesce(m.fin, %(jour)s) >= %(jour)s), (
  select jsonb_agg(jsonb_build_array(k.type, k.fournisseur, k.numero, k.debut, k.fin, d.id)
    order by coalesce(k.fin, '9999-12-31') < %(jour)s, k.type, k.fin desc, k.id)
  from (select * from patrimoine_contrat k where k.agence_id = q.agence_id and k.copropriete_id = q.id
    and k.archive_le is null and k.cercle_id = q.cercle_id
    order by coalesce(k.fin, '9999-12-31') desc, k.id limit 60) k
  left join ged_document d on d.agence_id = k.agence_id and d.id = k.document_id and d.cercle_id = q.cercle_id
    and d.archive_le is null)
from patrimoine_copropriete q
where q.agence_id = %(agence)s and q.id = coalesce(%(copropriete)s::uuid, (
  select c.copropriete_id from patrimoine_compteclient c where c.agence_id = %(agence)s and c.id = %(compte)s))
"""


# Both of one page, in one statement.
_FAITS_ET_CONTACT = f"""
with f (nom, rnc, reglement, debut, fin, conseil, contrats) as ({_COPROPRIETE}),
  c (nom, fonction, email, telephone, etablissement, etablissement_telephone, etablissement_email, adresse) as ({_CONTACT})
select f.*, c.* from c left join f on true
"""


def faits_et_contact(
    actor: Actor, agence_id: UUID, compte_id: UUID | None, copropriete_id: UUID | None
) -> tuple[FaitsCopropriete | None, Contact]:
    """Return the facts of the copropriété of a space, and whom to call about it."""
    values = {"agence": agence_id, "compte": compte_id, "copropriete": copropriete_id}
    row = read_one(actor, _FAITS_ET_CONTACT, values)
    assert row is not None  # the contact is one row by construction
    return (None if row[0] is None else _faits(row)), Contact(*row[7:15])


def _faits(row: Row) -> FaitsCopropriete:
    conseil = tuple(
        (x[0], _date(x[1]), _date(x[2]), bool(x[3]))
        for x in parsed(row[5]) or ()
    )  # fmt: skip
    contrats = tuple(
        ContratVu(x[0], x[1], x[2], _date(x[3]), _date(x[4]), UUID(x[5]) if x[5] else None)
        for x in parsed(row[6]) or ()
    )
    return FaitsCopropriete(*(*row[:5], conseil, contrats))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@dataclass(frozen=True, slots=True)
class BailVu:
    """A lease: its facts, its lots. Amounts in euros a month."""

    id: UUID
    numero: str
    type: str
    debut: date
    fin: date | None
    sortie_le: date | None
    loyer: Decimal | None
    provision_charges: Decimal | None
    terme: str
    depot_garantie: Decimal | None
    indice: str
    indice_trimestre: str
    revision_le: date | None
    assurance_fin: date | None
    lots: tuple[str, ...]
    adresse: str
    mandat_id: UUID | None


_BAIL = """
select b.id, b.numero, b.type, b.debut, b.fin, b.sortie_le, b.loyer, b.provision_charges, b.terme, b.depot_garantie,
  b.indice, b.indice_trimestre, b.revision_le, b.assurance_fin, x.lots, coalesce(x.adresse, ''), b.mandat_gerance_id
from patrimoine_bail b
left join lateral (
  select jsonb_agg(concat_ws(' ', initcap(nullif(l.type, '')), l.numero) order by l.numero) as lots,
    min(concat_ws(', ', nullif(concat_ws(' ', nullif(i.numero, ''), nullif(i.repetition, ''), nullif(i.voie, '')), ''),
      nullif(concat_ws(' ', nullif(i.code_postal, ''), nullif(i.commune, '')), ''))) as adresse
  from patrimoine_baillot x
  join patrimoine_lot l on l.agence_id = x.agence_id and l.id = x.lot_id
  left join patrimoine_immeuble i on i.agence_id = l.agence_id and i.id = l.immeuble_id
  where x.agence_id = b.agence_id and x.bail_id = b.id
) x on true
where b.agence_id = %(agence)s and {condition}
order by b.sortie_le is not null, b.debut desc, b.id limit 400
"""
_BAUX_DU_LOCATAIRE = _BAIL.format(condition="b.compte_client_id = %(compte)s")
_BAUX_DU_BAILLEUR = _BAIL.format(
    condition="b.mandat_gerance_id = any(array(select m.id from patrimoine_mandatgerance m"
    " where m.agence_id = %(agence)s and m.compte_client_id = %(compte)s))"
)


def baux(actor: Actor, agence_id: UUID, compte_id: UUID, *, bailleur: bool) -> list[BailVu]:
    """Return the leases of a tenant's compte, or those of the lots of a landlord's compte; running ones first."""
    statement = _BAUX_DU_BAILLEUR if bailleur else _BAUX_DU_LOCATAIRE
    rows = read(actor, statement, {"agence": agence_id, "compte": compte_id})
    return [BailVu(*(*row[:14], tuple(parsed(row[14]) or ()), *row[15:])) for row in rows]


@dataclass(frozen=True, slots=True)
class MandatVu:
    """A landlord's mandate with the lots managed under it."""

    id: UUID
    numero: str
    debut: date | None
    fin: date | None
    lots: tuple[LotTenu, ...]


_MANDATS = f"""
select m.id, m.numero, m.debut, m.fin, x.lot_id, {_LOT}, x.debut, x.fin
from patrimoine_mandatgerance m
left join patrimoine_mandatlot x on x.agence_id = m.agence_id and x.mandat_gerance_id = m.id {_JOINTURES}
where m.agence_id = %(agence)s and m.compte_client_id = %(compte)s
order by m.fin is not null, m.debut desc nulls last, m.id, l.numero, x.lot_id limit 800
"""


def mandats(actor: Actor, agence_id: UUID, compte_id: UUID) -> list[MandatVu]:
    """Return the mandates of a landlord's compte, running ones first."""
    found: dict[UUID, tuple[tuple[UUID, str, date | None, date | None], list[LotTenu]]] = {}
    for row in read(actor, _MANDATS, {"agence": agence_id, "compte": compte_id}):
        lots = found.setdefault(row[0], (row[:4], []))[1]
        if row[4] is not None:
            lots.append(LotTenu(*row[4:]))
    return [MandatVu(*head, tuple(lots)) for head, lots in found.values()]


_RESUME = """
select
  (select count(*) from patrimoine_detention d where d.agence_id = %(agence)s and d.compte_client_id = %(compte)s
    and d.debut <= %(jour)s and coalesce(d.fin, %(jour)s) >= %(jour)s),
  (select string_agg(concat_ws(' ', initcap(nullif(l.type, '')), l.numero), ', ' order by l.numero)
    from patrimoine_detention d join patrimoine_lot l on l.agence_id = d.agence_id and l.id = d.lot_id
    where d.agence_id = %(agence)s and d.compte_client_id = %(compte)s
      and d.debut <= %(jour)s and coalesce(d.fin, %(jour)s) >= %(jour)s),
  b.debut, b.loyer, b.provision_charges, b.sortie_le,
  (select count(*) from patrimoine_bail o where o.agence_id = %(agence)s and o.mandat_gerance_id = any(array(
    select m.id from patrimoine_mandatgerance m where m.agence_id = %(agence)s and m.compte_client_id = %(compte)s))
    and o.debut <= %(jour)s and coalesce(o.sortie_le, %(jour)s) >= %(jour)s),
  (select string_agg(m.numero, ', ' order by m.numero) from patrimoine_mandatgerance m
    where m.agence_id = %(agence)s and m.compte_client_id = %(compte)s)
from (select 1) un
left join lateral (select * from patrimoine_bail b where b.agence_id = %(agence)s and b.compte_client_id = %(compte)s
  order by b.sortie_le is not null, b.debut desc limit 1) b on true
"""


@dataclass(frozen=True, slots=True)
class ResumeDuBien:
    """The few facts of the property for the first page of a space."""

    lots: int
    lots_noms: str
    bail_debut: date | None
    loyer: Decimal | None
    provision: Decimal | None
    sortie_le: date | None
    baux_en_cours: int
    mandats: str


def resume_du_bien(actor: Actor, agence_id: UUID, compte_id: UUID) -> ResumeDuBien:
    """Return the summary of what a compte holds, rents or lets."""
    row = read_one(actor, _RESUME, {"agence": agence_id, "compte": compte_id})
    assert row is not None  # one row by construction
    return ResumeDuBien(*(row[0], row[1] or "", *row[2:7], row[7] or ""))
