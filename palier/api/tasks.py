"""Work of the API that nobody waits for: hand over, tell webhooks, clean."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from palier.agences.models import Agence
from palier.api.actions.confier import entrust, expire
from palier.api.actions.crochets import announce, deliver
from palier.api.actions.documents import purge_orphans
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.suivi import exclusive

_REPRISE = RetryStrategy(
    max_attempts=6, exponential_wait=3, retry_exceptions={OperationalError, InterfaceError}
)


@app.task(name="api.confier", queue="import", retry=_REPRISE)
def confier(agence_id: str, envoi_id: str) -> None:
    """Assemble a sending and give it to the imports."""
    entrust(Actor.system(UUID(agence_id), "envoi par l’API"), UUID(envoi_id))


@app.task(name="api.signaler", queue="courrier", retry=_REPRISE)
def signaler(agence_id: str, import_id: str) -> None:
    """An import has ended, or waits for somebody: tell the webhooks of its source."""
    actor = Actor.system(UUID(agence_id), "fin d’un import")
    with acting_as(actor):
        announce(actor, UUID(import_id))


@app.task(name="api.livrer", queue="courrier", retry=_REPRISE)
def livrer(agence_id: str, livraison_id: str) -> None:
    """Try one delivery; it queues its own next try."""
    deliver(Actor.system(UUID(agence_id), "webhook"), UUID(livraison_id))


@app.periodic(cron="41 * * * *")
@app.task(name="api.menage", queue="machine", queueing_lock="api.menage")
def menage(timestamp: int) -> None:
    """Close the sendings left open, erase the documents that nobody cited."""
    for agence_id in Agence.objects.order_by("id").values_list("id", flat=True):
        actor = Actor.system(agence_id, "ménage de l’API")
        with acting_as(actor):
            expire(actor)
        with exclusive(agence_id), acting_as(actor):
            purge_orphans(actor)
