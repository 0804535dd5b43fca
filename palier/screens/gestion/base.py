"""The base of the desk's pages: its doors, and as of when its data are."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.core.access import Gesture, may
from palier.screens.gestion.queries.base import as_rows
from palier.screens.gestion.queries.tableau import freshness
from palier.screens.shared.bases import GestionScreen


class Desk(GestionScreen):
    """A page of the desk. ``self.url(name)`` is an address of the same agence."""

    abstract_screen: ClassVar[bool] = True

    def prepare(self) -> None:
        found = freshness(self.actor)
        if found.arrete_au:
            self.page.fraicheur = (found.logiciel, found.arrete_au, found.retard_depuis is not None)
        self.page.retards = as_rows(found.retards)
        self.page.adresse_retards = self.url(
            "reglages_flux" if may(self.actor, Gesture.AGENCE_SETTINGS) else "flux"
        )
        self.page.assistance = found.assistance
        self.page.portes = self._doors(found.a_confirmer)

    def _doors(self, waiting: int) -> list[tuple[Any, ...]]:
        doors: list[tuple[Any, ...]] = [
            ("accueil", _("Accueil"), self.url("accueil"), "accueil"),
            ("personnes", _("Personnes"), self.url("personnes"), "personnes"),
            *self._whole(("flux", _("Flux"), self.url("flux"), "echange", waiting)),
            ("documents", _("Documents"), self.url("documents"), "documents"),
            *((*door, 0, "porte-large") for door in self.more()),
        ]
        # On a phone the last doors are behind one; it is lit while any of them is open.
        behind = self.actif in {door[0] for door in doors if door[-1] == "porte-large"}
        doors.append(
            (self.actif if behind else "plus", _("Plus"), self.url("plus"), "plus", 0, "porte-etroite")
        )
        return doors

    def _whole(self, *doors: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Return ``doors``, unless the member is kept to a portfolio: they show the whole agence."""
        return list(doors) if may(self.actor, Gesture.IMPORT_READ) else []

    def _kept(self, *doors: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Return ``doors`` to a member kept to a portfolio: the others reach them through « Flux »."""
        return [] if may(self.actor, Gesture.IMPORT_READ) else list(doors)

    def more(self) -> list[tuple[str, str, str, str]]:
        """Return the doors that a phone shows behind « Plus »."""
        found = [
            *self._kept(("retours", _("Retours"), self.url("retours"), "lettre")),
            ("equipe", _("Équipe"), self.url("equipe"), "personne"),
            ("journal", _("Journal"), self.url("journal"), "journal"),
        ]
        if may(self.actor, Gesture.AGENCE_SETTINGS):
            found.append(("reglages", _("Réglages"), self.url("reglages"), "reglages"))
            found.append(("confiance", _("Confiance"), self.url("confiance"), "cadenas"))
        return found

    def url(self, name: str, **kwargs: Any) -> str:
        """Return the path of a page of this desk."""
        return reverse(f"gestion:{name}", kwargs={"agence": self.agence.slug, **kwargs})

    def go(self, name: str, **kwargs: Any) -> HttpResponse:
        """Send the browser to a page of this desk."""
        return HttpResponseRedirect(self.url(name, **kwargs))

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        return super().render(status, template, **{"ici": self.url, "agence": self.agence, **context})


def uuid_or_none(text: str) -> UUID | None:
    """Return the identifier that an address carries; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
