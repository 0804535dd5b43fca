"""Between a person and the portal: the CGU to accept again, and the notices of changed texts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from palier.vie_privee.annonces import cgu_to_accept, unread

# What stays open to a person who has not accepted: the texts, his rights, the way out, and the operator's own console.
_OPEN = (
    "/textes", "/cgu", "/confidentialite", "/cookies", "/mentions-legales", "/accessibilite", "/langue",
    "/deconnexion", "/mon-compte", "/reauthentification", "/exploitant", "/static", "/agence", "/.well-known",
    "/healthz", "/readyz", "/api/", "/activer", "/temoins", "/droits", "/conservation",
    "/garder-mon-compte", "/etat", "/certificats", "/sous-traitants", "/avis/arret",
)  # fmt: skip


class TextesLegaux:
    """Sets ``request.annonces_textes``; sends a person whose CGU changed to the page that asks to accept them.

    Only pages asked for by a plain GET are turned away: a form being sent is never lost for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.annonces_textes = []  # type: ignore[attr-defined]
        # An agence's colour is the same for everybody: reading the session would make it private.
        if not request.path.startswith(("/agence/", "/static/", "/api/")) and request.user.is_authenticated:
            account = request.user
            langue = "en" if (get_language() or "fr").startswith("en") else "fr"
            if request.path != reverse("cgu_accepter"):  # that page says it by itself, and asks more
                request.annonces_textes = unread(account, langue)  # type: ignore[attr-defined]
            if request.method == "GET" and not request.path.startswith(_OPEN) and cgu_to_accept(account):
                return HttpResponseRedirect(
                    f"{reverse('cgu_accepter')}?{urlencode({'next': request.get_full_path()})}"
                )
        return self.get_response(request)
