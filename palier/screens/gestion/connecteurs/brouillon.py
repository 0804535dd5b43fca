"""A draft: its files and how far each is, the level reached so far; send a file, take one out, give up."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.echanges.connecteurs.actions import add_export, cancel_calibration, remove_file
from palier.echanges.connecteurs.depot import ENVOI_MAX
from palier.echanges.connecteurs.fabrication import build
from palier.echanges.connecteurs.niveaux import next_level, reached
from palier.echanges.profils import ProfilRefuse
from palier.screens.gestion.connecteurs.base import Assistant, PageFichier

INVITATIONS = ("courrier", "email", "aucune")


class Brouillon(Assistant):
    """Where the calibration stands."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/brouillon.html"

    def prepare(self) -> None:
        super().prepare()
        self.page.titre = self.plan.nom

    def get(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        """Keep what is decided for the whole: how people are invited, whether the ledger is whole."""
        chosen = request.POST.get("invitation", "")
        self.plan.invitation = chosen if chosen in INVITATIONS else self.plan.invitation
        self.plan.historique = "partiel" if request.POST.get("historique") == "partiel" else "complet"
        self.keep()
        self.say(_t("Ces choix sont gardés."))
        return self.go("calibrage", calibrage=calibrage)

    def show(self, status: int = 200, faute: str = "") -> HttpResponse:
        """The page, with the fault of the sending."""
        tables: tuple[str, ...] = ()
        if self.plan.prets:
            try:
                tables = build(self.plan).tables
            except ProfilRefuse:
                tables = ()
        level, opens, lacking = reached(tables)
        return self.render(
            status,
            niveau=level,
            ouvre=opens,
            manque=lacking,
            suivant=next_level(level),
            faute=faute,
            maximum=ENVOI_MAX,
        )


class Envoyer(Brouillon):
    """Receive a file, or a zip of several."""

    access = Gesture.CONNECTEUR_CALIBRATE
    uploads: ClassVar[str] = "IMPORT_MAX_BYTES"

    def get(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        return self.go("calibrage", calibrage=calibrage)

    def post(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        sent: Any = request.FILES.get("export")
        if sent is None or isinstance(sent, list) or not sent.size:
            return self.show(422, _t("Choisissez un fichier exporté par votre logiciel."))
        try:
            found, aside = add_export(self.actor, self.calibrage.id, sent, sent.name or "export", sent.size)
        except BusinessError as error:
            return self.show(error.status, str(error))
        for c in aside[:5]:
            self.say(
                _t("« %(nom)s » est laissé de côté : %(raison)s") % {"nom": c.fichier, "raison": c.message}
            )
        if len(found) == 1:
            name = "reglages" if found[0].nature in {"pdf", "fec"} else "lecture"
            return self.go(f"calibrage_{name}", calibrage=calibrage, rang=found[0].rang)
        self.say(_t("%(n)d fichiers sont reçus : dites ce qu’est chacun.") % {"n": len(found)})
        return self.go("calibrage", calibrage=calibrage)


class Retirer(PageFichier):
    """Take a file out of the draft."""

    access = Gesture.CONNECTEUR_CALIBRATE

    def post(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        remove_file(self.actor, self.calibrage.id, rang)
        self.say(_t("Le fichier est retiré du calibrage."))
        return self.home()


class Abandonner(Assistant):
    """Give the draft up: a page that says what is erased, then the act."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/abandonner.html"
    titre = _("Abandonner ce calibrage ?")

    def get(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        return self.render()

    def post(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        cancel_calibration(self.actor, self.calibrage.id)
        self.say(_t("Le calibrage est abandonné : ses fichiers et ses choix sont effacés."))
        return self.go("connecteurs")
