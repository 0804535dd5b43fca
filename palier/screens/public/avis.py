"""``/avis/arret/<jeton>``: the link of a mail that stops the mails about new documents, without signing in."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.net import client_network
from palier.core.screens import Screen
from palier.core.throttle import limit
from palier.courrier.preferences import account_of, choose_notices_by_link, wants_notices


class AvisArret(Screen):
    """A visit only asks (mail programs open links by themselves); a POST stops, from the page or in one click.

    RFC 8058: the mail program posts ``List-Unsubscribe=One-Click`` without cookie, so that no CSRF token can be
    asked. The link itself is the proof: it is signed, and opens nothing but this choice.
    """

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/avis.html"
    titre = _("Ne plus être prévenu des nouveaux documents")

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        return self._show(jeton)

    def _show(self, jeton: str, *, chosen: bool = False) -> HttpResponse:
        return self.render(voulu=wants_notices(account_of(jeton)), choisi=chosen)

    def post(self, request: HttpRequest, jeton: str) -> HttpResponse:
        limit(
            "avis_arret", client_network(request), 60, 3600, str(_("Trop de demandes : attendez une heure."))
        )
        choose_notices_by_link(self.actor, jeton, request.POST.get("avis") == "oui")
        return self._show(jeton, chosen=True)


def stop_view() -> Any:
    """Return the view, to which a mail program posts without a CSRF token."""
    view = AvisArret.as_view()
    view.csrf_exempt = True
    return view
