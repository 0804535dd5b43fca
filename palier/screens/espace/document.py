"""One document: shown page by page, read as text, downloaded; each opening and each download in the journal."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import escape
from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import file_response
from palier.core.vault import DamagedFile, read
from palier.ged.actions import analyse_now, go_on_reading, open_document, report_damage
from palier.ged.atelier import image_de_page
from palier.ged.pdf import IMAGES, LARGEURS, Illisible, PageAbsente, est_montrable
from palier.ged.queries import DocumentOuvert, Filtre, document
from palier.ged.rules.groupes import article_de
from palier.screens.espace.base import EspacePage
from palier.screens.espace.documents import filtre_lu

MAX_PAGES = 60  # shown in the page; the others are in the file
TEXTE_EN_PAGE = 20_000  # letters of text inside the page itself; beyond, a page of its own


class _DocumentPage(EspacePage):
    """A page about one document of the space."""

    abstract_screen = True

    def found(self, filtre: Filtre | None = None, *, texte: bool = False) -> DocumentOuvert:
        """Return the document named by the address; raise ``Invisible`` when this space has no such document."""
        row = document(self.actor, self.perimetre, self.kwargs["document"], filtre, texte=texte)
        if row is None:
            raise Invisible
        return row

    def content(self, row: DocumentOuvert) -> bytes:
        """Return the whole file, verified; raise ``DamagedFile`` otherwise."""
        return read(agence_key(self.actor, row.agence_id), row.adresse, row.octets)

    def damaged(self, row: DocumentOuvert, cause: DamagedFile) -> HttpResponse:
        """Answer that the stored file is not whole: said plainly, written in the journal, never served as good."""
        report_damage(self.actor, self.perimetre, row, str(cause))
        message = _(
            "Le fichier « %(titre)s » est abîmé dans notre stockage : il n’est pas servi. L’incident est signalé ;"
            " demandez à %(agence)s de l’envoyer à nouveau."
        ) % {"titre": row.titre, "agence": self.espace.agence_nom}
        return self.refused(BusinessError("fichier_abime", message, status=409))


class Document(_DocumentPage):
    """/e/<espace>/documents/<document>"""

    access = Gesture.DOCUMENT_READ
    template = "espace/document.html"
    actif = "documents"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        filtre = filtre_lu(request)
        row = self.found(filtre, texte=True)
        pages, texte = row.pages, row.texte
        if row.analyse_le is None:
            pages, texte = analyse_now(self.actor, agence_key(self.actor, row.agence_id), row)
        self.page.titre = row.titre
        shown = min(pages or 0, MAX_PAGES) if est_montrable(row.mime, row.octets) else 0
        context = {"groupe": filtre.groupe, "annee": filtre.annee}
        response = self.render(
            document=row,
            pages=pages,
            images=[
                self.page.espace_url("document_page", document=row.id, page=n) for n in range(1, shown + 1)
            ],
            texte=texte[:TEXTE_EN_PAGE],
            texte_coupe=len(texte) > TEXTE_EN_PAGE,
            article=article_de(row.categorie) if self.espace.qualite in ("coproprietaire", "conseil") else "",
            retour=self.adresse("documents", context),
            precedent=self._neighbour(row.precedent, context),
            suivant=self._neighbour(row.suivant, context),
        )
        if request.method == "GET":
            open_document(self.actor, self.perimetre, row)  # last: it holds the agence's journal until commit
        return response

    def _neighbour(self, voisin: Any, context: dict[str, Any]) -> tuple[str, str] | None:
        if voisin is None:
            return None
        return voisin.titre, self.adresse("document", context, document=voisin.id)


class DocumentTexte(_DocumentPage):
    """/e/<espace>/documents/<document>/texte: the whole text, large and clear."""

    access = Gesture.DOCUMENT_READ
    template = "espace/document_texte.html"
    actif = "documents"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        row = self.found(texte=True)
        texte = row.texte
        if row.analyse_le is None:
            texte = analyse_now(self.actor, agence_key(self.actor, row.agence_id), row)[1]
        self.page.titre = row.titre
        response = self.render(document=row, texte=texte)
        if request.method == "GET":
            open_document(self.actor, self.perimetre, row)
        return response


class DocumentPage(_DocumentPage):
    """/e/<espace>/documents/<document>/page/<n>.png?largeur=1240: a page as an image, journalled unless the document was opened."""

    access = Gesture.DOCUMENT_READ

    def get(self, request: HttpRequest, page: int, **kwargs: object) -> HttpResponse:
        row = self.found()
        if not est_montrable(row.mime, row.octets) or not 1 <= page <= max(row.pages or MAX_PAGES, 1):
            raise Invisible
        asked = request.GET.get("largeur", "")
        largeur = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else LARGEURS[2]
        largeur = next((known for known in LARGEURS if known >= largeur), LARGEURS[-1])
        try:
            content = self.content(row)
        except DamagedFile as cause:
            return self.damaged(row, cause)
        try:
            image, mime = (
                (content, row.mime)
                if row.mime in IMAGES
                else (image_de_page(content, page, largeur), "image/png")
            )
        except PageAbsente:
            raise Invisible from None
        except Illisible:
            return _impossible()
        if request.method == "GET":
            go_on_reading(self.actor, self.perimetre, row)
        return _image(image, mime)


def _image(content: bytes, mime: str) -> HttpResponse:
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=mime, headers=headers)


def _impossible() -> HttpResponse:
    """Answer, where an image is expected, that this page cannot be shown: a sheet that says so."""
    titre, conseil = _("Aperçu impossible"), _("Téléchargez le document pour lire cette page.")
    sheet = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1240 1754" font-family="sans-serif" text-anchor="middle">'
        '<path fill="#fff" d="M0 0h1240v1754H0z"/>'
        f'<text x="620" y="800" font-size="56" fill="#24201b">{escape(titre)}</text>'
        f'<text x="620" y="890" font-size="40" fill="#5c554c">{escape(conseil)}</text></svg>'
    )
    response = _image(sheet.encode(), "image/svg+xml")
    response.status_code = 422
    return response


class DocumentTelecharger(_DocumentPage):
    """/e/<espace>/documents/<document>/telecharger: the file itself, byte for byte, whole or by Range."""

    access = Gesture.DOCUMENT_READ

    def get(self, request: HttpRequest, document: UUID, **kwargs: object) -> HttpResponseBase:
        row = self.found()
        key = agence_key(self.actor, row.agence_id)
        try:
            response = file_response(
                request, key, row.adresse, row.octets, name=row.nom_fichier, mime=row.mime, etag=row.sha256
            )
        except DamagedFile as cause:
            return self.damaged(row, cause)
        # What was answered tells, not what was asked: a range may be ignored, and the whole file be given all the same.
        if request.method == "GET" and response.status_code == 200:
            open_document(self.actor, self.perimetre, row, download=True)
        elif request.method == "GET" and response.status_code == 206:
            # A reader that asks for the file piece by piece downloads it once: its first piece says so.
            first = response["Content-Range"].startswith("bytes 0-")
            tell = open_document if first else go_on_reading
            tell(self.actor, self.perimetre, row, download=True)
        return response
