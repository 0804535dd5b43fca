"""Last steps: twenty accounts as their holders will see them, the level, the dry import's report; then the calibration."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.echanges.connecteurs.actions import publish_calibration
from palier.echanges.connecteurs.apercu import preview
from palier.echanges.connecteurs.essai import Essai, refused, try_profile
from palier.echanges.connecteurs.fabrication import build
from palier.echanges.connecteurs.niveaux import next_level, reached
from palier.echanges.profils import ProfilRefuse
from palier.screens.gestion.connecteurs.base import Assistant, explained


class Resultat(Assistant):
    """The dry import: nothing is written on line."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/resultat.html"
    titre = _("Ce que verront vos clients")

    def get(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        if not self.plan.prets:
            return self.go("calibrage", calibrage=calibrage)
        return self._show(self._try())

    def post(self, request: HttpRequest, agence: str, calibrage: UUID) -> HttpResponse:
        """Save the calibration, once a dry import has gone through."""
        if not self.plan.prets:
            return self.go("calibrage", calibrage=calibrage)
        essai = self._try()
        if essai.refuse:
            return self._show(
                essai, 422, _t("L’essai est refusé : corrigez ce que dit le rapport avant d’enregistrer.")
            )
        try:
            made = publish_calibration(self.actor, self.calibrage.id, real="reel" in request.POST)
        except ProfilRefuse as refus:
            return self._show(
                essai,
                422,
                explained(refus) or _t("L’échantillon de l’épreuve ne se relit pas : revoyez les colonnes."),
            )
        self.say(_t("Le profil est enregistré. Envoyez désormais cet export tel quel : il sera reconnu."))
        return self.go("profil", profil=made.id)

    def _try(self) -> Essai:
        try:
            profil = build(self.plan)
            with self.chantier() as chantier:
                work = Path(chantier.folder) / "essai"
                work.mkdir()
                attribution = chantier.attribution(self.plan.prets)
                return try_profile(profil, attribution, self.agence.slug, self.plan.code, work)
        except ProfilRefuse as refus:
            return refused(refus)

    def _show(self, essai: Essai, status: int = 200, faute: str = "") -> HttpResponse:
        return self.render(
            status, faute=faute, **shown(essai), restants=len(self.plan.fichiers) - len(self.plan.prets)
        )


def shown(essai: Essai) -> dict[str, Any]:
    """What a page shows of a dry import."""
    level, opens, lacking = reached(essai.tables)
    return {
        "essai": essai,
        "comptes": preview(essai.lignes),
        "niveau": level,
        "ouvre": opens,
        "manque": lacking,
        "suivant": next_level(level),
    }
