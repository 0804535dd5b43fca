"""Which mails an account wants: the choice of its owner, from his page or by the link of a mail."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from palier.accounts.models import Account
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import Invisible
from palier.core.trousseau import note_later
from palier.courrier.models import Preference

_SEL = "palier.courrier.arret"


def stop_link(account_id: UUID) -> str:
    """The address that stops an account's mails about new documents. It says which account, and opens nothing else."""
    token = signing.Signer(salt=_SEL).sign(account_id.hex)
    return f"{settings.SITE_URL}{reverse('avis_arret', args=[token])}"


def account_of(token: str) -> UUID:
    """The account that a link names. Raises Invisible when the link was altered, or the account is gone."""
    try:
        found = UUID(signing.Signer(salt=_SEL).unsign(token))
    except (signing.BadSignature, ValueError):
        raise Invisible from None
    if not Account.objects.filter(pk=found, is_active=True).exists():
        raise Invisible
    return found


def wants_notices(account_id: UUID) -> bool:
    """Whether an account wants the mails about new documents."""
    row = Preference.objects.filter(account_id=account_id).first()
    return row is None or row.avis


@action(Gesture.ACCOUNT)
def choose_notices(actor: Actor, wanted: bool) -> None:
    """The signed-in person chooses whether to be told of new documents."""
    if actor.account_id is None:
        raise Invisible
    _write(actor, actor.account_id, wanted)


@action(Gesture.PUBLIC_ONLY)
def choose_notices_by_link(actor: Actor, token: str, wanted: bool) -> None:
    """Whoever holds the link of a mail chooses for its account. Raises Invisible for an altered link."""
    _write(actor, account_of(token), wanted)


def _write(actor: Actor, account_id: UUID, wanted: bool) -> None:
    _row, created = Preference.objects.get_or_create(
        account_id=account_id, defaults={"avis": wanted, "change_le": now()}
    )
    if not created:
        Preference.objects.filter(account_id=account_id).update(avis=wanted, change_le=now())
    journal.record(actor, Gesture.ACCOUNT, f"account:{account_id}", avis=wanted)
    note_later(None)
