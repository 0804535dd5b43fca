"""Dates as the law and the readers count them: the calendar of Paris, written in full."""

import functools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date in Paris: the day on which rights open and close."""
    return datetime.now(PARIS).date()


def date_longue(value: date, locale: str = "fr") -> str:
    """Return « lundi 23 novembre 2026 » (« 1er » for the first of a month, as French writes it)."""
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    text = _formatted(value, "EEEE d MMMM y", locale)
    return text.replace(" 1 ", " 1er ", 1) if locale.startswith("fr") and value.day == 1 else text


@functools.lru_cache(maxsize=8192)
def _formatted(value: date, pattern: str, locale: str) -> str:
    """Format a date with Babel. Cached: the dates of a list repeat, from one page to the next above all."""
    return format_date(value, pattern, locale=locale)


def date_simple(value: date, locale: str = "fr") -> str:
    """Return « 1er janvier 2027 »: the date in full without its week day."""
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    text = _formatted(value, "d MMMM y", locale)
    return "1er" + text[1:] if locale.startswith("fr") and value.day == 1 else text


def date_courte(value: date, locale: str = "fr") -> str:
    """Return « 23/11/2026 » for dense tables; the locale does not change the order of figures."""
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def heure(value: datetime) -> str:
    """Return « 14 h 05 », Paris time."""
    local = value.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}"
