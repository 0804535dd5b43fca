"""When a feed is expected and when it is late. Wall clock of Paris; durations are real time, so DST changes nothing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from palier.core.feries import is_holiday

PARIS = ZoneInfo("Europe/Paris")
#: A feed may come this long before its hour and still be the one expected (never more than half the way back).
AVANCE = dt.timedelta(hours=12)
#: Days looked through: a weekly feed whose day is a holiday several weeks running is still found.
PORTEE = 62


@dataclass(frozen=True, slots=True)
class Horaire:
    """Expected on these ISO week days at this hour, give or take; on public holidays only when ``feries``."""

    jours: frozenset[int]
    heure: dt.time
    tolerance: dt.timedelta
    feries: bool = False

    def expects(self, day: dt.date) -> bool:
        """Tell whether something is expected on a day."""
        return day.isoweekday() in self.jours and (self.feries or not is_holiday(day))

    def moment(self, day: dt.date) -> dt.datetime:
        """Return the instant expected on a day, in UTC.

        An hour that the spring change skips is that long after midnight; one that autumn repeats is the first.
        """
        return dt.datetime.combine(day, self.heure, tzinfo=PARIS).astimezone(dt.UTC)


def _backwards(horaire: Horaire, day: dt.date) -> Iterator[dt.datetime]:
    """Yield the instants expected on ``day`` and before it, latest first."""
    for back in range(PORTEE):
        candidate = day - dt.timedelta(days=back)
        if horaire.expects(candidate):
            yield horaire.moment(candidate)


def missed(
    horaire: Horaire, *, depuis: dt.datetime, recu: dt.datetime | None, maintenant: dt.datetime
) -> dt.datetime | None:
    """Return the instant of the last feed that should be here by now and is not; None when nothing is late.

    ``depuis``: nothing was expected before. ``recu``: the last one received, None for never.
    """
    found = _backwards(horaire, maintenant.astimezone(PARIS).date())
    due = next((moment for moment in found if moment + horaire.tolerance <= maintenant), None)
    if due is None or due < depuis:
        return None
    before = next(found, None)
    early = AVANCE if before is None else min(AVANCE, (due - before) / 2)
    return None if recu is not None and recu >= due - early else due


def next_expected(horaire: Horaire, maintenant: dt.datetime) -> dt.datetime | None:
    """Return the next instant at which something is expected; None when no day is."""
    day = maintenant.astimezone(PARIS).date()
    for ahead in range(PORTEE):
        candidate = day + dt.timedelta(days=ahead)
        if horaire.expects(candidate) and horaire.moment(candidate) > maintenant:
            return horaire.moment(candidate)
    return None
