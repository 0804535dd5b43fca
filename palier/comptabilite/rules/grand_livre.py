"""The ledger: its periods, and a running balance that adds up to the balance at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

ZERO = Decimal("0.00")
_JOUR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periode:
    """A stretch of the ledger: an exercice of the copropriété, else a civil year. Both ends included."""

    libelle: str
    debut: date
    fin: date
    statut: str = ""

    @property
    def cle(self) -> str:
        """What names it in an address."""
        return self.debut.isoformat()


@dataclass(frozen=True, slots=True)
class Ecriture:
    """A ledger line with the balance after it, report included. ``ligne``: its line in the back-office's file."""

    id: UUID
    le: date
    journal: str
    piece: str
    libelle: str
    debit: Decimal
    credit: Decimal
    cumul: Decimal
    document_id: UUID | None = None
    ligne: int | None = None


def report(solde: Decimal | None, somme: Decimal) -> Decimal:
    """Return the balance brought forward: what the balance holds that the visible lines do not explain, in euros.

    ``somme`` is debit less credit of the visible lines up to the date of the balance. Without a balance the lines
    speak alone.
    """
    return ZERO if solde is None else solde - somme


def periodes(exercices: Sequence[Periode], premier: date | None, dernier: date | None) -> list[Periode]:
    """Cut [premier, dernier] (dates of the first and last line) into periods, newest first, without hole nor overlap.

    The exercices of the copropriété where there are some, clipped where they overlap; civil years elsewhere.
    """
    if premier is None or dernier is None:
        return []
    found: list[Periode] = []
    start = premier
    for exercice in sorted(exercices, key=lambda e: (e.debut, e.fin)):
        if exercice.fin < start or exercice.debut > dernier:
            continue
        if exercice.debut > start:
            found += _annees(start, exercice.debut - _JOUR)
            start = exercice.debut
        # An exercice keeps its own first day unless an earlier period already holds it.
        first = exercice.debut if not found or exercice.debut > found[-1].fin else start
        found.append(Periode(exercice.libelle, first, exercice.fin, exercice.statut))
        start = exercice.fin + _JOUR
    if start <= dernier:
        found += _annees(start, dernier)
    return found[::-1]


def _annees(debut: date, fin: date) -> list[Periode]:
    """Return the civil years, or parts of them, that cover [debut, fin]."""
    return [
        Periode(str(annee), max(debut, date(annee, 1, 1)), min(fin, date(annee, 12, 31)))
        for annee in range(debut.year, fin.year + 1)
    ]


def choisir(periodes_: Sequence[Periode], voulue: str, jour: date) -> Periode | None:
    """Return the period named ``voulue``, else the one that holds ``jour``, else the newest, if there is any."""
    for periode in periodes_:
        if periode.cle == voulue:
            return periode
    for periode in periodes_:
        if periode.debut <= jour <= periode.fin:
            return periode
    return periodes_[0] if periodes_ else None
