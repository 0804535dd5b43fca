"""Delivery of mails, and the rounds of the worker. Called by tasks, for nobody in particular."""

from datetime import timedelta
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any
from uuid import UUID

from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from palier.accounts.models import Account
from palier.agences.models import Agence, Logo
from palier.core.action import writing
from palier.core.dates import now
from palier.core.models import Compteur
from palier.courrier.chiffre import unseal
from palier.courrier.envois import send_later
from palier.courrier.faits import moment
from palier.courrier.modeles import MODELES, Contenu
from palier.courrier.models import Envoi

GARDE_ENVOIS = timedelta(days=365)  # CNIL, délib. 2021-122: logs are kept six to twelve months
GARDE_ECHECS = timedelta(days=1)


def deliver(envoi_id: str, charge: str) -> None:
    """Send the mail sealed in ``charge`` unless it already left; log the outcome. Raises what the server raises."""
    envoi = Envoi.objects.filter(id=UUID(envoi_id)).first()
    if envoi is None or envoi.envoye_le is not None:
        return
    message = compose(unseal(charge))
    try:
        message.send()
    except OSError as error:
        Envoi.objects.filter(id=envoi.id).update(erreur=type(error).__name__[:200])
        raise
    Envoi.objects.filter(id=envoi.id).update(envoye_le=now(), erreur="")


def compose(content: dict[str, Any]) -> EmailMultiAlternatives:
    """Return the mail of a sealed content, text and HTML, in its reader's language."""
    with translation.override(content["langue"]):
        contenu: Contenu = MODELES[content["modele"]](content["faits"])
        agence = Agence.objects.filter(id=content["agence_id"]).first() if content.get("agence_id") else None
        logo = agence is not None and bool(agence.logo_empreinte)
        context = {"mail": contenu, "site": settings.SITE_URL, "langue": content["langue"], "logo": logo}
        text = render_to_string("courrier/cadre.txt", context)
        html = render_to_string("courrier/cadre.html", context)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    shown = (agence.expediteur if agence else "") or contenu.agence
    sender = formataddr((_one_line(f"{shown} · {name}" if shown else name), address))
    message = EmailMultiAlternatives(
        subject=_one_line(contenu.sujet),
        body=text,
        from_email=sender,
        to=[_one_line(content["to"])],
        headers={
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **_stop_headers(contenu.desabonnement),
        },
    )
    message.attach_alternative(html, "text/html")
    if agence is not None and logo:
        _join_logo(message, agence)
    return message


def _join_logo(message: EmailMultiAlternatives, agence: Agence) -> None:
    """Put the logo inside the mail: nothing is fetched when it is read, so nobody learns that it was."""
    found = Logo.objects.filter(agence_id=agence.id).values_list("contenu", flat=True).first()
    if found is None:
        return
    image = MIMEImage(bytes(found), "png")
    image.add_header("Content-ID", "<logo>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    message.mixed_subtype = "related"  # type: ignore[attr-defined]  # Django's own, missing from the stubs
    message.attach(image)


def _stop_headers(link: str) -> dict[str, str]:
    """The headers by which a mail program stops these mails in one click (RFC 8058); none when they cannot be."""
    if not link:
        return {}
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _one_line(text: str) -> str:
    """Return ``text`` without what could start another header (I3)."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def prepare_reset(charge: str) -> None:
    """Send a reset link to the exact mailbox of an account; do nothing when the address has none (A1, A9)."""
    from allauth.account.forms import default_token_generator

    content = unseal(charge)
    typed = str(content["email"]).lower()
    for account in filter_users_by_email(typed, is_active=True, prefer_verified=True, for_login=True):
        address = EmailAddress.objects.filter(user=account, verified=True, email__iexact=typed).first()
        # Equality by bytes: a look-alike (Unicode, « + ») that a collation would accept is not this mailbox.
        if address is None or address.email.lower() != typed:
            continue
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(account),
                "key": default_token_generator.make_token(account),
            },
        )
        send_later(
            "reinitialisation",
            to=address.email,
            account_id=account.pk,
            langue=account.langue,
            lien=f"{settings.SITE_URL}{path}",
        )


def warn_owner(charge: str) -> None:
    """Send the warning about refused sign-ins when the address has an account."""
    account = Account.objects.filter(email=str(unseal(charge)["email"]).lower(), is_active=True).first()
    if account is not None:
        send_later(
            "connexions_refusees",
            to=account.email,
            account_id=account.pk,
            langue=account.langue,
            quand=moment(account.langue),
            lien=f"{settings.SITE_URL}{reverse('account_reset_password')}",
        )


def clean() -> None:
    """Erase dead activations, sessions, counters, failed mails' contents and old log rows."""
    present = now()
    with transaction.atomic(), writing("menage"):
        # The room of the accès is reached by its name: it stands beside this one and sends mails through it.
        apps.get_model("acces", "Activation").objects.filter(expire_le__lt=present).delete()
        Compteur.objects.filter(fin__lt=present - timedelta(days=1)).delete()
        Envoi.objects.filter(cree_le__lt=present - GARDE_ENVOIS).delete()
    call_command("clearsessions", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs j where j.status in ('failed', 'cancelled', 'aborted') and exists ("
            "select 1 from procrastinate_events e where e.job_id = j.id having max(e.at) < %s)",
            [present - GARDE_ECHECS],
        )
