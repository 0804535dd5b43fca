"""« Choisir les cookies »: refuse as easily as accept, purpose by purpose; the list comes from the code."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.public.activation import langue
from palier.vie_privee.temoins.actions import record_choice
from palier.vie_privee.temoins.choix import write_choice
from palier.vie_privee.temoins.registre import (
    CHOIX,
    COOKIE_CHOIX,
    DUREE_CHOIX_JOURS,
    LIBELLES,
    Finalite,
    temoins,
)


class ChoixDesTemoins(Screen):
    """The page, and where the banner's three buttons lead."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/temoins.html"
    titre = _("Choisir les cookies")

    def get(self, request: HttpRequest) -> HttpResponse:
        listed = temoins()
        groups = [(f, LIBELLES[f], f in CHOIX, [t for t in listed if t.finalite is f]) for f in Finalite]
        return self.render(groupes=groups, choix=request.temoins)  # type: ignore[attr-defined]

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("choix", "")
        if act == "tout":
            accepted = frozenset(CHOIX)
        elif act == "rien":
            accepted = frozenset()
        else:
            accepted = frozenset(f for f in CHOIX if request.POST.get(f.value) == "oui")
        origin = "bandeau" if request.POST.get("origine") == "bandeau" else "page"
        reference, moment = record_choice(self.actor, accepted, origin, langue())
        response = HttpResponseRedirect(self._target(request.POST.get("next", "")))
        response.set_cookie(
            COOKIE_CHOIX,
            write_choice(accepted, moment, reference),
            max_age=DUREE_CHOIX_JOURS * 24 * 3600,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
        self.say(
            _t("Votre choix est enregistré pour six mois. Vous pouvez en changer au pied de chaque page.")
        )
        return response

    @staticmethod
    def _target(given: str) -> str:
        safe = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
        return given if safe else reverse("temoins")
