"""Reads of the feeds that an agence declared."""

from django.db.models import F

from palier.core.actor import Actor
from palier.echanges.calendrier.models import Flux
from palier.echanges.models import Source


def feeds(actor: Actor) -> list[Flux]:
    """Return the agence's feeds, late ones first, each with its source when it is known."""
    rows = Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    found = list(rows.order_by(F("retard_depuis").asc(nulls_last=True), "nom", "id"))
    # No join: a composite link joins inwards, and would leave out the feeds whose source is not known yet.
    known = {row.id: row for row in Source.objects.visible_to(actor).filter(agence_id=actor.agence_id)}
    for flux in found:
        if flux.source_id in known:
            flux.source = known[flux.source_id]
    return found


def sources(actor: Actor) -> list[tuple[str, str]]:
    """Return (id, words) of the sources that already fed the agence."""
    rows = Source.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("logiciel", "base")
    return [(str(row.id), f"{row.logiciel}, {row.base}") for row in rows]
