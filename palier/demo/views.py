"""The demo's mailbox: what was really sent, shown without trusting it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.demo import mailbox

# A message is a stranger's page: its own origin, no script, nothing fetched.
_SANDBOX = "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'"


class Boite(Screen):
    """The messages, newest first."""

    access = Gesture.PUBLIC
    template = "demo/boite.html"
    titre = _("Boîte aux lettres de la démo")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(courriels=mailbox.listed())


class CourrielScreen(Screen):
    """One message: its text, its links, its attachments."""

    access = Gesture.PUBLIC
    template = "demo/courriel.html"

    def get(self, request: HttpRequest, nom: str) -> HttpResponse:
        courriel = mailbox.read(nom)
        if courriel is None:
            raise Invisible
        self.page.titre = courriel.subject or str(_("(sans objet)"))
        return self.render(courriel=courriel)


class CourrielHtml(Screen):
    """The HTML of a message, in a sandbox of its own."""

    access = Gesture.PUBLIC

    def get(self, request: HttpRequest, nom: str) -> HttpResponse:
        courriel = mailbox.read(nom)
        if courriel is None or not courriel.html:
            raise Invisible
        return HttpResponse(courriel.html, headers={"Content-Security-Policy": _SANDBOX})


class CourrielPiece(Screen):
    """An attached file, always downloaded, never shown."""

    access = Gesture.PUBLIC

    def get(self, request: HttpRequest, nom: str, rang: int) -> HttpResponse:
        found = mailbox.piece(nom, rang)
        if found is None:
            raise Invisible
        piece, content = found
        response = HttpResponse(content, content_type="application/octet-stream")
        safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in piece.name)
        response["Content-Disposition"] = f'attachment; filename="{safe}"'
        return response
