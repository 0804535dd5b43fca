"""``/sous-traitants``: who helps the exploitant, and where the data are. Public, kept up to date by the register itself."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import today
from palier.core.screens import Screen
from palier.vie_privee.devoirs.queries import sub_processors
from palier.vie_privee.rules.devoirs import is_transfert


class SousTraitants(Screen):
    """The list, those to come and those who left included."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/sous_traitants.html"
    titre = _("Prestataires et lieux d’hébergement")

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = sub_processors()
        return self.render(
            prestataires=rows,
            jour=today(),
            transferts=any(is_transfert(r.pays) for r in rows if not r.jusqu_au),
        )
