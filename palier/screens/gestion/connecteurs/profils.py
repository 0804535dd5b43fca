"""A calibration of the agence: its status, its test, its sharing; and those that come from elsewhere."""

import tempfile
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import disposition
from palier.echanges.connecteurs import actions
from palier.echanges.connecteurs.depot import ENVOI_MAX, too_big
from palier.echanges.connecteurs.essai import Essai, refused, try_profile
from palier.echanges.connecteurs.modele import connecteurs
from palier.echanges.connecteurs.models import ProfilCalibre
from palier.echanges.connecteurs.nuit import parsed
from palier.echanges.connecteurs.partage import file_name, pack, unpack
from palier.echanges.connecteurs.reconnaissance import choose, link
from palier.echanges.profils import ProfilRefuse
from palier.echanges.profils.lecteurs import Piece
from palier.echanges.profils.pieces import inventory
from palier.screens.gestion.base import Desk
from palier.screens.gestion.connecteurs.liste import STATUTS, TONS, Connecteurs
from palier.screens.gestion.connecteurs.resultat import shown


class PageProfil(Desk):
    """A page about one calibration of the agence."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "flux"
    profil: ProfilCalibre

    def prepare(self) -> None:
        super().prepare()
        self.profil = actions.calibration(self.actor, self.kwargs["profil"])
        self.page.titre = _t("Profil %(nom)s") % {"nom": self.profil.nom}

    def back(self) -> HttpResponse:
        """Go to the calibration's page."""
        return self.go("profil", profil=self.profil.id)

    def show(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """Draw the page of the calibration."""
        versions = ProfilCalibre.objects.visible_to(self.actor).filter(
            agence_id=self.agence.id, connecteur=self.profil.connecteur, code=self.profil.code
        )
        return self.render(
            status, template or "gestion/connecteurs/profil.html", profil=self.profil,
            connecteur=connecteurs()[self.profil.connecteur], statuts=STATUTS, tons=TONS,
            versions=list(versions.defer("texte", "echantillon", "attendu").order_by("-version")),
            attendues=sorted((t, len(r)) for t, r in self.profil.attendu.items()),
            **{"faute": "", "essai": None, "maximum": ENVOI_MAX, **context},
        )  # fmt: skip


class ProfilVu(PageProfil):
    """What the calibration is, and everything that may be done with it."""

    access = Gesture.CONNECTEUR_READ

    def get(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        return self.show()


class Exporter(PageProfil):
    """The calibration as a file: no personal value is in it."""

    access = Gesture.CONNECTEUR_READ

    def get(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        headers = {"Content-Disposition": disposition(file_name(self.profil))}
        return HttpResponse(pack(self.profil), content_type="application/zip", headers=headers)


class Eprouver(PageProfil):
    """Run its test again."""

    access = Gesture.CONNECTEUR_READ

    def post(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        differences = actions.test_calibration(self.profil)
        if differences:
            return self.show(
                422, faute=_t("L’épreuve échoue : %(raison)s") % {"raison": " ".join(differences[:3])}
            )
        self.say(_t("L’épreuve réussit : l’échantillon donne exactement les lignes attendues."))
        return self.back()


class Verifier(PageProfil):
    """Try it on a real export of this agence; when the dry import goes through, it is verified here."""

    access = Gesture.CONNECTEUR_CALIBRATE
    uploads: ClassVar[str] = "IMPORT_MAX_BYTES"

    def post(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        sent: Any = request.FILES.get("export")
        if sent is None or isinstance(sent, list) or not sent.size:
            return self.show(422, faute=_t("Choisissez un fichier exporté par votre logiciel."))
        if sent.size > ENVOI_MAX:
            return self.show(413, faute=str(too_big()))
        essai = self._try(sent)
        if essai.refuse:
            fault = " ".join(f["message"] for f in essai.faits[:3])
            return self.show(
                422, faute=_t("Cet export n’est pas passé : %(raison)s") % {"raison": fault}, **shown(essai)
            )
        actions.verify_calibration(self.actor, self.profil.id)
        self.say(
            _t("Vérifié : cet export passe de bout en bout. Envoyez-le désormais par n’importe quelle voie.")
        )
        return self.back()

    def _try(self, sent: Any) -> Essai:
        with tempfile.TemporaryDirectory(prefix="verification-") as folder:
            place = Path(folder)
            path = place / f"export{Path(sent.name or '').suffix.lower()[:8]}"
            with path.open("wb") as out:
                out.writelines(sent.chunks())
            try:
                pieces = [
                    Piece(sent.name, p.chemin) if p.chemin == path else p for p in inventory([path], place)
                ]
                found = choose([link(self.profil.nom, parsed(self.profil), pieces)])
            except ProfilRefuse as refus:
                return refused(refus)
            return try_profile(found.profil, found.attribution, self.agence.slug, self.profil.code, place)


class Partager(PageProfil):
    """Offer it to the other agences of the portal, or stop."""

    access = Gesture.CONNECTEUR_CALIBRATE

    def post(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        shared = request.POST.get("partage") == "oui"
        actions.share_calibration(self.actor, self.profil.id, shared=shared)
        self.say(
            _t("Le profil est proposé aux autres agences.") if shared else _t("Le profil n’est plus proposé.")
        )
        return self.back()


class RetirerProfil(PageProfil):
    """Put it out of use: a page that says what follows, then the act."""

    access = Gesture.CONNECTEUR_CALIBRATE

    def get(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        self.page.titre = _t("Retirer le profil %(nom)s ?") % {"nom": self.profil.nom}
        return self.show(template="gestion/connecteurs/retirer.html")

    def post(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        actions.retire_calibration(self.actor, self.profil.id)
        self.say(_t("Le profil est retiré : il ne convertit plus rien."))
        return self.go("connecteurs")


class Importer(Connecteurs):
    """Take a calibration from a file."""

    access = Gesture.CONNECTEUR_CALIBRATE
    titre = _("Importer un profil")

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.go("connecteurs")

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        sent: Any = request.FILES.get("paquet")
        if sent is None or isinstance(sent, list) or not sent.size:
            return self.show(422, _t("Choisissez le fichier .zip d’un profil exporté."))
        try:
            made = actions.take_package(self.actor, unpack(sent))
        except BusinessError as error:
            return self.show(error.status, str(error))
        self.say(_t("Le profil est importé comme gabarit : vérifiez-le sur un export de votre agence."))
        return self.go("profil", profil=made.id)


class Reprendre(Desk):
    """Take a calibration that another agence of the portal shares."""

    access = Gesture.CONNECTEUR_CALIBRATE

    def post(self, request: HttpRequest, agence: str, profil: UUID) -> HttpResponse:
        made = actions.adopt_shared(self.actor, profil)
        if made is None:
            raise Invisible
        self.say(_t("Le profil est repris comme gabarit : vérifiez-le sur un export de votre agence."))
        return self.go("profil", profil=made.id)
