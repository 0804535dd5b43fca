"""The account's e-mail belongs to its owner: an agence sees it only while he shares it with that agence."""

from uuid import UUID

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import Invisible


@action(Gesture.ACCES_SHARE)
def share_email(actor: Actor, acces_id: UUID, partage: bool) -> None:
    """Share the account's e-mail with the agence of ``acces_id``, or take it back; raise ``Invisible`` otherwise."""
    rows = Acces.objects.visible_to(actor).filter(
        id=acces_id, account_id=actor.account_id, detache_le__isnull=True
    )
    acces = rows.only("agence_id", "id", "account_id").first()
    if acces is None:
        raise Invisible
    email = Account.objects.get(pk=acces.account_id).email if partage else ""
    rows.update(email_partage=email)
    journal.record(
        actor,
        Gesture.ACCES_SHARE,
        f"acces:{acces_id}",
        agence_id=acces.agence_id,
        acces_id=acces_id,
        partage=partage,
    )
