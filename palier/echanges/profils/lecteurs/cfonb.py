"""CFONB 120: bank statements in records of 120 characters (01 old balance, 04 movement, 05 detail, 07 new balance).

Layout: CFONB, « Relevé de compte sur support informatique », July 2004. The last digit of an amount carries its sign.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..constats import Gravite, refuse
from ..texte import choose_encoding, clean, physical_lines
from ..valeurs import RELEVE
from .base import Releve, Travail
from .montants import amount

LONGUEUR = 120
CODES = frozenset({"01", "04", "05", "07"})
_SIGNES = {c: (str(i % 10), -1 if i >= 10 else 1) for i, c in enumerate("{ABCDEFGHI}JKLMNOPQR")}
_SIGNES.update({str(d): (str(d), 1) for d in range(10)})
#: Details (record 05) that have a column of their own; the others go to `complement`.
DETAILS = {
    "NPY": "contrepartie",
    "NBE": "contrepartie",
    "RCN": "bout_en_bout",
    "REF": "reference",
    "RUM": "mandat",
}


def signed_amount(text: str, decimals: str) -> int | None:
    """Cents of an amount field whose last character carries the sign; None when unreadable."""
    text = text.strip().replace(" ", "")
    if not text or text[-1] not in _SIGNES:
        return None
    digit, sign = _SIGNES[text[-1]]
    digits = text[:-1] + digit
    places = int(decimals) if decimals.isdigit() else 2
    if not digits.isdigit() or places > 6:
        return None
    value = int(digits) * 100
    if value % 10**places:
        return None
    return int(sign * (value // 10**places))


def iso_date(text: str) -> str | None:
    """JJMMAA as an ISO date; years 80 to 99 are of the last century. None when it is no date."""
    if not (text.isascii() and text.isdigit()):
        return None
    year = int(text[4:6])
    try:
        return dt.date(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[:2])).isoformat()
    except ValueError:
        return None


@dataclass
class _Compte:
    """The statement being read for one account."""

    cle: tuple[str, str, str]
    solde: int
    cellules: dict[str, str]
    ligne: int


@dataclass
class _Mouvement:
    ligne: int
    cellules: dict[str, str]
    complements: list[str] = field(default_factory=list)


class _Lecture:
    """Follows the records of a file, one account after the other."""

    def __init__(self, travail: Travail, releve: Releve) -> None:
        self.travail, self.releve = travail, releve
        self.debit = self.credit = 0
        self.ouvert: _Compte | None = None
        self.attente: _Mouvement | None = None
        self.clos: dict[tuple[str, str, str], int] = {}

    def fault(self, number: int, message: str, gravite: Gravite = Gravite.BLOQUANTE) -> None:
        code = "releve_ligne" if gravite is Gravite.BLOQUANTE else "releve_incoherent"
        self.travail.recueil.add(code, gravite, message, self.travail.piece.nom, number)

    def _common(self, record: str) -> dict[str, str]:
        return {
            "banque": record[2:7].strip(),
            "guichet": record[11:16].strip(),
            "devise": record[16:19].strip() or "EUR",
            "compte": record[21:32].strip(),
        }

    def _put(self, number: int, cells: dict[str, str]) -> None:
        self.travail.put(number, [clean(cells.get(c, "")) for c in RELEVE], True)

    def _values(self, number: int, record: str) -> tuple[int, str] | None:
        """The amount and date of a record, or a fault."""
        value = signed_amount(record[90:104], record[19:20])
        when = iso_date(record[34:40])
        if value is None:
            self.fault(number, _("Montant illisible : « {valeur} ».").format(valeur=record[90:104].strip()))
        elif when is None:
            self.fault(number, _("Date illisible : « {valeur} ».").format(valeur=record[34:40]))
        elif record[16:19].strip() not in ("", "EUR"):
            message = _("Devise « {devise} » : seuls les relevés en euros sont admis.")
            self.fault(number, message.format(devise=record[16:19]))
        else:
            return value, when
        return None

    def _flush(self) -> None:
        if self.attente is None:
            return
        cells = self.attente.cellules
        cells["complement"] = " ".join(self.attente.complements)[:1000]
        self._put(self.attente.ligne, cells)
        self.attente = None

    def record(self, number: int, record: str) -> None:
        """Take one record. Raises ProfilRefuse when the file is no CFONB 120."""
        code = record[:2]
        if code not in CODES or (self.releve.lignes == 0 and code != "01"):
            raise refuse(
                "pas_un_cfonb120",
                _("Ce n'est pas un relevé CFONB 120 : l'enregistrement commence par « {code} ».").format(
                    code=clean(code)
                ),
                self.travail.piece.nom,
                number,
            )
        self.releve.lignes += 1
        if code == "05":
            self._detail(record)
            return
        self._flush()
        found = self._values(number, record)
        if found is None:
            return
        if code == "01":
            self._open(number, record, *found)
        elif code == "04":
            self._movement(number, record, *found)
        else:
            self._close(number, record, *found)

    def _side(self, value: int) -> dict[str, str]:
        return {"Debit": amount(max(-value, 0)), "Credit": amount(max(value, 0))}

    def _open(self, number: int, record: str, value: int, when: str) -> None:
        if self.ouvert is not None:
            self._cut(self.ouvert)
        cells = {**self._common(record), "date": when, "genre": "solde_initial", **self._side(value)}
        key = (cells["banque"], cells["guichet"], cells["compte"])
        before = self.clos.get(key)
        if before is not None and before != value:
            message = _(
                "L'ancien solde ({ancien}) n'est pas le nouveau solde du relevé précédent ({nouveau})."
            )
            self.fault(number, message.format(ancien=amount(value), nouveau=amount(before)), Gravite.ALERTE)
        if before is not None:
            cells["genre"] = "solde_reporte"
        self.ouvert = _Compte(key, value, cells, number)
        self._put(number, cells)

    def _movement(self, number: int, record: str, value: int, when: str) -> None:
        if self.ouvert is None:
            self.fault(number, _("Mouvement sans ancien solde avant lui : le début du relevé manque."))
            return
        cells = {
            **self._common(record),
            **self._side(value),
            "genre": "mouvement",
            "date": when,
            "date_valeur": iso_date(record[42:48]) or "",
            "libelle": record[48:79].strip(),
            "reference": record[104:120].strip() or record[81:88].strip().strip("0"),
            "code_operation": record[32:34].strip(),
            "code_rejet": record[40:42].strip(),
        }
        if cells["compte"] != self.ouvert.cle[2]:
            self.fault(number, _("Mouvement d'un autre compte que celui du relevé ouvert."))
            return
        if (cells["banque"], cells["guichet"]) != self.ouvert.cle[:2]:
            message = _(
                "Le code banque ou guichet n'est pas celui du relevé ouvert : celui du relevé est gardé."
            )
            self.fault(number, message, Gravite.ALERTE)
            cells["banque"], cells["guichet"], _compte = self.ouvert.cle
        self.ouvert.solde += value
        self.debit += max(-value, 0)
        self.credit += max(value, 0)
        self.attente = _Mouvement(number, cells)

    def _detail(self, record: str) -> None:
        if self.attente is None:
            return
        kind, text = record[45:48].strip(), record[48:118].strip()
        cells = self.attente.cellules
        if kind == "LIB":
            cells["libelle"] = f"{cells['libelle']} {text}".strip()
        elif kind in DETAILS and not cells.get(DETAILS[kind]):
            cells[DETAILS[kind]] = record[48:83].strip() if kind in ("RCN", "RUM") else text
        elif text:
            self.attente.complements.append(f"{kind} {text}".strip())

    def _close(self, number: int, record: str, value: int, when: str) -> None:
        cells = {**self._common(record), "date": when, "genre": "solde_final", **self._side(value)}
        if self.ouvert is None:
            self.fault(number, _("Nouveau solde sans ancien solde avant lui."))
            return
        if self.ouvert.solde != value:
            message = _(
                "Compte {compte} : ancien solde et mouvements font {calcule}, le nouveau solde est {donne} "
                "(écart {ecart}). Il manque des mouvements, ou le relevé a été modifié."
            )
            self.fault(
                number,
                message.format(
                    compte=cells["compte"],
                    calcule=amount(self.ouvert.solde),
                    donne=amount(value),
                    ecart=amount(value - self.ouvert.solde),
                ),
                Gravite.ALERTE,
            )
        self.clos[self.ouvert.cle] = value
        self.ouvert = None
        self._put(number, cells)

    def _cut(self, compte: _Compte) -> None:
        message = _("Le relevé du compte {compte} n'a pas de nouveau solde : le fichier est coupé.")
        self.fault(compte.ligne, message.format(compte=compte.cle[2]))

    def finish(self) -> None:
        self._flush()
        if self.ouvert is not None:
            self._cut(self.ouvert)
        self.releve.debit, self.releve.credit = self.debit, self.credit


def _records(travail: Travail, encodage: str) -> Iterator[tuple[int, str]]:
    """Records padded to 120 characters; some banks send them end to end, without line ends."""
    for number, line in enumerate(physical_lines(travail.piece.chemin, encodage, travail.piece.nom), start=1):
        line = line.rstrip(" \x1a")
        if len(line) <= LONGUEUR:
            yield number, line.ljust(LONGUEUR) if line else ""
            continue
        for start in range(0, len(line), LONGUEUR):
            yield number, line[start : start + LONGUEUR].ljust(LONGUEUR)


def read_cfonb(travail: Travail) -> Releve:
    """Read one CFONB 120 file. Raises ProfilRefuse."""
    releve = travail.releve()
    releve.encodage = choose_encoding(travail.piece.chemin, travail.source.encodages, travail.piece.nom)
    reading = _Lecture(travail, releve)
    for number, record in _records(travail, releve.encodage):
        if record.strip():
            reading.record(number, record)
        else:
            releve.vides += 1
    if not releve.lignes:
        raise refuse("fichier_vide", _("Le fichier est vide."), travail.piece.nom)
    reading.finish()
    return releve
