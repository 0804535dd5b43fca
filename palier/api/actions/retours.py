"""Return files taken by a program: written in the journal."""

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor


@action(Gesture.RETOUR_READ)
def record_return_read(actor: Actor, sequence: int, dialecte: str) -> None:
    """Write that a program took a return file away."""
    journal.record(
        actor, Gesture.RETOUR_READ, f"retour:{sequence}", agence_id=actor.agence_id, dialecte=dialecte
    )
