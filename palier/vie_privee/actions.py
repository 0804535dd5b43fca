"""Recording who accepted, or read, which version of which text."""

from collections.abc import Sequence
from uuid import UUID

from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.vie_privee.models import Acceptation, TexteLegal


@action(Gesture.PUBLIC_ONLY)
def record_acceptances(actor: Actor, account_id: UUID, textes: Sequence[UUID]) -> None:
    """Record that an account accepted the CGU, or read the policy, in these versions; a second time changes nothing."""
    found = TexteLegal.objects.filter(id__in=textes)
    moment = now()
    known = set(Acceptation.objects.filter(account_id=account_id).values_list("texte_id", flat=True))
    Acceptation.objects.bulk_create(
        [
            Acceptation(account_id=account_id, texte=texte, le=moment)
            for texte in found
            if texte.id not in known
        ]
    )
