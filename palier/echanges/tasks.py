"""Imports in the background: ids in, one action out."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.calendrier.actions import judge_lateness
from palier.echanges.connecteurs.nettoyage import purge_drafts
from palier.echanges.execution import run_import
from palier.echanges.historique.annulation import run_cancel
from palier.echanges.historique.purge import purge_everywhere
from palier.echanges.reversibilite.actions import give_back, prepare
from palier.echanges.suivi import exclusive
from palier.echanges.surveillance.passage import look_everywhere

# A database that restarts: the import starts again from its beginning, what was on line stays whole meanwhile.
_REPRISE = RetryStrategy(
    max_attempts=6, exponential_wait=3, retry_exceptions={OperationalError, InterfaceError}
)


@app.task(name="echanges.importer", queue="import", retry=_REPRISE)
def importer(agence_id: str, import_id: str, check_only: bool = False) -> None:
    """Run one import. Safe to run twice: an import that has ended is left alone."""
    run_import(Actor.system(UUID(agence_id), "import d’un dossier"), UUID(import_id), check_only=check_only)


@app.periodic(cron="* * * * *")
@app.task(name="echanges.surveiller", queue="depots", queueing_lock="echanges.surveiller")
def surveiller(timestamp: int) -> None:
    """Look into the watched folders: take what came, give back the reports. Safe to run twice."""
    look_everywhere()


@app.periodic(cron="*/5 * * * *")
@app.task(name="echanges.retards", queue="machine", queueing_lock="echanges.retards")
def retards(timestamp: int) -> None:
    """Tell which expected feeds are late, and which are back."""
    for agence in Agence.objects.filter(statut=StatutAgence.ACTIVE).order_by("slug"):
        with acting_as(Actor.system(agence.id, "flux attendus")) as actor:
            judge_lateness(actor)


@app.task(name="echanges.annuler", queue="import", retry=_REPRISE)
def annuler(agence_id: str, annulation_id: str) -> None:
    """Take back an import. Safe to run twice: a rollback that has ended is left alone."""
    actor = Actor.system(UUID(agence_id), "annulation d’un import")
    with exclusive(actor.agence_id), acting_as(actor):
        run_cancel(actor, UUID(annulation_id))


@app.periodic(cron="43 3 * * *")
@app.task(name="echanges.purge", queue="machine", queueing_lock="echanges.purge")
def purge(timestamp: int) -> None:
    """Erase the former states of rows that are older than they are kept."""
    purge_everywhere()


@app.periodic(cron="51 3 * * *")
@app.task(name="echanges.brouillons", queue="machine", queueing_lock="echanges.brouillons")
def brouillons(timestamp: int) -> None:
    """Erase the drafts of calibration that nobody touched for thirty days."""
    purge_drafts()


@app.task(name="echanges.restituer", queue="machine", retry=_REPRISE)
def restituer(agence_id: str) -> None:
    """Prepare everything that goes back to an agence whose contract has ended. Safe to run twice."""
    give_back(UUID(agence_id))


@app.task(name="echanges.remettre", queue="machine", retry=_REPRISE)
def remettre(agence_id: str, remise_id: str) -> None:
    """Make one file of what goes back to an agence. Safe to run twice."""
    prepare(UUID(agence_id), UUID(remise_id))
