"""``/g/<agence>/incidents`` and ``/g/<agence>/assistance``: what went wrong with the agence's data; calling for help."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import now
from palier.core.errors import BusinessError
from palier.screens.gestion.base import Desk
from palier.vie_privee.assistance.actions import end, grant, visits
from palier.vie_privee.incidents.actions import read_incident, tell_persons
from palier.vie_privee.incidents.queries import for_agency, persons
from palier.vie_privee.rules.incidents import ASSISTANCE_HEURES


class Confiance(Desk):
    """What the agence owes its clients as their controller, and what its processor owes it: one door to each."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/confiance.html"
    titre = _("Confiance")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        doors = [
            (
                "contrat",
                _t("Contrat et données"),
                _t("Vos instructions, les prestataires, l’accord de l’article 28"),
                "valider",
            ),
            (
                "notice",
                _t("Notice d’information"),
                _t("Ce que vos clients lisent de l’usage de leurs données"),
                "journal",
            ),
            (
                "droits",
                _t("Droits des personnes"),
                _t("Les demandes de vos clients, leur délai, les données limitées"),
                "demandes",
            ),
            ("incidents", _t("Incidents"), _t("Ce qui a touché vos données, et qui prévenir"), "attention"),
            (
                "assistance",
                _t("Assistance de l’exploitant"),
                _t("Ouvrir la porte, pour un motif et une durée"),
                "cle",
            ),
            (
                "restrictions",
                _t("Ce que vous tenez fermé"),
                _t("Qualités, fonctions, copropriétés : votre décision, appliquée aussitôt"),
                "cadenas",
            ),
            (
                "fin_de_contrat",
                _t("Reprendre vos données"),
                _t("Tout télécharger, ou l’archive d’une copropriété"),
                "telecharger",
            ),
            ("audience", _t("Audience"), _t("Les pages vues, sans désigner personne"), "oeil"),
        ]
        return self.render(
            portes_confiance=[(mots, self.url(nom), detail, icone) for nom, mots, detail, icone in doors]
        )


class Incidents(Desk):
    """The incidents that concern the agence, with its persons; seen is written."""

    access = Gesture.INCIDENT_READ
    template: ClassVar[str] = "gestion/incidents.html"
    titre = _("Incidents")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        found = for_agency(self.actor)
        for row in found:
            if row.lue_le is None:
                read_incident(self.actor, row.incident_id)
        return self.render(incidents=found, personnes=persons(self.actor))


class IncidentPrevenir(Desk):
    """The agence tells its persons, in its own words."""

    access = Gesture.INCIDENT_READ

    def post(self, request: HttpRequest, agence: str, incident: UUID) -> HttpResponse:
        message = request.POST.get("message", "").strip()[:4000]
        if not message:
            raise BusinessError(
                "message_absent", _t("Dites aux personnes ce que l’incident peut entraîner pour elles.")
            )
        told = tell_persons(self.actor, self.agence, incident, message)
        self.say(_t("%(nombre)d personnes prévenues par e-mail.") % {"nombre": told})
        return self.go("incidents")


class Assistance(Desk):
    """Open the door to the exploitant, see what he looks at, close it."""

    access = Gesture.ASSISTANCE_GRANT
    template: ClassVar[str] = "gestion/assistance.html"
    titre = _("Assistance de l’exploitant")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(
            status, visites=visits(self.actor, self.agence.id), maintenant=now(), faute=faute, bornes=ASSISTANCE_HEURES,
            saisie={"motif": self.request.POST.get("motif", ""), "heures": self.request.POST.get("heures", "2")},
        )  # fmt: skip

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        hours = request.POST.get("heures", "")
        try:
            grant(self.actor, request.POST.get("motif", "")[:1000], int(hours) if hours.isdecimal() else 0)
        except BusinessError as error:
            return self._show(str(error), error.status)
        self.say(
            _t("La porte est ouverte : l’assistance peut entrer, en lecture seule, jusqu’à l’heure dite.")
        )
        return self.go("assistance")


class AssistanceFinir(Desk):
    """Close the door now."""

    access = Gesture.ASSISTANCE_GRANT

    def post(self, request: HttpRequest, agence: str, assistance: UUID) -> HttpResponse:
        end(self.actor, assistance)
        self.say(_t("La porte est fermée."))
        return self.go("assistance")
