"""Figures of the audience: of the portal for the exploitant, of its own pages for an agence."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from palier.core.actor import Actor
from palier.core.dates import today
from palier.vie_privee.models import Audience, AudienceAgence

#: Below this, a count could say something of one person: it is shown as « moins de 5 ».
SEUIL = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Pages shown over a period: by day (all kinds), and by kind and public."""

    depuis: date
    par_jour: list[tuple[date, int]]
    par_genre: list[tuple[str, str, int]]

    @property
    def total(self) -> int:
        """Every page of the period."""
        return sum(number for _day, number in self.par_jour)


def _figures(rows: object, days: int) -> Figures:
    since = today() - timedelta(days=days - 1)
    found = rows.filter(jour__gte=since)  # type: ignore[attr-defined]
    by_day = dict(found.values("jour").annotate(n=Sum("nombre")).order_by("jour").values_list("jour", "n"))
    kinds = found.values("genre", "public").annotate(n=Sum("nombre")).order_by("-n", "genre", "public")
    return Figures(
        since,
        [(since + timedelta(days=i), int(by_day.get(since + timedelta(days=i), 0))) for i in range(days)],
        [(r["genre"], r["public"], int(r["n"])) for r in kinds],
    )


def portal_figures(days: int = 30) -> Figures:
    """Return the audience of the whole portal. Two queries."""
    return _figures(Audience.objects.all(), days)


def agency_figures(actor: Actor, days: int = 30) -> Figures:
    """Return the audience of the agence's own pages. Two queries."""
    return _figures(AudienceAgence.objects.visible_to(actor).filter(agence_id=actor.agence_id), days)
