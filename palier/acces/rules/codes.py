"""Access codes as they are written on paper: alphabet, check symbol, groups, and how typed text is forgiven.

An identifier is 8 symbols and a check symbol (« K7M 4PD X2Q »); a secret is 13 symbols and a check symbol
(« XXXXX XXXXX XXXX »): 32^13 = 2^65 possibilities (security.md, decision 3). Neither 0, O, 1 nor I is printed.
"""

import secrets
from itertools import product

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGUEUR_IDENTIFIANT = 8
LONGUEUR_SECRET = 13
GROUPE_IDENTIFIANT = 3
GROUPE_SECRET = 5

_RANK = {symbol: rank for rank, symbol in enumerate(ALPHABET)}
# What people type for a symbol that we never print: 1 and I look like L; O and 0 look like Q or D.
_CONFUSED = {"1": "L", "I": "L", "0": "QD", "O": "QD"}
_IGNORED = " \t\r\n-–—_.·/\u00a0\u202f"
_MOST_CONFUSED = 4


class CodeFault(ValueError):
    """What was typed cannot be a code of ours; ``args[0]`` is a key: ``longueur``, ``symbole`` or ``controle``."""


def _times_two(value: int) -> int:
    """Multiply by x in GF(32), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def check_symbol(text: str) -> str:
    """Return the symbol that makes every single error and every exchange of two symbols visible.

    The sum of x^i · symbol_i in GF(32): two different positions never have the same weight, up to 30 symbols.
    """
    total = 0
    for symbol in reversed(text):
        total = _times_two(total ^ _RANK[symbol])
    return ALPHABET[total]


def new_code(length: int) -> str:
    """Return ``length`` random symbols (5 bits each) and their check symbol."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return text + check_symbol(text)


def grouped(code: str, size: int) -> str:
    """Return ``code`` as it is printed: in groups of ``size`` symbols."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def normalised(typed: str, length: int) -> str:
    """Return the code that ``typed`` means, check symbol included; raise ``CodeFault`` when it can be none.

    Spaces, dashes and lower case are forgiven; so are look-alikes of the symbols that we never print, as long as
    the check symbol agrees. Pure: a typing error is told before any attempt is counted.
    """
    kept = "".join(symbol for symbol in typed.upper() if symbol not in _IGNORED)
    if len(kept) != length + 1:
        raise CodeFault("longueur")
    choices = [_CONFUSED.get(symbol, symbol) for symbol in kept]
    if any(symbol not in _RANK for group in choices for symbol in group):
        raise CodeFault("symbole")
    if sum(len(group) > 1 for group in choices) > _MOST_CONFUSED:
        raise CodeFault("controle")
    found = ["".join(candidate) for candidate in product(*choices)]
    valid = [candidate for candidate in found if check_symbol(candidate[:-1]) == candidate[-1]]
    if len(valid) != 1:
        raise CodeFault("controle")
    return valid[0]


def normalised_identifier(typed: str) -> str:
    """Return the identifier that ``typed`` means; raise ``CodeFault``."""
    return normalised(typed, LONGUEUR_IDENTIFIANT)


def normalised_secret(typed: str) -> str:
    """Return the secret that ``typed`` means; raise ``CodeFault``."""
    return normalised(typed, LONGUEUR_SECRET)


def printed_identifier(identifier: str) -> str:
    """Return « K7M 4PD X2Q »."""
    return grouped(identifier, GROUPE_IDENTIFIANT)


def printed_secret(secret: str) -> str:
    """Return « XXXXX XXXXX XXXX »."""
    return grouped(secret, GROUPE_SECRET)
