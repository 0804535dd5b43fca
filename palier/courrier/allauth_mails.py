"""The mails that allauth asks for, said in our words and sent by the worker."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from palier.accounts.models import Account
from palier.courrier.chiffre import seal
from palier.courrier.envois import defer, send_later
from palier.courrier.faits import moment

# allauth's prefix → (our template, name of the page that its button opens). Others are not sent.
_MODELES = {
    "account/email/password_changed": ("mot_de_passe_change", "account_login"),
    "account/email/password_reset": ("mot_de_passe_change", "account_login"),
    "account/email/password_set": ("mot_de_passe_change", "account_login"),
    "account/email/email_changed": ("adresse_changee", "mentions_legales"),
    "account/email/account_already_exists": ("adresse_deja_prise", "account_login"),
    "account/email/email_confirmation": ("adresse_confirmation", ""),
    "account/email/email_confirmation_signup": ("adresse_confirmation", ""),
}


def site_link(name: str, *args: str) -> str:
    """Return the full address of a page, on the configured host whatever the request said (H3)."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def send_account_mail(template_prefix: str, email: str, context: dict[str, Any]) -> None:
    """Queue the mail that allauth asks for; those that we do not send (deleted address…) are dropped."""
    found = _MODELES.get(template_prefix)
    if found is None:
        return
    modele, page = found
    owner = context.get("user") or Account.objects.filter(email=email.lower()).first()
    langue = getattr(owner, "langue", "fr")
    link = site_link(page) if page else site_link("account_confirm_email", context["key"])
    send_later(
        modele,
        to=email,
        account_id=getattr(owner, "pk", None),
        langue=langue,
        quand=moment(langue),
        lien=link,
    )


def warn_of_failures(email: str) -> None:
    """Queue the warning about refused sign-ins for whatever address was tried."""
    defer("courrier.alerte", charge=seal({"email": email}))


def request_reset(email: str) -> None:
    """Queue a password reset for whatever address was typed: known or unknown, the visitor waits as long (A1)."""
    defer("courrier.reinitialisation", charge=seal({"email": email}))
