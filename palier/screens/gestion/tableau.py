"""``/g/<agence>/``: what came in, what waits for a human, how people stand."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.acces.enums import EtatAcces
from palier.core.access import Gesture
from palier.echanges.enums import EtatImport
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import as_json, as_rows
from palier.screens.gestion.queries.tableau import overview

TONS = {"non_emis": "", "emis": "accent", "expire": "attention", "rattache": "ok", "revoque": "erreur"}


class Plus(Desk):
    """The doors that a phone has no room for."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/plus.html"
    titre = _("L’agence")
    actif: ClassVar[str] = "plus"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.render(autres=self.more())


class TableauDeBord(Desk):
    """The first page of the desk."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/tableau.html"
    titre = _("Tableau de bord")
    actif: ClassVar[str] = "accueil"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        seen = overview(self.actor)
        counts = as_json(seen.etats) or {}
        last = as_rows(seen.dernier)
        return self.render(
            etats=[
                (etat.value, etat.label, counts.get(etat.value, 0), TONS[etat.value]) for etat in EtatAcces
            ],
            total=sum(counts.values()),
            dernier=last[0] if last else None,
            etat_dernier=EtatImport(last[0].etat).label if last else "",
            attente=as_rows(seen.a_confirmer),
            a_corriger=seen.a_corriger,
            en_ligne=seen.en_ligne,
            visites=as_rows(seen.visites),
            documents=as_rows(seen.documents),
        )
