"""Money: euros as Decimal with two decimals; shares lose no cent."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NNBSP = "\u202f"  # narrow no-break space, between thousands and before the sign


def round_cent(amount: Decimal) -> Decimal:
    """Return ``amount`` in euros rounded half up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def euros(amount: Decimal, locale: str = "fr") -> str:
    """Return « 1 234,56 € » (narrow no-break spaces) or « €1,234.56 » in English."""
    rounded = round_cent(amount)
    sign = "\u2212" if rounded < 0 else ""
    figures = f"{abs(rounded):,.2f}"
    if locale.startswith("en"):
        return f"{sign}€{figures}"
    return f"{sign}{figures.replace(',', NNBSP).replace('.', ',')}{NNBSP}€"


def repartir(montant: Decimal, poids: Sequence[Decimal | int]) -> list[Decimal]:
    """Split ``montant`` (euros) by ``poids`` (tantièmes) so that the parts sum to it exactly.

    Each part is rounded down to the cent, then the cents left over go to the largest remainders.
    Raises ``ValueError`` when there is no positive weight or one is negative.
    """
    total = sum((Decimal(p) for p in poids), Decimal(0))
    if total <= 0 or any(p < 0 for p in poids):
        raise ValueError("Il faut au moins un poids positif, et aucun négatif.")
    sign = -1 if montant < 0 else 1
    absolute = abs(round_cent(montant))
    exact = [absolute * Decimal(p) / total for p in poids]
    parts = [value.quantize(CENT, rounding=ROUND_DOWN) for value in exact]
    missing = int((absolute - sum(parts, Decimal(0))) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[:missing]:
        parts[index] += CENT
    return [sign * part for part in parts]
