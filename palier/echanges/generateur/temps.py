"""Quarters, months and French dates. Everything derives from the reference date: no clock is read."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True, order=True)
class Periode:
    """A quarter or a month: first day, last day, and its name in French."""

    debut: date
    fin: date
    libelle: str
    code: str


def add_months(jour: date, mois: int) -> date:
    """Same day `mois` months later, or the last day of a shorter month."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, index = divmod(rang, 12)
    return date(annee, index + 1, min(jour.day, calendar.monthrange(annee, index + 1)[1]))


def month_of(jour: date) -> Periode:
    """The month that holds `jour`."""
    debut = jour.replace(day=1)
    fin = add_months(debut, 1) - timedelta(days=1)
    return Periode(debut, fin, f"{MOIS[debut.month - 1]} {debut.year}", f"{debut.year}-{debut.month:02d}")


def quarter_of(jour: date) -> Periode:
    """The calendar quarter that holds `jour`."""
    rang = (jour.month - 1) // 3
    debut = date(jour.year, rang * 3 + 1, 1)
    fin = add_months(debut, 3) - timedelta(days=1)
    nom = "1er" if rang == 0 else f"{rang + 1}e"
    return Periode(debut, fin, f"{nom} trimestre {jour.year}", f"{jour.year}-T{rang + 1}")


def last_quarters(reference: date, nombre: int) -> list[Periode]:
    """The `nombre` quarters that end with the current one, oldest first."""
    courant = quarter_of(reference)
    return [quarter_of(add_months(courant.debut, -3 * n)) for n in range(nombre - 1, -1, -1)]


def last_months(debut: date, fin: date) -> list[Periode]:
    """The months from the one that holds `debut` to the one that holds `fin`."""
    mois, rendus = month_of(debut), []
    while mois.debut <= fin:
        rendus.append(mois)
        mois = month_of(add_months(mois.debut, 1))
    return rendus


def full_date(jour: date) -> str:
    """`lundi 23 novembre 2026`."""
    return f"{JOURS[jour.weekday()]} {short_date(jour)}"


def short_date(jour: date) -> str:
    """`23 novembre 2026`."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme} {MOIS[jour.month - 1]} {jour.year}"


def next_weekday(jour: date, rang: int) -> date:
    """First day from `jour` on that falls on weekday `rang` (0 = Monday)."""
    return jour + timedelta(days=(rang - jour.weekday()) % 7)
