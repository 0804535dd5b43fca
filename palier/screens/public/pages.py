"""The public pages that hold no form of their own: threshold, language, well-known addresses."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from palier.accounts.models import Account
from palier.core.access import Gesture
from palier.core.dates import now
from palier.core.screens import Screen

_SIX_MOIS = 180 * 24 * 3600


class Accueil(Screen):
    """The threshold."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/accueil.html"
    titre = _("Palier")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render()


class Langue(Screen):
    """Choose the language: a cookie for this browser, and the account's mails when somebody is signed in."""

    access = Gesture.PUBLIC_ONLY

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("language", "")
        target = request.POST.get("next", "")
        if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
            target = reverse("accueil")
        response = HttpResponseRedirect(target)
        if chosen in dict(settings.LANGUAGES):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=_SIX_MOIS,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
            if request.user.is_authenticated:
                Account.objects.filter(pk=request.user.pk).update(langue=chosen)
        return response


class ChangePassword(Screen):
    """``/.well-known/change-password``: where password managers look for the page."""

    access = Gesture.PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))


class SecurityTxt(Screen):
    """``/.well-known/security.txt`` (RFC 9116): whom to tell of a weakness. ``Expires`` is always 180 days ahead."""

    access = Gesture.PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = [
            f"Contact: mailto:{settings.EXPLOITANT['securite']}",
            f"Expires: {(now() + timedelta(days=180)).strftime('%Y-%m-%dT00:00:00Z')}",
            "Preferred-Languages: fr, en",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
            f"Policy: {settings.SITE_URL}{reverse('mentions_legales')}",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
