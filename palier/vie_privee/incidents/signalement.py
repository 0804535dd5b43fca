"""« Ce n’est pas moi »: everything of the account is closed at once, and those who must know are told (A10)."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.accounts.sessions import end_others
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.tenancy import serving
from palier.courrier.chiffre import seal
from palier.courrier.envois import defer, send_later
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.enums import GenreIncident
from palier.vie_privee.incidents.ouverture import open_incident

# Codes not used yet of the person's own accès: whoever has his mailbox or his letters could use them.
_CODES = "update acces_codeacces set revoque_le = now() where acces_id = any(%s) and utilise_le is null and revoque_le is null"


@action(Gesture.ACCOUNT)
def report_misuse(actor: Actor, recit: str = "") -> None:
    """Close every session of the account, force a new password, revoke its pending codes, tell agences and exploitant."""
    account = Account.objects.select_for_update().get(pk=_account_id(actor))
    account.set_unusable_password()
    account.save(update_fields=["password"])
    end_others(account.pk)
    defer("courrier.reinitialisation", charge=seal({"email": account.email}))
    open_incident(
        GenreIncident.SIGNALEMENT,
        _("Une personne ne reconnaît pas un usage de son compte"),
        key=f"signalement:{account.pk}:{now():%Y-%m-%d-%H-%M}",
        since=now() - timedelta(days=30),
        account_id=account.pk,
        description=recit.strip()[:2000],
    )
    for agence in Agence.objects.filter(id__in={a.agence_id for a in actor.acces}).order_by("id"):
        held = [a.id for a in actor.acces if a.agence_id == agence.id]
        with serving(actor, agence.id, "usage anormal signalé"), connection.cursor() as cursor:
            cursor.execute(_CODES, [held])
        for acces_id in held:
            journal.record(
                actor,
                Gesture.ACCOUNT,
                f"acces:{acces_id}",
                agence_id=agence.id,
                acces_id=acces_id,
                acte="usage_anormal",
            )
        # The e-mail of the account is its owner's: the agence learns which access, by its page, and nothing more.
        tell_administrators(
            actor, agence, "usage_anormal",
            lien=f"{settings.SITE_URL}{reverse('gestion:personne', args=[agence.slug, held[0]])}",
        )  # fmt: skip
    send_later(
        "usage_anormal_recu", to=account.email, account_id=account.pk, langue=account.langue,
        lien=f"{settings.SITE_URL}{reverse('account_reset_password')}",
    )  # fmt: skip
    journal.record(actor, Gesture.ACCOUNT, f"account:{account.pk}", acte="usage_anormal")


def _account_id(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise ValueError("A visitor has no account to report.")
    return actor.account_id
