"""What the desk writes of its own: that staff took a document away."""

from uuid import UUID

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor


@action(Gesture.RETOUR_MANAGE)
def record_return_download(actor: Actor, sequence: int, dialecte: str) -> None:
    """Write in the journal that a member of the staff takes a return file away."""
    journal.record(
        actor,
        Gesture.RETOUR_MANAGE,
        f"retour:{sequence}",
        agence_id=actor.agence_id,
        telecharge=True,
        dialecte=dialecte,
    )


@action(Gesture.DOCUMENT_READ)
def record_download(actor: Actor, document_id: UUID, octets: int) -> None:
    """Write in the journal that a member of the staff downloads a document of the agence."""
    journal.record(
        actor,
        Gesture.DOCUMENT_READ,
        f"document:{document_id}",
        agence_id=actor.agence_id,
        telecharge=True,
        octets=octets,
    )
