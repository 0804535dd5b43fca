"""Work of the documents room that nobody waits for: pages and text of the files that an import brought."""

from uuid import UUID

from procrastinate.contrib.django import app

from palier.agences.cles import agence_key
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.ged.actions import analyse_file
from palier.ged.models import Fichier

LOT = 200  # files read by one task before it hands over to the next: a restart loses little


@app.task(name="ged.analyse_fichier", queue="documents", pass_context=False)
def analyse_fichier(agence_id: str, fichier_id: str) -> None:
    """Read the pages and the text of one file."""
    actor = Actor.system(UUID(agence_id), "analyse d’un fichier")
    with acting_as(actor):
        analyse_file(actor, agence_key(actor, actor.agence_id), UUID(fichier_id))


@app.task(name="ged.analyse_agence", queue="documents", pass_context=False)
def analyse_agence(agence_id: str) -> None:
    """Read the files of an agence that were not read yet, each in its own transaction; hand over past ``LOT``."""
    actor = Actor.system(UUID(agence_id), "analyse des fichiers")
    with acting_as(actor):
        waiting = list(
            Fichier.objects.visible_to(actor)
            .filter(analyse_le__isnull=True)
            .order_by("id")
            .values_list("id", flat=True)[: LOT + 1]
        )
    for fichier_id in waiting[:LOT]:
        with acting_as(actor):
            analyse_file(actor, agence_key(actor, actor.agence_id), fichier_id)
    if len(waiting) > LOT:
        with acting_as(actor):
            analyse_agence.defer(agence_id=agence_id)
