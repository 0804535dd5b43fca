"""``/g/<agence>/connecteurs``: the connectors, the calibrations in use, the drafts; and what is known of one connector."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.models import Agence
from palier.core.access import Gesture, require
from palier.core.errors import BusinessError, Invisible
from palier.echanges.connecteurs.actions import start_calibration
from palier.echanges.connecteurs.champs import CHAMPS, natures
from palier.echanges.connecteurs.modele import connecteurs
from palier.echanges.connecteurs.models import Calibrage, ProfilCalibre, StatutProfil
from palier.screens.gestion.base import Desk

STATUTS = dict(StatutProfil.choices)
TONS = {"verifie_export_reel": "ok", "gabarit": "attention"}
_LOURDS = ("texte", "echantillon", "attendu")


class Connecteurs(Desk):
    """Everything at once: few of each."""

    access = Gesture.CONNECTEUR_READ
    template: ClassVar[str] = "gestion/connecteurs/liste.html"
    titre = _("Connecteurs")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.show()

    def show(self, status: int = 200, faute: str = "") -> HttpResponse:
        """The page, with the fault of a form."""
        rows = ProfilCalibre.objects.visible_to(self.actor).filter(retire_le__isnull=True).defer(*_LOURDS)
        found = list(rows.order_by("connecteur", "nom", "id"))
        own = [r for r in found if r.agence_id == self.agence.id]
        shared = [r for r in found if r.agence_id != self.agence.id]
        names = (
            {a.id: a.nom for a in Agence.objects.filter(id__in={r.agence_id for r in shared})}
            if shared
            else {}
        )
        drafts = (
            Calibrage.objects.visible_to(self.actor).filter(agence_id=self.agence.id).order_by("-modifie_le")
        )
        return self.render(
            status,
            connecteurs=connecteurs(),
            profils=own,
            partages=[(r, names.get(r.agence_id, "")) for r in shared],
            brouillons=list(drafts),
            faute=faute,
        )


class Fiche(Desk):
    """What is publicly known of a back-office, and the start of a calibration."""

    access = Gesture.CONNECTEUR_READ
    template: ClassVar[str] = "gestion/connecteurs/fiche.html"
    actif: ClassVar[str] = "flux"

    def prepare(self) -> None:
        super().prepare()
        found = connecteurs().get(self.kwargs["connecteur"])
        if found is None:
            raise Invisible
        self.connecteur = found
        self.page.titre = _t("Connecteur %(nom)s") % {"nom": found.nom}

    def get(self, request: HttpRequest, agence: str, connecteur: str) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, agence: str, connecteur: str) -> HttpResponse:
        require(self.actor, Gesture.CONNECTEUR_CALIBRATE)
        nom = request.POST.get("nom", "")
        try:
            row = start_calibration(self.actor, self.connecteur.code, nom)
        except BusinessError as error:
            return self._show(422, str(error), nom)
        return self.go("calibrage", calibrage=row.id)

    def _show(self, status: int = 200, faute: str = "", nom: str = "") -> HttpResponse:
        sources: list[Any] = [(s, natures()[s.nature]) for s in self.connecteur.sources]
        return self.render(
            status, connecteur=self.connecteur, sources=sources, champs=CHAMPS, faute=faute, nom=nom
        )
