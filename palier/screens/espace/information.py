"""``/e/<espace>/information``: what the agence says of the data that it shows (RGPD art. 13 and 14)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from palier.core.access import Gesture
from palier.screens.espace.base import EspacePage
from palier.vie_privee.queries import agency_notice
from palier.vie_privee.rules.textes import sections


class Information(EspacePage):
    """The agence's notice, or whom to ask while it has published none."""

    access = Gesture.ESPACE
    template = "espace/information.html"
    titre = gettext_lazy("Vos données chez cette agence")
    actif = "plus"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        notice = agency_notice(self.actor, self.espace.agence_id)
        return self.render(notice=notice, sections=sections(notice.corps) if notice else [])
