"""Reads of the returns' room: what a person said to one agence, what it became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from palier.acces.models import Espace
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.sql import parsed, read, read_one
from palier.retours.models import Consentement, Justificatif
from palier.retours.rules.consentements import Regle, est_electronique
from palier.retours.rules.coordonnees import FRAICHEUR_JOURS


@dataclass(frozen=True, slots=True)
class Fiche:
    """What an agence holds of a person, and since when he has not said a word about it."""

    acces_id: UUID
    agence_id: UUID
    agence_nom: str
    agence_slug: str
    email_partage: str
    tiers: dict[str, str]
    verifie_le: datetime | None
    rattache_le: datetime | None
    changements: list[dict[str, Any]]

    @property
    def connu(self) -> bool:
        """Whether the agence still counts this person among its clients: else there is nothing to change."""
        return bool(self.tiers)

    @property
    def jamais_verifie(self) -> bool:
        """Whether the person never said that these details are right."""
        return self.verifie_le is None

    @property
    def a_verifier(self) -> bool:
        """Whether it is time to ask."""
        return self.verifie_le is None or self.verifie_le < now() - timedelta(days=FRAICHEUR_JOURS)


# « Vérifié » is the last word of the person: a confirmation, or a change that he asked for.
_DIT_LE = """
  (select max(x.le) from (
    select v.le from retours_coordonneesverifiees v where v.acces_id = a.id
    union all select c.cree_le from retours_changementcoordonnees c
      where c.acces_id = a.id and c.nature = 'changement' and c.etat <> 'annule') x)"""
_FICHE = f"""
select a.id, a.agence_id, g.nom, g.slug, a.email_partage, to_jsonb(t), {_DIT_LE}, a.rattache_le, (
  select jsonb_agg(x) from (select c.id, c.nature, c.rubrique, c.ancien, c.nouveau, c.etat, c.cree_le, c.transmis_le,
      c.acquitte_le, c.applique_le, c.refuse_le, c.annule_le, c.motif
    from retours_changementcoordonnees c where c.agence_id = a.agence_id and c.acces_id = a.id
    order by c.cree_le desc, c.id desc limit 40) x)
from acces_acces a
join agences_agence g on g.id = a.agence_id
left join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where a.id = %(acces)s and a.account_id = %(account)s and a.detache_le is null
"""


def _dated(found: Any) -> list[dict[str, Any]]:
    """Return rows of a jsonb column with their dates read."""
    rows: list[dict[str, Any]] = parsed(found) or []
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and name.endswith("_le"):
                row[name] = datetime.fromisoformat(value)
            elif isinstance(value, str) and name in ("du", "au"):
                row[name] = date.fromisoformat(value)
    return rows


def contact_sheet(actor: Actor, acces_id: UUID) -> Fiche | None:
    """Return what an agence holds of the person who holds ``acces_id``, with his requests; None for another's."""
    if acces_id not in actor.acces_ids:
        return None
    row = read_one(actor, _FICHE, {"acces": acces_id, "account": actor.account_id})
    if row is None:
        return None
    tiers = {name: value or "" for name, value in (parsed(row[5]) or {}).items()}
    return Fiche(*(*row[:5], tiers, row[6], row[7], _dated(row[8])))


_A_VERIFIER = f"""
select a.id from acces_acces a where a.id = any(%(acces)s)
  and coalesce({_DIT_LE}, a.rattache_le) < now() - make_interval(days => %(jours)s)
order by a.agence_id, a.id
"""


def stale_acces(actor: Actor) -> list[UUID]:
    """Return the accès whose contact details their holder should look at again (A9)."""
    if not actor.acces:
        return []
    rows = read(actor, _A_VERIFIER, {"acces": actor.acces_ids, "jours": FRAICHEUR_JOURS})
    return [row[0] for row in rows]


def held_qualities(actor: Actor, acces_id: UUID) -> set[str]:
    """Return the capacities of the spaces open today under an accès."""
    rows = Espace.objects.visible_to(actor).filter(
        acces_id=acces_id, du__lte=actor.today, au__gte=actor.today
    )
    return set(rows.values_list("qualite", flat=True))


