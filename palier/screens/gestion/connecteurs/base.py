"""What the pages of the assistant share: the draft, its file, its place in the steps."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.agences.cles import agence_key
from palier.core.errors import BusinessError, Invisible
from palier.core.vault import AgenceKey, DamagedFile
from palier.echanges.connecteurs.actions import draft, save_plan
from palier.echanges.connecteurs.champs import natures
from palier.echanges.connecteurs.chantier import Chantier
from palier.echanges.connecteurs.modele import connecteurs
from palier.echanges.connecteurs.models import Calibrage
from palier.echanges.connecteurs.plan import Fichier, Plan
from palier.echanges.profils import ProfilRefuse
from palier.screens.gestion.base import Desk

ETAPES = {"lecture": 1, "colonnes": 2, "reglages": 3, "pret": 4}


def explained(refus: ProfilRefuse) -> str:
    """The sentences of a refusal, as one message."""
    return " ".join(f"{c.lieu} : {c.message}" if c.lieu else c.message for c in refus.constats[:3])


class Assistant(Desk):
    """A page about one draft."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "flux"
    key: AgenceKey
    calibrage: Calibrage
    plan: Plan

    def prepare(self) -> None:
        super().prepare()
        try:
            # Once for the draft and its files: read twice, it would be a query too many for the longest of these pages.
            self.key = agence_key(self.actor, self.actor.agence_id)
            self.calibrage, self.plan = draft(self.actor, self.kwargs["calibrage"], key=self.key)
        except DamagedFile as error:
            raise Invisible from error

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        common = {
            "calibrage": self.calibrage,
            "plan": self.plan,
            "connecteur": connecteurs()[self.plan.connecteur],
            "natures": natures(),
        }
        return super().render(status, template, **{**common, **context})

    @contextmanager
    def chantier(self) -> Iterator[Chantier]:
        """The files of the draft, for the time of this page."""
        with tempfile.TemporaryDirectory(prefix="calibrage-") as folder:
            try:
                yield Chantier(self.key, self.plan, Path(folder))
            except DamagedFile as error:
                raise BusinessError(
                    "fichier_perdu", _("Ce fichier n’est plus lisible : envoyez-le de nouveau.")
                ) from error

    def keep(self) -> None:
        """Keep the choices as they are now; a former result is worth nothing any more."""
        self.plan.essai = {}
        save_plan(self.actor, self.calibrage.id, self.plan)


class PageFichier(Assistant):
    """A page about one file of a draft."""

    abstract_screen: ClassVar[bool] = True
    fichier: Fichier

    def prepare(self) -> None:
        super().prepare()
        found = self.plan.fichier(self.kwargs["rang"])
        if found is None:
            raise Invisible
        self.fichier = found

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        return super().render(status, template, **{"fichier": self.fichier, **context})

    def step(self, name: str) -> HttpResponse:
        """Go to a step of this file."""
        return self.go(f"calibrage_{name}", calibrage=self.calibrage.id, rang=self.fichier.rang)

    def home(self) -> HttpResponse:
        """Go back to the draft."""
        return self.go("calibrage", calibrage=self.calibrage.id)


def whole(text: str, low: int, high: int, default: int) -> int:
    """An integer that a form gives, kept within bounds."""
    return min(max(int(text), low), high) if text.strip().lstrip("-").isdigit() and len(text) < 9 else default


__all__ = ["UUID", "Assistant", "PageFichier", "explained", "whole"]
