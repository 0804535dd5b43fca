"""Drafts do not last: thirty days after the last change they are erased with their files."""

from datetime import timedelta

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.tenancy import acting_as

from .actions import purge_calibrations

JOURS = 30


def purge_drafts() -> int:
    """Erase the old drafts of every agence; return how many."""
    total = 0
    for agence in Agence.objects.order_by("slug"):
        with acting_as(Actor.system(agence.id, "brouillons de calibrage")) as actor:
            total += purge_calibrations(actor, now() - timedelta(days=JOURS))
    return total
