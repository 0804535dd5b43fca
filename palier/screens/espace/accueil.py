"""The first page of a space: the balance, what is due, the latest documents, the property, whom to call."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palier.core.access import Gesture
from palier.ged.queries import derniers
from palier.patrimoine.queries import ResumeDuBien, contact, resume_du_bien
from palier.screens.espace.base import EspacePage
from palier.screens.espace.compte import date_simple, euros, phrase_du_solde, suite_du_solde

DERNIERS = 5


class AccueilEspace(EspacePage):
    """/e/<espace>/"""

    access = Gesture.ESPACE
    template = "espace/accueil.html"
    titre = gettext_lazy("Vue d’ensemble")
    actif = "accueil"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espace = self.espace
        compte_id = espace.compte_client_id
        situation, jour = self.situation(), self.actor.today
        bien = resume_du_bien(self.actor, espace.agence_id, compte_id) if compte_id else None
        return self.render(
            position=situation,
            phrase=phrase_du_solde(situation, jour) if situation else "",
            suite=suite_du_solde(situation, jour) if situation else "",
            jour=jour,
            documents=derniers(self.actor, self.perimetre, DERNIERS),
            resume_faits=faits_du_bien(bien, espace.qualite) if bien else [],
            contact=contact(self.actor, espace.agence_id, compte_id, espace.copropriete_id),
        )


def faits_du_bien(bien: ResumeDuBien, qualite: str) -> list[tuple[str, str]]:
    """Return the few facts of the property, as (name, value)."""
    facts: list[tuple[str, str]] = []
    if qualite == "coproprietaire" and bien.lots:
        facts.append((ngettext("Votre lot", "Vos lots", bien.lots), bien.lots_noms or str(bien.lots)))
    if qualite == "bailleur":
        facts.append((_("Mandat de gérance"), bien.mandats))
        facts.append((_("Baux en cours"), str(bien.baux_en_cours)))
    if qualite == "locataire" and bien.bail_debut:
        facts.append((_("Locataire depuis"), date_simple(bien.bail_debut)))
        if bien.sortie_le:
            facts.append((_("Sortie"), date_simple(bien.sortie_le)))
        if bien.loyer is not None:
            facts.append((_("Loyer mensuel"), euros(bien.loyer)))
        if bien.provision is not None:
            facts.append((_("Provision pour charges"), euros(bien.provision)))
    return [(name, value) for name, value in facts if value]


class Plus(EspacePage):
    """/e/<espace>/plus"""

    access = Gesture.ESPACE
    template = "espace/plus.html"
    titre = gettext_lazy("Plus")
    actif = "plus"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espace = self.espace
        found = contact(self.actor, espace.agence_id, espace.compte_client_id, espace.copropriete_id)
        return self.render(contact=found)
