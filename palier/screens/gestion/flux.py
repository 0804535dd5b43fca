"""``/g/<agence>/reglages/flux``: what the agence expects, where it is dropped, when; and what is late."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import heure, now
from palier.core.errors import BusinessError, Invisible
from palier.echanges.calendrier.actions import change_flux, declare_flux, remove_flux
from palier.echanges.calendrier.forms import JOURS, FluxForm
from palier.echanges.calendrier.models import Flux
from palier.echanges.rules.attente import next_expected
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.flux import feeds, sources

_FIELDS = ("nom", "dossier", "jours", "heure", "tolerance_minutes", "feries")


def schedule_words(flux: Flux) -> str:
    """Return « lundi, mardi à 6 h 00, 2 h 00 de tolérance »; "" without a schedule."""
    if flux.horaire is None or flux.heure is None:
        return ""
    names = dict(JOURS)
    days = _t("tous les jours") if len(flux.jours) == 7 else ", ".join(
        str(names[day]).lower() for day in sorted(flux.jours)
    )  # fmt: skip
    hours, minutes = divmod(flux.tolerance_minutes, 60)
    return _t("%(jours)s à %(h)d h %(m)02d, %(th)d h %(tm)02d de tolérance%(feries)s") % {
        "jours": days, "h": flux.heure.hour, "m": flux.heure.minute, "th": hours, "tm": minutes,
        "feries": "" if flux.feries else _t(", sauf jours fériés"),
    }  # fmt: skip


class ReglagesFlux(Desk):
    """The feeds, late ones first."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/flux.html"
    titre = _("Flux attendus")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        present = now()
        rows = [(flux, schedule_words(flux), flux.horaire and next_expected(flux.horaire, present))
                for flux in feeds(self.actor)]  # fmt: skip
        return self.render(flux=rows, racine=settings.DEPOTS_DIR, heure_de=heure)


class FluxNouveau(Desk):
    """Declare a feed."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/flux_modifier.html"
    titre = _("Nouveau flux")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(self._form(initial=self._initial()))

    def _initial(self) -> dict[str, Any]:
        return {"tolerance_minutes": 120}

    def _form(self, *args: Any, **kwargs: Any) -> FluxForm:
        return FluxForm(*args, sources=sources(self.actor), **kwargs)

    def _show(self, form: FluxForm, status: int = 200) -> HttpResponse:
        return self.render(status, form=form, racine=settings.DEPOTS_DIR, jours=JOURS)

    def post(self, request: HttpRequest, agence: str, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        facts = {**form.cleaned_data, "source_id": _uuid(form.cleaned_data.get("source"))}
        facts.pop("source", None)
        try:
            self._save(facts)
        except BusinessError as error:
            form.add_error("dossier" if error.code == "flux_dossier_pris" else None, str(error))
            return self._show(form, error.status)
        self.say(_t("Le flux « %(nom)s » est enregistré.") % {"nom": facts["nom"]})
        return self.go("reglages_flux")

    def _save(self, facts: dict[str, Any]) -> None:
        declare_flux(self.actor, **facts)


class FluxModifier(FluxNouveau):
    """Change a feed."""

    access = Gesture.AGENCE_SETTINGS
    titre = _("Modifier un flux")
    flux: Flux

    def prepare(self) -> None:
        super().prepare()
        found = next((row for row in feeds(self.actor) if row.id == self.kwargs["flux"]), None)
        if found is None:
            raise Invisible
        self.flux = found
        self.page.titre = found.nom

    def get(self, request: HttpRequest, agence: str, flux: UUID | None = None) -> HttpResponse:
        return self._show(self._form(initial=self._initial()))

    def _initial(self) -> dict[str, Any]:
        return {
            "source": str(self.flux.source_id or ""),
            **{name: getattr(self.flux, name) for name in _FIELDS},
        }

    def _save(self, facts: dict[str, Any]) -> None:
        change_flux(self.actor, flux_id=self.flux.id, **facts)


class FluxRetirer(FluxModifier):
    """Ask, then remove a feed."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/flux_retirer.html"

    def get(self, request: HttpRequest, agence: str, flux: UUID | None = None) -> HttpResponse:
        return self.render(flux=self.flux)

    def post(self, request: HttpRequest, agence: str, **kwargs: Any) -> HttpResponse:
        removed = remove_flux(self.actor, self.flux.id)
        self.say(_t("Le flux « %(nom)s » est retiré.") % {"nom": removed.nom})
        return self.go("reglages_flux")


def _uuid(text: Any) -> UUID | None:
    return UUID(str(text)) if text else None
