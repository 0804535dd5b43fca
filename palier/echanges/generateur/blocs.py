"""The blocks that a printed piece is made of, and the French way to write a sum."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

Bloc: TypeAlias = dict[str, Any]


def money(montant: Decimal) -> str:
    """`1 234,56 €` with narrow no-break spaces."""
    texte = f"{abs(montant):,.2f}".replace(",", "\u202f").replace(".", ",")
    return f"{'−' if montant < 0 else ''}{texte}\u202f€"


def titre(x: str) -> Bloc:
    """A heading inside the piece."""
    return {"t": "titre", "x": x}


def texte(x: str) -> Bloc:
    """A paragraph."""
    return {"t": "texte", "x": x}


def liste(*x: str) -> Bloc:
    """A bulleted list."""
    return {"t": "liste", "x": list(x)}


def numeros(*x: str) -> Bloc:
    """A numbered list."""
    return {"t": "numeros", "x": list(x)}


def fiche(*lignes: tuple[str, str]) -> Bloc:
    """Labels and their values."""
    return {"t": "fiche", "lignes": [list(ligne) for ligne in lignes]}


def tableau(
    colonnes: Sequence[str], lignes: Sequence[Sequence[str]], droite: Sequence[int] = (), total: bool = False
) -> Bloc:
    """A table; `droite` lists the columns of figures, `total` sets the last line in bold."""
    return {
        "t": "tableau",
        "colonnes": list(colonnes),
        "lignes": [list(ligne) for ligne in lignes],
        "droite": list(droite),
        "total": total,
    }


def encadre(x: str) -> Bloc:
    """A boxed remark."""
    return {"t": "encadre", "x": x}


def page() -> Bloc:
    """A page break."""
    return {"t": "page"}


def signatures(*x: str) -> Bloc:
    """Places to sign, side by side."""
    return {"t": "signatures", "x": list(x)}
