"""Cells of a CSV that a spreadsheet will open: a text never becomes a formula (OWASP, CSV injection)."""

from datetime import date
from decimal import Decimal

_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cellule(valeur: str | Decimal | date | None) -> str:
    """Return a cell: dates as 23/11/2026, amounts as plain numbers (-12,50), texts that cannot run as a formula.

    A text that begins like a formula, after any spaces, gets a leading apostrophe; control characters go.
    """
    if valeur is None:
        return ""
    if isinstance(valeur, Decimal):
        return f"{valeur:.2f}".replace(".", ",")
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    texte = "".join(c if c.isprintable() else " " for c in valeur)
    return (
        f"'{texte}" if texte.lstrip().startswith(_DECLENCHEURS) or valeur.startswith(_DECLENCHEURS) else texte
    )
