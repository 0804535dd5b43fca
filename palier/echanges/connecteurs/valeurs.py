"""What values look like: the kinds that can be told from their shape or their check digits, with the reason said."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

DATES = ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%d%m%y")
#: How each format is written for people.
DATES_MOTS = {
    "%d/%m/%Y": "31/12/2026", "%Y-%m-%d": "2026-12-31", "%Y%m%d": "20261231", "%d/%m/%y": "31/12/26",
    "%d-%m-%Y": "31-12-2026", "%d.%m.%Y": "31.12.2026", "%d%m%Y": "31122026", "%d%m%y": "311226",
}  # fmt: skip
_MONTANT = re.compile(r"[+-]?\d{1,3}(?:[  \u202f.]?\d{3})*[.,]\d{2}-?|[+-]?\d+[.,]\d{2}-?")
_SENS = frozenset({"d", "c", "debit", "credit", "débit", "crédit", "+", "-"})
_CIVILITES = frozenset({"m", "m.", "mr", "mr.", "mme", "mme.", "mlle", "monsieur", "madame", "mademoiselle", "m. et mme",
                        "m et mme", "mr et mme", "mmes", "mm."})  # fmt: skip


def is_date(text: str, forme: str) -> bool:
    """Whether a text is a date in this format, between 1900 and 2100."""
    try:
        found = dt.datetime.strptime(text, forme)  # noqa: DTZ007  (a date alone)
    except ValueError:
        return False
    return 1900 <= found.year <= 2100 and (len(text) == len(found.strftime(forme)))


def date_format(values: Sequence[str]) -> str:
    """The first format that reads every value (empty: none does)."""
    filled = [v for v in values if v]
    return next((f for f in DATES if filled and all(is_date(v, f) for v in filled)), "")


def _iban(text: str) -> bool:
    bare = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", bare):
        return False
    digits = "".join(str(int(c, 36)) for c in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def _siren(text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    if not re.fullmatch(r"\d{9}", bare):
        return False
    doubled = [int(c) * (2 if i % 2 else 1) for i, c in enumerate(bare)]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_amount(text: str) -> bool:
    """Whether a text is an amount written with two decimals."""
    return _MONTANT.fullmatch(text.replace("€", "").strip()) is not None


_MOTIFS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "rnc": re.compile(r"[A-Z]{2}\d{7}"),
    "telephone": re.compile(r"(?:\+33[ .]?[1-9]|0[1-9])(?:[ .-]?\d\d){4}"),
    "compte": re.compile(r"(?:4[15][01][ -]?[0-9A-Z][0-9A-Z -]*|L[ -]?\d{2,})"),
    "code_postal": re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}"),
}
_TESTS: dict[str, Callable[[str], bool]] = {
    "iban": _iban,
    "montant": is_amount,
    "siren": _siren,
    "sens": lambda v: v.casefold() in _SENS,
    "civilite": lambda v: v.casefold() in _CIVILITES,
}
_RAISONS: dict[str, Any] = {
    "email": _("les valeurs sont des adresses électroniques"),
    "iban": _("les valeurs sont des IBAN (clé de contrôle juste)"),
    "rnc": _("deux lettres et sept chiffres : le registre national des copropriétés"),
    "montant": _("les valeurs sont des montants à deux décimales"),
    "telephone": _("dix chiffres commençant par 0, ou +33 : des téléphones"),
    "compte": _("numéros en 450…, 411… ou L… : des comptes clients"),
    "siren": _("neuf chiffres à la clé juste : des SIREN"),
    "code_postal": _("cinq chiffres : des codes postaux"),
    "sens": _("les valeurs disent débit ou crédit"),
    "civilite": _("les valeurs sont des civilités"),
}


def is_kind(genre: str, value: str) -> bool:
    """Whether a value is of a kind."""
    if genre in _MOTIFS:
        return _MOTIFS[genre].fullmatch(value) is not None
    return _TESTS[genre](value)


def plausible(genre: str, values: Sequence[str]) -> bool:
    """Whether values may be of a kind that their title announces: more lenient than to recognise it alone."""
    filled = [v for v in values if v]
    if genre == "date":
        return bool(date_format(filled))
    if genre == "montant":
        return all(re.fullmatch(r"[+-]?[\d  \u202f.,]+[ €]*-?", v) for v in filled)
    if genre == "telephone":
        return all(sum(c.isdigit() for c in v) >= 6 for v in filled)
    return 2 * sum(is_kind(genre, v) for v in filled) >= len(filled)


@dataclass(frozen=True)
class Trouvaille:
    """A kind of value, the share of the filled values that are of it (0 to 1), and the reason in words."""

    genre: str
    part: float
    raison: Any


def recognise(values: Sequence[str]) -> list[Trouvaille]:
    """The kinds that nine filled values in ten belong to."""
    filled = [v for v in values if v]
    if not filled:
        return []
    found = []
    if date_format(filled):
        found.append(Trouvaille("date", 1.0, _("les valeurs sont des dates")))
    for genre, raison in _RAISONS.items():
        part = sum(1 for v in filled if is_kind(genre, v)) / len(filled)
        if part >= 0.9:
            found.append(Trouvaille(genre, part, raison))
    return found
