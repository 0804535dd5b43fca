"""The clock of a request (RGPD art. 12.3), counted as the law counts months; what a restriction stops."""

from datetime import date, timedelta

from palier.core.feries import is_holiday

#: RGPD art. 12.3: one month, two more when the request is complex, said with its reasons within the first.
DELAI_MOIS, PROLONGATION_MOIS = 1, 2
#: Ours: a restriction ends this long after it was announced (art. 18.3 asks to tell the person before).
ANNONCE_LEVEE = timedelta(days=7)
#: Ours: an export can be downloaded this long, and asked for this often a day.
EXPORT_DUREE = timedelta(days=7)
EXPORTS_PAR_JOUR = 3
PIECE_OCTETS, PIECES = 10 * 1024 * 1024, 5


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month; the last day of that month when it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def next_working_day(day: date) -> date:
    """Return ``day``, or the first day after it that is neither a Saturday, a Sunday nor a public holiday."""
    while day.isoweekday() >= 6 or is_holiday(day):
        day += timedelta(days=1)
    return day


def echeance(recue: date, *, prolongee: bool = False, suspension: timedelta = timedelta()) -> date:
    """Return the last day to answer a request received on ``recue``.

    Months are counted from day to day, and a last day that nobody works is put off to the next one (règlement
    1182/71, art. 3). ``suspension``: how long a proof of identity, rightly asked, was awaited.
    """
    months = DELAI_MOIS + (PROLONGATION_MOIS if prolongee else 0)
    return next_working_day(add_months(recue, months) + suspension)


def peut_prolonger(jour: date, limite: date) -> bool:
    """Tell whether the extension can still be announced: within the first month (art. 12.3)."""
    return jour <= limite


def reste(jour: date, limite: date) -> int:
    """Return how many days are left before the limit; negative when it is past."""
    return (limite - jour).days
