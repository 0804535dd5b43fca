"""Invented values in place of real ones, of the same shape: nothing of the original is kept but its form.

One instance serves all the files of an export, so that an account or a code becomes the same in each of them, and
amounts keep their sums (each is multiplied by the same whole number).
"""

import datetime as dt
import re
import secrets
from collections.abc import Iterable

from .champs import CHAMPS
from .glossaire import key
from .valeurs import _CIVILITES

_NOMS = ("Exemple", "Modele", "Specimen", "Fictif", "Invente", "Gabarit", "Ebauche", "Maquette", "Prototype", "Canevas",
         "Esquisse", "Patron", "Calque", "Factice", "Imaginaire", "Suppose")  # fmt: skip
_PRENOMS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Omicron",
            "Sigma", "Omega", "Upsilon", "Tau")  # fmt: skip
_LETTRES = "BCDFGHJKLMNPQRSTVWXZ"


class Masques:
    """Gives invented values. `originals`: words that must never come out."""

    def __init__(self, originals: Iterable[str]) -> None:
        self._originals = {w for text in originals for w in key(text).split() if len(w) >= 3}
        self._whole = {_bare(text) for text in originals if text}
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[tuple[str, str]] = set()
        self._rank: dict[str, int] = {}
        self._factor = secrets.choice((3, 7, 9, 11, 13))
        self._days = -7 * secrets.choice(range(5, 40))

    def cell(self, cle: str, value: str, forme: str = "", keep: Iterable[str] = ()) -> str:
        """The invented value of a field. `forme`: the format of its dates; `keep`: values that say nothing of anybody."""
        if not value:
            return ""
        if value in keep:
            return value
        genre = CHAMPS[cle].genre if cle in CHAMPS else ""
        if genre == "montant":
            return self._amount(value)
        if genre == "date":
            return self._day(value, forme)
        if genre == "compte":
            return self.account(value)
        if genre == "code":
            return self._code("code", value)
        made = self._personal(genre, cle, value)
        return made.upper() if value.isupper() and genre in {"nom", "prenom", "ville", "adresse"} else made

    def _personal(self, genre: str, cle: str, value: str) -> str:
        rank = self._next(genre)
        digits = f"{rank:04d}"
        table = {
            "prenom": self._pick(_PRENOMS, rank),
            "email": f"personne{rank}@exemple.example",
            "rnc": f"ZZ{9_000_000 + rank}",
            "siren": "000000000",
            "adresse": f"{rank} rue Inventee",
            "code_postal": "00" + digits[-3:],
            "ville": "Exempleville",
            "civilite": value if value.casefold() in _CIVILITES else "",
            "valeurs": "",
        }
        if genre == "nom":
            name = self._pick(_NOMS, rank)
            return (
                f"SCI {name} {rank}"
                if cle == "tiers.raison_sociale"
                else f"{name} {self._pick(_PRENOMS, rank)}"
            )
        if genre == "telephone":
            return _poured(value, "0600" + "0" * 20, digits)
        if genre == "iban":
            return self._iban(value, rank)
        if genre == "libelle":
            return f"Libelle invente {rank}"
        return table.get(genre, "")

    def _next(self, genre: str) -> int:
        self._rank[genre] = self._rank.get(genre, 0) + 1
        return self._rank[genre]

    def _pick(self, names: tuple[str, ...], rank: int) -> str:
        free = [n for n in names if n.casefold() not in self._originals] or ["Zzyzx"]
        return free[rank % len(free)]

    def account(self, value: str) -> str:
        """An account number: its first letters or first three digits (they tell the capacity), then other ones."""
        match = re.match(r"[A-Za-z]+|\d{3}", value)
        head = match[0] if match and len(_bare(value)) > len(match[0]) else ""
        return head + self._code("compte" + head.upper(), value[len(head) :])

    def _code(self, group: str, value: str) -> str:
        """A code of the same shape, the same for every spelling of the same code."""
        bare = _bare(value)
        if not bare:
            return value
        known = self._given.get((group, bare))
        if known is None:
            known = self._invent(group, bare)
            self._given[group, bare] = known
            self._taken.add((group, known))
        return _poured_text(value, known)

    def _invent(self, group: str, bare: str) -> str:
        for attempt in range(200):
            wider = bare + "0" * (attempt // 60)
            made = "".join(
                secrets.choice("123456789") if c.isdigit() else secrets.choice(_LETTRES) for c in wider
            )
            if (group, made) not in self._taken and made not in self._whole and made != bare:
                return made
        return f"9{len(self._taken):05d}"

    def _amount(self, value: str) -> str:
        """The amount times a whole number, written as it was."""
        sign = "-" if value.startswith("-") or value.endswith("-") else ""
        match = re.search(r"[.,](\d{1,2})\D*$", value)
        decimals = len(match[1]) if match else 0
        digits = re.sub(r"\D", "", value)
        if not digits:
            return ""
        made = str(int(digits) * self._factor).rjust(decimals + 1, "0")
        whole, cents = (made[:-decimals], made[-decimals:]) if decimals else (made, "")
        blank = next((c for c in value if c in "  \u202f'"), "")
        if blank:
            whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", blank, whole)
        mark = match[0][0] if match else ""
        text = f"{whole}{mark}{cents}"
        return f"{text}-" if value.endswith("-") else sign + text

    def _day(self, value: str, forme: str) -> str:
        try:
            found = dt.datetime.strptime(value, forme)  # noqa: DTZ007  (a date alone)
        except ValueError:
            return ""
        return (found + dt.timedelta(days=self._days)).strftime(forme)

    def _iban(self, value: str, rank: int) -> str:
        size = max(len(_bare(value)) - 4, 11)
        bban = f"{rank:0{size}d}"
        check = 98 - int("".join(str(int(c, 36)) for c in bban + "FR00")) % 97
        return f"FR{check:02d}{bban}"


def _bare(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())


def _poured_text(shape: str, filling: str) -> str:
    """The characters of `filling` in the shape (blanks, hyphens) of another text."""
    rest, made = list(filling), []
    for c in shape:
        made.append(rest.pop(0) if c.isalnum() and rest else "" if c.isalnum() else c)
    return "".join(made) + "".join(rest)


def _poured(shape: str, zeros: str, tail: str) -> str:
    """Digits of a telephone in its own shape: a known beginning, zeros, then a rank."""
    size = sum(c.isdigit() for c in shape)
    digits = (zeros[: max(size - len(tail), 0)] + tail)[-size:]
    return _poured_text("".join("0" if c.isdigit() else c for c in shape if not c.isalpha()), digits)
