"""``/g/<agence>/imports``: send dossiers, follow them, stop them, read their report, decide what waits."""

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.echanges.actions import abandon_import, cancel_import, confirm_import, receive_import
from palier.echanges.annonce import announced_rank
from palier.echanges.ensemble import together
from palier.echanges.enums import EtatImport, Voie
from palier.echanges.etapes import translate_step
from palier.echanges.rules.arrivees import in_order
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import Row, as_json, decode_key
from palier.screens.gestion.queries.imports import groups, imports, one_import

TONS = {"applique": "ok", "deja_applique": "ok", "verifie": "ok", "partiel": "attention", "a_confirmer": "attention",
        "perime": "attention", "refuse": "erreur", "en_cours": "accent"}  # fmt: skip
RUNNING = {EtatImport.RECU, EtatImport.EN_COURS}
LIBELLES = dict(EtatImport.choices)
VOIES = dict(Voie.choices)
#: Files sent at once, at most.
ENSEMBLE = 50


class Imports(Desk):
    """The list, and the form that sends."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/imports.html"
    titre = _("Imports")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show()

    def _show(self, status: int = 200, faute: str = "") -> HttpResponse:
        found = imports(self.actor, decode_key(self.request.GET))
        address = self.url("imports")
        return self.render(
            status,
            imports=found.rows,
            en_chemin=sum(row.etat in RUNNING for row in found.rows),
            ici_meme=self.request.get_full_path() if self.request.method == "GET" else address,
            precedent=f"{address}?{urlencode({'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({'apres': found.suivant})}" if found.suivant else "",
            libelles=LIBELLES,
            etape_de=translate_step,
            voies=VOIES,
            tons=TONS,
            faute=faute,
            maximum=settings.IMPORT_MAX_BYTES,
            ensemble=ENSEMBLE,
            mode="verifier" if self.request.POST.get("mode") == "verifier" else "importer",
            reunis="oui" if self.request.POST.get("ensemble") == "oui" else "non",
        )


class Deposer(Imports):
    """Receive files: kept encrypted, run in the background, one after another. ``mode``: import, or only check.

    Several come in the order of their sequence when they are dossiers that say one, else in the order given. Nothing
    is judged here by its name or its kind: the check says in its report what cannot be read.
    """

    access = Gesture.IMPORT_RUN
    uploads: ClassVar[str] = "IMPORT_MAX_BYTES"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.go("imports")

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        # The page's script sends one file a request, to show how far each is; it reads a plain answer.
        alone = request.headers.get("Accept") == "application/json"
        sent = [file for file in request.FILES.getlist("dossier") if file.name]
        status, faute = self._refusal(sent)
        if faute:
            return JsonResponse({"faute": faute}, status=status) if alone else self._show(status, faute)
        if request.POST.get("ensemble") == "oui" and len(sent) > 1:
            return self._one(sent, alone=alone)
        rows = [
            self._receive(_file(file), file.name)
            for file in in_order([(file, announced_rank(_file(file))) for file in sent])
        ]
        if alone:
            return JsonResponse({"adresse": self.url("import", import_id=rows[0].id)}, status=201)
        if len(rows) == 1:
            return self.go("import", import_id=rows[0].id)
        self.say(
            ngettext(
                "%(n)d fichier est reçu.", "%(n)d fichiers sont reçus : ils passent un par un.", len(rows)
            )
            % {"n": len(rows)}
        )
        return self.go("imports")

    def _refusal(self, sent: "list[UploadedFile[Any]]") -> tuple[int, str]:
        if not sent:
            return 422, _t("Choisissez au moins un fichier produit par l’export de votre logiciel.")
        if len(sent) > ENSEMBLE:
            return 422, _t("%(n)d fichiers au plus à la fois : envoyez-les en plusieurs fois.") % {
                "n": ENSEMBLE
            }
        for file in sent:
            if not file.size:
                return 422, _t("« %(nom)s » est vide : exportez-le de nouveau.") % {"nom": file.name}
            if file.size > settings.IMPORT_MAX_BYTES:
                return 413, _t("« %(nom)s » dépasse la taille admise : envoyez-le en plusieurs dossiers.") % {
                    "nom": file.name
                }
        return 200, ""

    def _one(self, sent: "list[UploadedFile[Any]]", *, alone: bool) -> HttpResponse:
        """Receive these files as one sending, as a zip of them would be."""
        try:
            with together([(f.name or "", _file(f)) for f in sent], settings.IMPORT_MAX_BYTES) as (
                content,
                nom,
            ):
                row = self._receive(content, nom)
        except BusinessError as error:
            faute = str(error.message)
            if alone:
                return JsonResponse({"faute": faute}, status=error.status)
            return self._show(error.status, faute)
        place = self.url("import", import_id=row.id)
        return JsonResponse({"adresse": place}, status=201) if alone else self.go("import", import_id=row.id)

    def _receive(self, content: Any, nom: str | None) -> Any:
        return receive_import(
            self.actor,
            content,
            nom or "dossier.zip",
            check_only=self.request.POST.get("mode") == "verifier",
        )


def _file(sent: "UploadedFile[Any]") -> Any:
    """The content of an upload, seekable."""
    sent.seek(0)
    return sent


class ImportBase(Desk):
    """A page about one import."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "flux"
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
            etape=translate_step(found.etape),
            etat=LIBELLES.get(found.etat, found.etat),
            ton=TONS.get(found.etat, ""),
            voie=VOIES.get(found.voie, found.voie),
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


class ImportAnnuler(ImportBase):
    """A person stops an import that waits its turn or runs; too late once it is on line."""

    access = Gesture.IMPORT_RUN

    def post(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        row = cancel_import(self.actor, self.importation.id)
        self.say(
            _t("L’arrêt est demandé : l’import s’arrête au prochain point sûr, rien n’aura changé en ligne.")
            if row.etat == EtatImport.EN_COURS
            else _t("L’import est annulé : rien n’a changé en ligne.")
        )
        return self.go("imports" if request.POST.get("retour") == "liste" else "import",
                       **({} if request.POST.get("retour") == "liste" else {"import_id": import_id}))  # fmt: skip
