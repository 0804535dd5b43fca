"""``/g/<agence>/imports``: send a dossier, follow it, read its report, decide what waits."""

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.echanges.actions import abandon_import, confirm_import, receive_import
from palier.echanges.enums import EtatImport
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import Row, as_json, decode_key
from palier.screens.gestion.queries.imports import groups, imports, one_import

TONS = {"applique": "ok", "deja_applique": "ok", "verifie": "ok", "partiel": "attention", "a_confirmer": "attention",
        "perime": "attention", "refuse": "erreur", "en_cours": "accent"}  # fmt: skip
RUNNING = {EtatImport.RECU, EtatImport.EN_COURS}
LIBELLES = dict(EtatImport.choices)


class Imports(Desk):
    """The list, and the form that sends."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/imports.html"
    titre = _("Imports")
    actif: ClassVar[str] = "imports"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show()

    def _show(self, status: int = 200, faute: str = "") -> HttpResponse:
        found = imports(self.actor, decode_key(self.request.GET))
        address = self.url("imports")
        return self.render(
            status,
            imports=found.rows,
            precedent=f"{address}?{urlencode({'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({'apres': found.suivant})}" if found.suivant else "",
            libelles=LIBELLES,
            tons=TONS,
            faute=faute,
            maximum=settings.IMPORT_MAX_BYTES,
        )


class Deposer(Imports):
    """Receive a dossier: kept encrypted, run in the background. ``mode``: import it, or only check it."""

    access = Gesture.IMPORT_RUN

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.go("imports")

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        sent = request.FILES.get("dossier")
        if sent is None or isinstance(sent, list) or not sent.size:
            return self._show(422, _t("Choisissez le fichier .zip produit par l’export de votre logiciel."))
        if sent.size > settings.IMPORT_MAX_BYTES:
            return self._show(
                413, _t("Ce fichier dépasse la taille admise : envoyez-le en plusieurs dossiers.")
            )
        if sent.read(2) != b"PK":
            return self._show(
                422, _t("Ce fichier n’est pas un zip : choisissez le fichier .zip produit par l’export.")
            )
        sent.seek(0)
        row = receive_import(
            self.actor, sent, sent.name or "dossier.zip", check_only=request.POST.get("mode") == "verifier"
        )
        return self.go("import", import_id=row.id)


class ImportBase(Desk):
    """A page about one import."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "imports"
    importation: Row

    def prepare(self) -> None:
        super().prepare()
        found = one_import(self.actor, self.kwargs["import_id"])
        if found is None:
            raise Invisible
        self.importation = found
        self.page.titre = found.nom_fichier


class Import(ImportBase):
    """Progress while it runs, then the report."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/import.html"

    def get(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        found = self.importation
        bilan: dict[str, Any] = as_json(found.bilan) or {}
        running = found.etat in RUNNING
        return self.render(
            importation=found,
            en_cours=running,
            etat=LIBELLES.get(found.etat, found.etat),
            ton=TONS.get(found.etat, ""),
            bilan=bilan,
            bonnes=sum(count.get("bonnes", 0) for count in (bilan.get("tables") or {}).values()),
            alertes=[line for line in (found.message or "").split("\n") if line],
            groupes=[] if running else groups(self.actor, found),
            tables=sorted((bilan.get("tables") or {}).items()),
            unites=sorted((bilan.get("unites") or {}).items()),
            retenues=bilan.get("unites_retenues") or {},
        )


class ImportConfirmer(ImportBase):
    """A person accepts what the brake stopped."""

    access = Gesture.IMPORT_RUN

    def post(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        confirm_import(self.actor, self.importation.id)
        self.say(_t("C’est confirmé : l’import reprend."))
        return self.go("import", import_id=import_id)


class ImportAbandonner(ImportBase):
    """A person gives the import up: what is on line stays."""

    access = Gesture.IMPORT_RUN

    def post(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        abandon_import(self.actor, self.importation.id)
        self.say(_t("L’import est abandonné : rien n’a changé en ligne."))
        return self.go("import", import_id=import_id)
