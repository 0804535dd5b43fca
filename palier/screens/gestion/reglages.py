"""``/g/<agence>/reglages``: what the administrator decides. A colour is seen and measured before it is saved."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.actions import change_settings
from palier.agences.forms import ReglagesForm
from palier.core.access import Gesture
from palier.screens.gestion.base import Desk
from palier.screens.shared.couleur import contrast, pairs, palette

_FIELDS = (
    "telephone", "email", "adresse", "validite_code_jours", "avis_delai_heures", "versions_jours", "retours_mois", "couleur",
)  # fmt: skip


class Reglages(Desk):
    """The settings. ``apercu`` in the address (or the button) shows a colour without saving it."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/reglages.html"
    titre = _("Réglages de l’agence")
    actif: ClassVar[str] = "reglages"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        present = {name: getattr(self.agence, name) for name in _FIELDS}
        return self._show(ReglagesForm(initial=present), self.agence.couleur)

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = ReglagesForm(request.POST)
        if not form.is_valid():
            return self._show(form, self.agence.couleur, 422)
        if "apercu" in request.POST:
            return self._show(form, form.cleaned_data["couleur"])
        change_settings(self.actor, **form.cleaned_data)
        self.say(_t("Les réglages sont enregistrés."))
        return self.go("reglages")

    def _show(self, form: ReglagesForm, colour: str, status: int = 200) -> HttpResponse:
        return self.render(status, form=form, couleur=colour, themes=measured(colour))


def measured(colour: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return, for each theme, every pair that the pages draw with its contrast (WCAG ratio) and the one to reach."""
    names = {"clair": _t("Thème clair"), "sombre": _t("Thème sombre")}
    found = []
    for theme, colours in palette(colour).items():
        rows = [
            {"quoi": what, "encre": ink, "fond": ground, "rapport": contrast(ink, ground), "attendu": wanted}
            for what, ink, ground, wanted in pairs(theme, colours)
        ]
        found.append((names[theme], rows))
    return found
