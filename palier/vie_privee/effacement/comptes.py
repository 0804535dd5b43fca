"""The accounts that an ended contract leaves with nothing to open: told, then erased."""

from uuid import UUID

from django.conf import settings

from palier.accounts.models import Account
from palier.core.actor import Actor
from palier.courrier.envois import send_later
from palier.vie_privee.comptes.effacement import erase_account
from palier.vie_privee.enums import RaisonEffacement


def close_account(actor: Actor, account_id: UUID) -> None:
    """Tell the owner, then erase the account. Safe to run again."""
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        return
    # No account_id: the log of mails keeps a digest of the address only, since the account is gone when it leaves.
    send_later("compte_sans_acces", to=account.email, langue=account.langue, lien=settings.SITE_URL)
    erase_account(actor, account_id, RaisonEffacement.SANS_ACCES)
