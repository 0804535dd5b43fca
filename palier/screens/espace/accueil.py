"""The first page of a space: the balance, what is due, the latest documents, the property, whom to call."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.ged.queries import derniers
from palier.patrimoine.queries import contact, resume_du_bien
from palier.screens.espace.base import EspacePage

DERNIERS = 5


class AccueilEspace(EspacePage):
    """/e/<espace>/"""

    access = Gesture.ESPACE
    template = "espace/accueil.html"
    titre = _("Vue d’ensemble")
    actif = "accueil"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espace = self.espace
        compte_id = espace.compte_client_id
        return self.render(
            situation=self.situation(),
            documents=derniers(self.actor, self.perimetre, DERNIERS),
            bien=resume_du_bien(self.actor, espace.agence_id, compte_id) if compte_id else None,
            contact=contact(self.actor, espace.agence_id, compte_id, espace.copropriete_id),
        )


class Plus(EspacePage):
    """/e/<espace>/plus"""

    access = Gesture.ESPACE
    template = "espace/plus.html"
    titre = _("Plus")
    actif = "plus"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espace = self.espace
        found = contact(self.actor, espace.agence_id, espace.compte_client_id, espace.copropriete_id)
        return self.render(contact=found)
