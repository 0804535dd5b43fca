"""Writes of the watched folders: a file taken becomes an import, once; a report given back is marked so."""

from typing import IO
from uuid import UUID

from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.echanges.actions import receive_import
from palier.echanges.calendrier.models import Flux
from palier.echanges.enums import EtatImport, Voie
from palier.echanges.models import Import
from palier.echanges.surveillance.models import Arrivee

EN_LIGNE = frozenset({EtatImport.APPLIQUE, EtatImport.PARTIEL, EtatImport.DEJA_APPLIQUE})


@action(Gesture.IMPORT_RUN)
def receive_arrival(
    actor: Actor, flux: Flux, arrivee: UUID, nom: str, content: IO[bytes], empreinte: str, octets: int
) -> None:
    """Queue the import of a file taken from the folder of ``flux``; nothing when it was already.

    The row, the kept copy and the queued job are of one transaction: whoever looks again finds all or nothing.
    """
    if Arrivee.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=arrivee).exists():
        return
    row = Arrivee.objects.create(
        agence_id=actor.agence_id, id=arrivee, flux_id=flux.id, nom=nom, empreinte=empreinte, octets=octets,
        arrive_le=now(),
    )  # fmt: skip
    row.import_id = receive_import(actor, content, nom, voie=Voie.DOSSIER_SURVEILLE).id
    row.save(update_fields=["import_id"])


@action(Gesture.IMPORT_RUN)
def mark_returned(actor: Actor, arrivee: UUID, importation: Import) -> None:
    """Note that the report was written back; the feed learns which source it is, and when it last went on line."""
    row = Arrivee.objects.visible_to(actor).select_for_update().get(agence_id=actor.agence_id, id=arrivee)
    row.rendu_le = row.rendu_le or now()
    row.save(update_fields=["rendu_le"])
    flux = Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=row.flux_id).first()
    if flux is not None and importation.etat in EN_LIGNE:
        flux.recu_le = max(filter(None, (flux.recu_le, importation.fin_le or now())))
        flux.source_id = flux.source_id or importation.source_id
        flux.save(update_fields=["recu_le", "source_id"])


@action(Gesture.IMPORT_RUN)
def note_look(actor: Actor, flux: Flux, probleme: str) -> None:
    """Note when the folder was looked into, and what was wrong with it."""
    Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=flux.id).update(
        vu_le=now(), probleme=probleme
    )
