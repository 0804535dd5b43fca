"""Reads of the feeds that an agence declared."""

from django.db.models import F

from palier.core.actor import Actor
from palier.echanges.calendrier.models import Flux
from palier.echanges.models import Source


def feeds(actor: Actor) -> list[Flux]:
    """Return the agence's feeds, late ones first, each with its source."""
    rows = Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id).select_related("source")
    return list(rows.order_by(F("retard_depuis").asc(nulls_last=True), "nom", "id"))


def sources(actor: Actor) -> list[tuple[str, str]]:
    """Return (id, words) of the sources that already fed the agence."""
    rows = Source.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("logiciel", "base")
    return [(str(row.id), f"{row.logiciel}, {row.base}") for row in rows]
