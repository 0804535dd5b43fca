"""What follows when an account's e-mail changes: the agences to which its owner shows it see the new one."""

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor


@action(Gesture.ACCES_SHARE)
def refresh_shared_email(actor: Actor, account: Account) -> None:
    """Copy the account's present e-mail to each accès where its owner shares it."""
    shared = Acces.objects.visible_to(actor).filter(account_id=account.pk).exclude(email_partage="")
    touched = list(shared.values_list("agence_id", "id"))
    shared.update(email_partage=account.email)
    for agence_id, acces_id in touched:
        journal.record(
            actor,
            Gesture.ACCES_SHARE,
            f"acces:{acces_id}",
            agence_id=agence_id,
            acces_id=acces_id,
            partage=True,
        )
