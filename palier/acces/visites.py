"""When a person last came: written at most once an hour, so that a page costs no query for it."""

from datetime import timedelta

from django.db.models import F, Q

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now

INTERVALLE = timedelta(hours=1)


@action(Gesture.ACCOUNT)
def record_visit(actor: Actor) -> None:
    """Note the visit on each accès of the person; what is new is counted since the visit before.

    Not journalled: the journal tells what was opened, and a coming alone opens nothing.
    """
    if actor.account_id is None:
        return
    moment = now()
    due = Q(derniere_visite__isnull=True) | Q(derniere_visite__lt=moment - INTERVALLE)
    Acces.objects.visible_to(actor).filter(due).update(
        nouveautes_vues_le=F("derniere_visite"), derniere_visite=moment
    )
    Account.objects.filter(due, pk=actor.account_id).update(derniere_visite=moment)
