"""The figures of the audience as the pages show them: counts too small to show are said « moins de 5 »."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from palier.core.dates import date_courte
from palier.vie_privee.audience.queries import SEUIL, Figures

PERIODES = (30, 90, 365)


def period(request: HttpRequest) -> int:
    """Return the number of days asked for, among those offered."""
    wanted = request.GET.get("jours", "")
    return int(wanted) if wanted.isdigit() and int(wanted) in PERIODES else PERIODES[0]


def publics() -> dict[str, str]:
    """Return the words of each public."""
    return {
        "visiteur": _("Visiteurs"),
        "client": _("Personnes connectées"),
        "equipe": _("Équipes des agences"),
        "exploitant": _("Exploitant"),
    }


def shown(figures: Figures) -> dict[str, Any]:
    """Return what the template draws: a chart by day (by month past 90 days), a table by kind of page."""
    days = figures.par_jour
    if len(days) > 90:
        months: dict[str, int] = {}
        for day, number in days:
            key = f"{day:%m/%Y}"
            months[key] = months.get(key, 0) + number
        chart = list(months.items())
    else:
        chart = [(date_courte(day)[:5], number) for day, number in days]
    words = publics()
    rows = [
        (
            genre,
            words.get(public, public),
            str(n) if n >= SEUIL else _("moins de %(seuil)s") % {"seuil": SEUIL},
        )
        for genre, public, n in figures.par_genre
    ]
    return {"courbe": chart, "lignes": rows, "total": figures.total, "depuis": figures.depuis}
