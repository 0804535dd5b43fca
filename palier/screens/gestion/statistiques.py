"""``/g/<agence>/statistiques``: who uses the portal, what is read, how old the data are; by building, by capacity."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.enums import QualiteEspace
from palier.core.access import Gesture
from palier.core.cellules import cellule
from palier.core.streaming import disposition
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import Row, as_json, as_rows
from palier.screens.gestion.queries.statistiques import JOURS, RECENTE, figures


@dataclass(frozen=True, slots=True)
class Ligne:
    """Figures of a building, of a capacity, or of all: persons, and documents sent to those who have an account."""

    nom: str
    personnes: int = 0
    invitees: int = 0
    rattachees: int = 0
    venues: int = 0
    documents: int = 0
    lus: int = 0
    arrete_le: date | None = None
    age: int | None = None  # days since ``arrete_le``

    @property
    def part_rattachee(self) -> int | None:
        """Persons with an account, in percent; None when there is nobody."""
        return round(100 * self.rattachees / self.personnes) if self.personnes else None

    @property
    def non_lus(self) -> int:
        """Documents that the person they are for has not opened yet."""
        return self.documents - self.lus


@dataclass(frozen=True, slots=True)
class Statistiques:
    """The whole page."""

    total: Ligne
    coproprietes: list[Ligne]
    qualites: list[Ligne]
    sources: list[Row]


_PERSONNES = ("personnes", "invitees", "rattachees", "venues")


def statistics_of(found: Row, jour: date) -> Statistiques:
    """Lay the statement's figures out: the total, a line a building, a line a capacity."""
    people = as_json(found.personnes) or []
    readings = as_json(found.lectures) or []

    def of(rows: list[dict[str, Any]], names: tuple[str, ...], **wanted: Any) -> dict[str, Any]:
        for row in rows:
            if all(row.get(name) == value for name, value in wanted.items()):
                return {name: row[name] for name in names}
        return {}

    def line(nom: str, copropriete: str | None, arrete_le: date | None = None) -> Ligne:
        return Ligne(
            nom,
            **of(people, _PERSONNES, par_copropriete=True, copropriete_id=copropriete),
            **of(readings, ("documents", "lus"), par_copropriete=True, copropriete_id=copropriete),
            arrete_le=arrete_le,
            age=(jour - arrete_le).days if arrete_le else None,
        )

    buildings = [line(row.nom, row.id, row.arrete_le) for row in as_rows(found.coproprietes)]
    elsewhere = line(_t("Hors copropriété (gérance locative)"), None)
    if elsewhere.personnes:
        buildings.append(elsewhere)
    total = Ligne(
        _t("Ensemble"),
        **of(people, _PERSONNES, par_copropriete=False, par_qualite=False),
        **of(readings, ("documents", "lus"), par_copropriete=False),
    )
    capacities = [
        Ligne(str(label), **counts)
        for value, label in QualiteEspace.choices
        if (counts := of(people, _PERSONNES, par_qualite=True, qualite=value))
    ]
    return Statistiques(total, buildings, capacities, as_rows(found.sources))


class StatistiquesPage(Desk):
    """The page."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/statistiques.html"
    titre = _("Statistiques")
    actif: ClassVar[str] = "accueil"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.render(
            s=statistics_of(figures(self.actor), self.actor.today),
            jours=JOURS,
            recente=RECENTE,
            entier=self.actor.portefeuille is None,
            export=self.url("statistiques_csv"),
        )


class StatistiquesCsv(Desk):
    """The same figures for a spreadsheet."""

    access = Gesture.GESTION

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        found = statistics_of(figures(self.actor), self.actor.today)
        text = io.StringIO()
        sheet = csv.writer(text, delimiter=";", lineterminator="\r\n")
        sheet.writerow(
            [
                _t("Groupe"), _t("Nom"), _t("Personnes"), _t("Codes émis"), _t("Comptes ouverts"),
                _t("Venues depuis %(jours)s jours") % {"jours": RECENTE},
                _t("Documents reçus depuis %(jours)s jours") % {"jours": JOURS}, _t("Non lus"), _t("Données arrêtées au"),
            ]
        )  # fmt: skip
        groups = (
            (_t("Agence"), [found.total]),
            (_t("Copropriété"), found.coproprietes),
            (_t("Qualité"), found.qualites),
        )
        for group, lines in groups:
            for x in lines:
                numbers = (x.personnes, x.invitees, x.rattachees, x.venues, x.documents, x.non_lus)
                sheet.writerow([cellule(group), cellule(x.nom), *numbers, cellule(x.arrete_le)])
        name = f"statistiques-{self.agence.slug}-{self.actor.today.isoformat()}.csv"
        return HttpResponse(
            "\ufeff" + text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": disposition(name)},
        )
