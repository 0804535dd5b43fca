"""Feeds of the demo: a watched folder that works, expected every working night."""

import datetime as dt

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.demo.accounts import REASON
from palier.echanges.calendrier.actions import declare_flux
from palier.echanges.calendrier.models import Flux
from palier.echanges.models import Source

#: (slug of the agence, name of the feed, its folder)
FLUX = (("les-tilleuls", "Export de nuit de la comptabilité", "nuit"),)


def declare_feeds() -> None:
    """Declare the demo's feeds, once."""
    for slug, nom, dossier in FLUX:
        agence = Agence.objects.get(slug=slug)
        with acting_as(Actor.system(agence.id, REASON)) as actor:
            if Flux.objects.visible_to(actor).filter(agence_id=agence.id, dossier=dossier).exists():
                continue
            source = Source.objects.visible_to(actor).filter(agence_id=agence.id).order_by("logiciel").first()
            declare_flux(
                actor,
                nom=nom,
                dossier=dossier,
                source_id=source.id if source else None,
                jours=[1, 2, 3, 4, 5],
                heure=dt.time(6),
                tolerance_minutes=120,
                feries=False,
            )
