"""Reads of the accès room: a person's own accès, an agence's accès with their state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palier.acces.enums import EtatAcces
from palier.acces.models import Acces, CodeAcces
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import now


@dataclass(frozen=True, slots=True)
class AccesTenu:
    """One accès of a person, as « Mes accès » shows it."""

    acces_id: UUID
    agence: Agence
    titulaire: str
    rattache_le: datetime | None
    email_partage: str


def held_acces(actor: Actor) -> list[AccesTenu]:
    """Return the accès of the signed-in person, by agence: two queries whatever their number."""
    rows = list(Acces.objects.visible_to(actor).select_related("tiers").order_by("agence_id", "id"))
    agences = Agence.objects.in_bulk({row.agence_id for row in rows})
    held = [
        AccesTenu(row.id, agences[row.agence_id], row.tiers.nom_complet, row.rattache_le, row.email_partage)
        for row in rows
    ]
    return sorted(held, key=lambda one: (one.agence.nom, one.titulaire, str(one.acces_id)))


def state_of(acces: Acces, code: CodeAcces | None) -> EtatAcces:
    """Return where an accès stands, from its last code: expiry is read now, never left to a clean-up."""
    if acces.account_id is not None:
        return EtatAcces.RATTACHE
    if code is None or code.utilise_le is not None:
        return EtatAcces.NON_EMIS
    if code.revoque_le is not None:
        return EtatAcces.REVOQUE
    return EtatAcces.EXPIRE if code.expire_le <= now() else EtatAcces.EMIS


def last_codes(actor: Actor, acces_ids: list[UUID]) -> dict[UUID, CodeAcces]:
    """Return the last code issued to each accès: one query."""
    rows = (
        CodeAcces.objects.visible_to(actor)
        .filter(acces_id__in=acces_ids)
        .order_by("acces_id", "-emis_le", "-id")
        .distinct("acces_id")
    )
    return {row.acces_id: row for row in rows}
