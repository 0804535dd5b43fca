"""``/g/<agence>/audience``: the agence's own pages, counted; nobody else's."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.screens.gestion.base import Desk
from palier.screens.shared.audience import PERIODES, period, shown
from palier.vie_privee.audience.queries import agency_figures


class Audience(Desk):
    """The agence's audience."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/audience.html"
    titre = _("Audience")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        days = period(request)
        return self.render(vues=shown(agency_figures(self.actor, days)), jours=days, periodes=PERIODES)
