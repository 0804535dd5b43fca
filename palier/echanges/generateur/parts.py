"""Exact sharing of an amount or of tantièmes: no cent and no unit is lost."""

from collections.abc import Sequence
from decimal import Decimal

CENT = Decimal("0.01")


def share_units(total: int, poids: Sequence[int]) -> list[int]:
    """Share `total` whole units by weight, largest remainder first, ties to the first rank.

    Raises ValueError when the weights sum to zero.
    """
    somme = sum(poids)
    if somme <= 0:
        raise ValueError("Les poids de la répartition doivent avoir une somme positive.")
    signe = -1 if total < 0 else 1
    bruts = [abs(total) * p for p in poids]
    parts = [b // somme for b in bruts]
    manque = abs(total) - sum(parts)
    ordre = sorted(range(len(poids)), key=lambda i: (-(bruts[i] % somme), i))
    for i in ordre[:manque]:
        parts[i] += 1
    return [signe * p for p in parts]


def share_amount(montant: Decimal, poids: Sequence[int]) -> list[Decimal]:
    """Share an amount in euros by weight; the parts sum to the amount to the cent."""
    return [cents(p) for p in share_units(int(montant.scaleb(2)), poids)]


def cents(valeur: int) -> Decimal:
    """Euros from a whole number of cents."""
    return Decimal(valeur).scaleb(-2)


def euros(valeur: int | str | Decimal) -> Decimal:
    """Round to the cent."""
    return Decimal(valeur).quantize(CENT)


ZERO = euros(0)
