"""Asking for the deletion of one's account, and changing one's mind; inactive accounts."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import date_simple, now
from palier.core.errors import BusinessError, Invisible
from palier.core.trousseau import note_later
from palier.courrier.envois import send_later
from palier.vie_privee.comptes.effacement import erase_account, only_administrator_of, portal_actor
from palier.vie_privee.enums import RaisonEffacement
from palier.vie_privee.models import AvertissementInactivite, SuppressionDemandee
from palier.vie_privee.rules.comptes import AVERTISSEMENTS, GRACE, INACTIVITE

_SEL = "palier.vie_privee.suppression"
PAGE = 500  # accounts handled in a night's round, for each step


def undo_token(account_id: UUID, demandee_le: object) -> str:
    """Return what the mail's link carries: this account, this very request."""
    return signing.Signer(salt=_SEL).sign(f"{account_id.hex}:{demandee_le}")


def deletion_of(account_id: UUID | None) -> SuppressionDemandee | None:
    """Return the deletion asked for, if any."""
    return SuppressionDemandee.objects.filter(account_id=account_id).first() if account_id else None


@action(Gesture.ACCOUNT)
def ask_deletion(actor: Actor) -> SuppressionDemandee:
    """Ask for one's account to be erased after the grace delay. Raises BusinessError for an agence's only administrator."""
    account = Account.objects.get(pk=_mine(actor))
    alone = only_administrator_of(actor, account.pk)
    if alone:
        raise BusinessError(
            "seul_administrateur",
            _("Vous êtes le seul administrateur de %(agences)s : nommez-en un autre d’abord.")
            % {"agences": ", ".join(alone)},
            status=409,
        )
    moment = now()
    row, created = SuppressionDemandee.objects.get_or_create(
        account_id=account.pk, defaults={"demandee_le": moment, "prevue_le": moment + GRACE}
    )
    if created:
        token = undo_token(account.pk, row.demandee_le.isoformat())
        send_later(
            "suppression_demandee", to=account.email, account_id=account.pk, langue=account.langue,
            jour=date_simple(row.prevue_le, account.langue),
            lien=f"{settings.SITE_URL}{reverse('suppression_annuler', args=[token])}",
        )  # fmt: skip
        journal.record(actor, Gesture.ACCOUNT, f"account:{account.pk}", acte="suppression_demandee")
        note_later(None)
    return row


def _mine(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise Invisible
    return actor.account_id


@action(Gesture.ACCOUNT)
def undo_deletion(actor: Actor) -> None:
    """Change one's mind, from the account."""
    SuppressionDemandee.objects.filter(account_id=_mine(actor)).delete()
    journal.record(actor, Gesture.ACCOUNT, f"account:{actor.account_id}", acte="suppression_annulee")
    note_later(None)


@action(Gesture.PUBLIC_ONLY)
def undo_by_link(actor: Actor, token: str) -> None:
    """Change one's mind by the mail's link. Raises Invisible when it was altered, used, or came too late."""
    row = find_by_link(token)
    SuppressionDemandee.objects.filter(account_id=row.account_id).delete()
    account = Account.objects.get(pk=row.account_id)
    send_later("suppression_annulee", to=account.email, account_id=account.pk, langue=account.langue,
               lien=f"{settings.SITE_URL}{reverse('mon_compte')}")  # fmt: skip
    journal.record(actor, Gesture.PUBLIC_ONLY, f"account:{account.pk}", acte="suppression_annulee")
    note_later(None)


def find_by_link(token: str) -> SuppressionDemandee:
    """Return the request that a link names. Raises Invisible."""
    try:
        text, _sep, moment = signing.Signer(salt=_SEL).unsign(token).partition(":")
        row = SuppressionDemandee.objects.filter(account_id=UUID(text)).first()
    except (signing.BadSignature, ValueError):
        raise Invisible from None
    if row is None or row.demandee_le.isoformat() != moment:
        raise Invisible
    return row


def erase_due() -> int:
    """Erase the accounts whose grace delay has ended; return how many. One that cannot leave is left, and tried again."""
    done = 0
    for account_id in (
        SuppressionDemandee.objects.filter(prevue_le__lte=now())
        .order_by("prevue_le")
        .values_list("account_id", flat=True)
    ):
        done += _erase(account_id, RaisonEffacement.DEMANDE, "compte_supprime")
    return done


def _erase(account_id: UUID, raison: str, modele: str) -> int:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        return 0
    to, langue = account.email, account.langue
    try:
        with transaction.atomic(), writing("effacement"):
            erase_account(portal_actor("effacement d’un compte"), account_id, raison)
            send_later(modele, to=to, langue=langue, lien=settings.SITE_URL)
    except BusinessError:
        return 0
    return 1


def handle_inactive() -> int:
    """Warn twice, then erase, the accounts without a visit for two years; return how many were erased (P6).

    Staff and the exploitant are left: an agence removes its own people.
    """
    moment = now()
    seen = Coalesce(F("derniere_visite"), F("created_le"))
    accounts = Account.objects.filter(is_exploitant=False, equipe=False).annotate(vu=seen)
    with transaction.atomic(), writing("inactivité"):
        # Whoever came back since his warning is no longer inactive.
        back = accounts.filter(vu__gt=moment - INACTIVITE + AVERTISSEMENTS[0]).values("id")
        AvertissementInactivite.objects.filter(account_id__in=back).delete()
    for rank, before in enumerate(AVERTISSEMENTS, start=1):
        # Those already warned leave the page: otherwise the first ones would hide the others for ever.
        warned = AvertissementInactivite.objects.filter(rang=rank).values("account_id")
        due = accounts.filter(vu__lte=moment - INACTIVITE + before).exclude(id__in=warned)
        for account in due.order_by("id")[:PAGE]:
            _warn(account, rank)
    told = AvertissementInactivite.objects.filter(
        rang=len(AVERTISSEMENTS), envoye_le__lte=moment - AVERTISSEMENTS[-1]
    )
    ready = accounts.filter(vu__lte=moment - INACTIVITE, id__in=told.values("account_id")).order_by("id")
    return sum(
        _erase(pk, RaisonEffacement.INACTIVITE, "compte_inactif_supprime")
        for pk in ready.values_list("id", flat=True)[:PAGE]
    )


def _warn(account: Account, rank: int) -> None:
    with transaction.atomic(), writing("inactivité"):
        if (
            rank > 1
            and not AvertissementInactivite.objects.filter(account_id=account.pk, rang=rank - 1).exists()
        ):
            return
        _row, created = AvertissementInactivite.objects.get_or_create(
            account_id=account.pk, rang=rank, defaults={"envoye_le": now()}
        )
        if created:
            send_later(
                "compte_inactif", to=account.email, account_id=account.pk, langue=account.langue,
                jour=date_simple(now() + AVERTISSEMENTS[rank - 1], account.langue),
                lien=f"{settings.SITE_URL}{reverse('connexion')}",
            )  # fmt: skip
