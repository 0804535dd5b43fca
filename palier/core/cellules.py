"""Cells of a CSV that a spreadsheet will open: a text never becomes a formula (OWASP, CSV injection)."""

from datetime import date
from decimal import Decimal

_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutralise(valeur: str) -> str:
    """Return a text that no spreadsheet runs: one that begins like a formula, after any spaces, gets an apostrophe.

    Control characters become blanks.
    """
    texte = "".join(c if c.isprintable() else " " for c in valeur)
    return (
        f"'{texte}" if texte.lstrip().startswith(_DECLENCHEURS) or valeur.startswith(_DECLENCHEURS) else texte
    )


def cellule(valeur: str | Decimal | date | None) -> str:
    """Return a cell: dates as 23/11/2026, amounts as plain numbers (-12,50), texts that cannot run as a formula."""
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal):
        return f"{valeur:.2f}".replace(".", ",")
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    return neutralise(valeur)
