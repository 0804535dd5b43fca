"""``/g/<agence>/documents``: what is on line, for whom, who read it; download as staff."""

from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.cles import agence_key
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import file_response
from palier.core.vault import DamagedFile
from palier.ged.enums import Categorie, libelle_categorie
from palier.ged.queries import EXTENSIONS
from palier.screens.gestion.actions import record_download
from palier.screens.gestion.base import Desk
from palier.screens.gestion.lieux import LONGUEST, places_asked
from palier.screens.gestion.queries.base import Row, Slice, as_rows, decode_key
from palier.screens.gestion.queries.documents import Filtre, document, documents

AUDIENCES: dict[str, Promise] = {
    "interne": _("L’agence seule"),
    "conseil_syndical": _("Conseil syndical"),
    "coproprietaires": _("Tous les copropriétaires"),
    "occupants": _("Occupants"),
    "compte": _("Une personne"),
}


def audience(value: str) -> str:
    """Return the words of an audience."""
    return str(AUDIENCES.get(value, value.replace("_", " ").capitalize()))


class Documents(Desk):
    """The list, a page by key."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/documents.html"
    titre = _("Documents publiés")
    actif: ClassVar[str] = "documents"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        lieux = places_asked(self.actor, request.GET)
        filtre = Filtre(
            q=request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST],
            audience=request.GET.get("audience", "").replace("\x00", "")[:60],
            categorie=request.GET.get("categorie", "").replace("\x00", "")[:60],
            lieu=lieux.choisi,
        )
        found = Slice(()) if lieux.a_choisir else documents(self.actor, filtre, decode_key(request.GET))
        kept = {name: request.GET[name] for name in ("q", "audience", "categorie") if request.GET.get(name)}
        kept |= {"lieu": str(filtre.lieu)} if filtre.lieu else {}
        address = self.url("documents")
        return self.render(
            documents=found.rows,
            filtre=filtre,
            filtres_actifs=bool(kept) or lieux.a_choisir,
            precedent=f"{address}?{urlencode({**kept, 'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({**kept, 'apres': found.suivant})}" if found.suivant else "",
            audiences=[("", _t("Toutes")), *AUDIENCES.items()],
            categories=[("", _t("Toutes")), *Categorie.choices],
            lieux=lieux,
            audience=audience,
            categorie=libelle_categorie,
        )


class Document(Desk):
    """One document: its facts and its readers."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/document.html"
    actif: ClassVar[str] = "documents"

    def get(self, request: HttpRequest, agence: str, document: UUID) -> HttpResponse:
        found = read_document(self, document)
        self.page.titre = found.titre
        return self.render(
            document=found,
            lectures=as_rows(found.lectures),
            audience=audience(found.audience),
            categorie=libelle_categorie(found.categorie),
        )


def read_document(screen: Desk, document_id: UUID) -> Row:
    """Return a document of the agence; raise ``Invisible``."""
    found = document(screen.actor, document_id)
    if found is None:
        raise Invisible
    return found


class Telecharger(Desk):
    """The file, as staff: written in the journal."""

    access = Gesture.DOCUMENT_READ

    def get(self, request: HttpRequest, agence: str, document: UUID) -> HttpResponseBase:
        found = read_document(self, document)
        key = agence_key(self.actor, self.agence.id)
        name = f"{found.titre} {found.le.isoformat()}{EXTENSIONS.get(found.mime, '')}"
        try:
            response = file_response(
                request, key, found.adresse, found.octets, name=name, mime=found.mime, etag=found.sha256
            )
        except DamagedFile:
            raise BusinessError(
                "fichier_abime",
                _t(
                    "Ce fichier est abîmé dans notre stockage : nous ne le donnons pas. Renvoyez-le par un import."
                ),
                status=503,
            ) from None
        # Each piece says so: any of them may be the whole file.
        if request.method == "GET" and response.status_code in (200, 206):
            record_download(self.actor, found.id, found.octets)
        return response
