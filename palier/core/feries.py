"""The public holidays of metropolitan France: code du travail, article L3133-1."""

import datetime as dt
import functools

_FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def easter(year: int) -> dt.date:
    """Return Easter Sunday in the Gregorian calendar (anonymous algorithm, published 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


@functools.lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[dt.date]:
    """Return the eleven public holidays of a year (L3133-1): Alsace and Moselle's two others are not in it."""
    moved = (
        easter(year) + dt.timedelta(days=n) for n in (1, 39, 50)
    )  # Easter Monday, Ascension, Whit Monday
    return frozenset([*(dt.date(year, m, d) for m, d in _FIXES), *moved])


def is_holiday(day: dt.date) -> bool:
    """Tell whether a day is a public holiday."""
    return day in holidays(day.year)
