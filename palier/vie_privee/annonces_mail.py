"""The mail that announces a material change: every account, a page of accounts at a time, nobody twice."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import date_simple
from palier.courrier.envois import defer, send_later
from palier.vie_privee.models import TexteLegal

_PAGE = 300


def tell_next(texte_id: str, apres: str) -> None:
    """Queue the mails of the next accounts, and what follows, in one transaction: replayed, it doubles nothing."""
    texte = TexteLegal.objects.get(id=UUID(texte_id))
    other = {
        t.langue: t
        for t in TexteLegal.objects.filter(genre=texte.genre, version=texte.version).order_by("langue")
    }
    with transaction.atomic(), writing("vie_privee.prevenir"):
        rows = Account.objects.filter(is_active=True).order_by("id")
        found = list((rows.filter(id__gt=UUID(apres)) if apres else rows)[:_PAGE])
        for account in found:
            shown = other.get(account.langue, texte)
            with translation.override(account.langue):
                day = date_simple(shown.en_vigueur_le, account.langue)
            send_later(
                "texte_change",
                to=account.email,
                account_id=account.pk,
                langue=account.langue,
                titre=shown.titre,
                resume=shown.resume,
                jour=day,
                lien=f"{settings.SITE_URL}{reverse('texte_version', args=[shown.genre, shown.version])}",
            )
        if len(found) == _PAGE:
            defer("vie_privee.prevenir", texte_id=texte_id, apres=str(found[-1].pk))
