"""Amounts as whole cents: exact, and summed without any rounding."""

import re
from functools import lru_cache

_MONTANT = re.compile(r"([+-]?)(\d*)(?:[.,](\d*))?(-?)")
_BLANCS = str.maketrans("", "", " \u00a0\u202f")


@lru_cache(maxsize=65536)
def cents(text: str) -> int | None:
    """The cents of `0000000069,60`, `-12.5`, `1 234,56` or `12,00-` (an empty text is zero); None when unreadable.

    A third decimal other than zero is unreadable: rounding it would lose money without a word.
    """
    text = text.translate(_BLANCS)
    if not text:
        return 0
    match = _MONTANT.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, trailing = match.groups()
    fraction = (fraction or "").rstrip("0")
    if not (whole or match[3]) or len(fraction) > 2 or len(whole) > 15 or (sign and trailing):
        return None
    value = int(whole or "0") * 100 + int((fraction + "00")[:2])
    return -value if "-" in (sign, trailing) else value


def amount(value: int) -> str:
    """Cents as a canonical text: `-12.50`."""
    sign = "-" if value < 0 else ""
    value = abs(value)
    return f"{sign}{value // 100}.{value % 100:02d}"
