"""Reads of the processor's duties."""

from dataclasses import dataclass
from uuid import UUID

from palier.accounts.models import Account
from palier.core.actor import Actor
from palier.core.dates import today
from palier.vie_privee.enums import EffetInstruction
from palier.vie_privee.models import Communication, Instruction, Obligation, Opposition, SousTraitant


def sub_processors() -> list[SousTraitant]:
    """Return every sub-processor, those to come first, then the present, then the past."""
    rows = list(SousTraitant.objects.order_by("nom", "id"))
    day = today()

    def rank(row: SousTraitant) -> int:
        if row.jusqu_au is not None and row.jusqu_au < day:
            return 2
        return 0 if row.depuis > day else 1

    return sorted(rows, key=rank)


def instructions(actor: Actor, agence_id: UUID | None = None) -> list[Instruction]:
    """Return the instructions that the actor sees, those in force first."""
    rows = Instruction.objects.visible_to(actor)
    if agence_id is not None:
        rows = rows.filter(agence_id=agence_id)
    found = list(rows.order_by("-donnee_le", "id")[:200])
    return sorted(found, key=lambda row: row.fin_le is not None)


def notices_suspended(actor: Actor, agence_id: UUID) -> bool:
    """Tell whether the agence has instructed that no notice of new documents be sent."""
    rows = Instruction.objects.visible_to(actor).filter(
        agence_id=agence_id, effet=EffetInstruction.AVIS_SUSPENDUS
    )
    return bool(rows.filter(fin_le=None).exists())


def objections(actor: Actor) -> dict[UUID, list[Opposition]]:
    """Return the objections that the actor sees, by sub-processor."""
    found: dict[UUID, list[Opposition]] = {}
    for row in Opposition.objects.visible_to(actor).order_by("le", "id"):
        found.setdefault(row.sous_traitant_id, []).append(row)
    return found


def obligations(actor: Actor, agence_id: UUID | None = None) -> list[Obligation]:
    """Return the legal obligations announced that the actor may know of, the newest first."""
    rows = Obligation.objects.visible_to(actor)
    if agence_id is not None:
        rows = rows.filter(agence_id=agence_id)
    return list(rows.order_by("-annoncee_le", "id")[:100])


@dataclass(frozen=True, slots=True)
class LigneCommunication:
    """A line of the register of disclosures, with whose data."""

    ligne: Communication
    email: str


def disclosures() -> list[LigneCommunication]:
    """Return the register of disclosures, the newest first."""
    rows = list(Communication.objects.order_by("-demandee_le", "id")[:500])
    ids = {r.account_id for r in rows if r.account_id}
    emails = dict(Account.objects.filter(id__in=ids).order_by("id").values_list("id", "email"))
    return [LigneCommunication(r, emails.get(r.account_id, "") if r.account_id else "") for r in rows]


def own_disclosures(actor: Actor) -> list[Communication]:
    """Return what was asked of the person, and what was disclosed of his account."""
    return list(
        Communication.objects.filter(account_id=actor.account_id).order_by("-demandee_le", "id")[:100]
    )