def consent_state(actor: Actor, agence_id: UUID, acces_id: UUID, regle: Regle) -> bool:
    """Tell whether papers of this kind go by electronic means for this person."""
    last = (
        Consentement.objects.visible_to(actor)
        .filter(agence_id=agence_id, acces_id=acces_id, genre=regle.genre)
        .order_by("-cree_le", "-id")
        .values_list("sens", flat=True)
        .first()
    )
    return est_electronique(regle, last)


_CONSENTEMENTS = """
select a.agence_id, g.nom, g.slug,
  (select array_agg(distinct e.qualite) from acces_espace e
    where e.agence_id = a.agence_id and e.acces_id = a.id and e.du <= %(jour)s and e.au >= %(jour)s),
  (select jsonb_object_agg(p.genre, p.propose) from retours_consentementpropose p where p.agence_id = a.agence_id),
  (select jsonb_agg(x) from (select c.id, c.genre, c.sens, c.etat, c.cree_le, c.transmis_le, c.acquitte_le,
      c.applique_le, c.texte_version, c.texte_empreinte, c.texte
    from retours_consentement c where c.agence_id = a.agence_id and c.acces_id = a.id
    order by c.cree_le desc, c.id desc limit 200) x)
from acces_acces a join agences_agence g on g.id = a.agence_id
where a.id = %(acces)s and a.account_id = %(account)s and a.detache_le is null
"""


@dataclass(frozen=True, slots=True)
class Accords:
    """What a person may consent to at an agence, and every act so far, newest first."""

    agence_id: UUID
    agence_nom: str
    agence_slug: str
    qualites: set[str]
    choix: dict[str, bool]
    actes: list[dict[str, Any]]

    def dernier(self, genre: str) -> dict[str, Any] | None:
        """Return the last act of a kind."""
        return next((acte for acte in self.actes if acte["genre"] == genre), None)


def consents(actor: Actor, acces_id: UUID) -> Accords | None:
    """Return the consents of an accès of the actor, or None."""
    if acces_id not in actor.acces_ids:
        return None
    row = read_one(actor, _CONSENTEMENTS, {"acces": acces_id, "account": actor.account_id})
    if row is None:
        return None
    return Accords(row[0], row[1], row[2], set(row[3] or ()), parsed(row[4]) or {}, _dated(row[5]))


def is_tenant(actor: Actor, acces_id: UUID, compte_id: UUID) -> bool:
    """Tell whether an accès holds a tenant's compte: a landlord reads the lease too, and is not insured by it."""
    rows = Espace.objects.visible_to(actor).filter(acces_id=acces_id, compte_client_id=compte_id)
    return bool(rows.filter(qualite="locataire").exists())


_BAIL = """
select b.id, b.numero from patrimoine_bail b
where b.agence_id = %(agence)s and b.compte_client_id = %(compte)s and b.debut <= %(jour)s
  and coalesce(b.sortie_le, %(jour)s) >= %(jour)s
order by b.sortie_le is not null, b.debut desc, b.id limit 1
"""


def current_lease(actor: Actor, agence_id: UUID, compte_id: UUID) -> tuple[UUID, str] | None:
    """Return (id, number) of the lease that a tenant's compte runs today; None once he left."""
    row = read_one(actor, _BAIL, {"agence": agence_id, "compte": compte_id})
    return (row[0], row[1]) if row else None


def proofs(actor: Actor, agence_id: UUID, acces_id: UUID, compte_id: UUID) -> Sequence[Justificatif]:
    """Return the proofs that a person sent for a compte, newest first; those he deleted are gone."""
    return list(
        Justificatif.objects.visible_to(actor)
        .filter(agence_id=agence_id, acces_id=acces_id, compte_client_id=compte_id)
        .exclude(etat="annule")
        .order_by("-cree_le", "-id")[:60]
    )
