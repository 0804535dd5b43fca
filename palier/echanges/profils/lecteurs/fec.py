"""The FEC (fichier des écritures comptables, article A47 A-1 LPF) as it is really met.

BOM or not, TAB or `|`, padded cells, an empty 19th column, 22 columns, CR CR LF, Debit and Credit or Montant and
Sens, amounts with zeros in front. Gives the eighteen columns of the text, Debit and Credit with a decimal point.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from ..constats import Gravite, ProfilRefuse, refuse
from ..entete import Correspondance, Entete, looks_like, match_header, trimmed
from ..texte import choose_encoding, clean, physical_lines
from ..valeurs import FEC
from .base import Releve, Travail
from .montants import amount, cents

#: Columns 19 to 22 of cash-basis books: legal, of no use here.
TRESORERIE = ("DateRglt", "ModeRglt", "NatOp", "IdClient")
DEBIT = frozenset({"D", "+1", "1", "+", "DEBIT"})
CREDIT = frozenset({"C", "-1", "-", "CREDIT"})
_I_DEBIT, _I_CREDIT = FEC.index("Debit"), FEC.index("Credit")
_I_NUM = FEC.index("EcritureNum")


@dataclass
class _Plan:
    """How the lines of one FEC are cut: `montant` and `sens` are set when it has no Debit and Credit."""

    separateur: str
    place: Correspondance
    titres: int
    dernier: int
    montant: int | None = None
    sens: int | None = None


def _entete(travail: Travail, with_sens: bool) -> Entete:
    amounts = ("Montant", "Sens") if with_sens else ("Debit", "Credit")
    columns = tuple(c for c in FEC if c not in ("Debit", "Credit")) + amounts + TRESORERIE
    base = travail.source.entete
    required = (*(c for c in base.requises if c not in ("Debit", "Credit")), *amounts)
    return replace(base, colonnes=columns, requises=required, inconnues="signaler")


def _plan(travail: Travail, header: str, number: int) -> _Plan:
    """Read the header line under each declared separator. Raises ProfilRefuse with the best of them."""
    refusal: ProfilRefuse | None = None
    for separateur in sorted(travail.source.separateurs, key=lambda s: -header.count(s)):
        names = trimmed([c.strip().strip('"') for c in header.split(separateur)])
        for with_sens in (False, True):
            entete = _entete(travail, with_sens)
            if not looks_like(names, entete):
                if refusal is None and not with_sens:
                    refusal = _refusal(names, entete, travail.piece.nom, number)
                continue
            place = match_header(names, entete, travail.piece.nom, number)
            travail.recueil.extend(place.constats)
            return _finish(separateur, place, entete, len(names), with_sens)
    raise refusal or refuse(
        "fec_entete", _("Ce fichier n'a pas l'en-tête d'un FEC."), travail.piece.nom, number
    )


def _refusal(names: list[str], entete: Entete, nom: str, number: int) -> ProfilRefuse:
    try:
        match_header(names, entete, nom, number)
    except ProfilRefuse as refus:
        return refus
    return refuse("fec_entete", _("Ce fichier n'a pas l'en-tête d'un FEC."), nom, number)


def _finish(separateur: str, place: Correspondance, entete: Entete, titles: int, with_sens: bool) -> _Plan:
    at = dict(zip(entete.colonnes, place.positions, strict=True))
    positions = tuple(None if c in ("Debit", "Credit") and with_sens else at[c] for c in FEC)
    needed = [at[c] for c in entete.requises]
    last = max(p for p in needed if p is not None)
    ordered = Correspondance(positions, place.largeur, place.brute)
    if with_sens:
        return _Plan(separateur, ordered, titles, last, at["Montant"], at["Sens"])
    return _Plan(separateur, ordered, titles, last)


def _first_line(lines: Iterator[str], nom: str) -> tuple[int, str]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            return number, line
    raise refuse("fichier_vide", _("Le fichier est vide."), nom)


class _Lecture:
    """Reads the lines of one FEC, counting every cent on the way."""

    def __init__(self, travail: Travail, plan: _Plan, releve: Releve) -> None:
        self.travail, self.plan, self.releve = travail, plan, releve
        self.debit = self.credit = self.courtes = 0
        self.numeros: set[str] = set()

    def fault(self, number: int, message: str) -> None:
        self.travail.recueil.add("fec_ligne", Gravite.BLOQUANTE, message, self.travail.piece.nom, number)

    def _amounts(self, cells: list[str], number: int) -> tuple[int, int] | None:
        plan = self.plan
        if plan.montant is None or plan.sens is None:
            positions = plan.place.positions
            texts = [cells[p] for p in (positions[_I_DEBIT], positions[_I_CREDIT]) if p is not None]
        else:
            texts = [cells[plan.montant]]
        values = [cents(t) for t in texts]
        for text, value in zip(texts, values, strict=True):
            if value is None:
                shown = clean(text)[:40]
                self.fault(number, _("Montant illisible : « {valeur} ».").format(valeur=shown))
                return None
        if plan.sens is None:
            return values[0] or 0, values[1] or 0
        side = cells[plan.sens].upper()
        if side in DEBIT or side in CREDIT:
            value = values[0] or 0
            return (value, 0) if side in DEBIT else (0, value)
        if values[0]:
            self.fault(number, _("Sens inconnu : « {valeur} » (D ou C attendu).").format(valeur=side[:20]))
            return None
        return 0, 0

    def _fit(self, cells: list[str], number: int) -> bool:
        """Whether the line has the header's cells, give or take empty ones at its end."""
        width = self.plan.titres
        if len(cells) > width and any(cells[width:]):
            self.fault(
                number,
                _(
                    "{trouves} champs au lieu de {attendus} : le séparateur figure sans doute dans un libellé. "
                    "Retirez-le dans le logiciel comptable, puis refaites l'export."
                ).format(trouves=len(cells), attendus=width),
            )
            return False
        if len(cells) < width:
            if len(cells) <= self.plan.dernier:
                self.fault(
                    number,
                    _("{trouves} champs au lieu de {attendus} : la ligne, ou le fichier, est coupé.").format(
                        trouves=len(cells), attendus=width
                    ),
                )
                return False
            self.courtes += 1
            cells += [""] * (width - len(cells))
        return True

    def line(self, number: int, line: str) -> None:
        cells = [c.strip() for c in line.split(self.plan.separateur)]
        if not any(cells) or cells == ["\x1a"]:
            self.releve.vides += 1
            return
        self.releve.lignes += 1
        if not self._fit(cells, number):
            return
        amounts = self._amounts(cells, number)
        if amounts is None:
            return
        debit, credit = amounts
        self.debit += debit
        self.credit += credit
        picked = self.plan.place.pick(cells)
        picked[_I_DEBIT], picked[_I_CREDIT] = amount(debit), amount(credit)
        if not line.isprintable():
            picked = [clean(c) for c in picked]
        if len(self.numeros) < 2:
            self.numeros.add(picked[_I_NUM])
        self.travail.put(number, picked, True)

    def finish(self) -> None:
        nom, recueil = self.travail.piece.nom, self.travail.recueil
        self.releve.debit, self.releve.credit = self.debit, self.credit
        if self.courtes:
            message = _("{n} lignes sans leurs derniers champs facultatifs : lues telles quelles.").format(
                n=self.courtes
            )
            recueil.add("fec_lignes_courtes", Gravite.ALERTE, message, nom, nombre=self.courtes)
        if len(self.numeros) == 1 and self.releve.lignes > 2:
            message = _(
                "EcritureNum est le même sur toutes les lignes : l'équilibre de chaque écriture ne peut pas être "
                "vérifié, celui du fichier l'est."
            )
            recueil.add("fec_numero_unique", Gravite.INFO, message, nom)


def read_fec(travail: Travail) -> Releve:
    """Read one FEC. Raises ProfilRefuse; faulty lines are gathered and stop the conversion."""
    nom, releve = travail.piece.nom, travail.releve()
    releve.encodage = choose_encoding(travail.piece.chemin, travail.source.encodages, nom)
    lines = physical_lines(travail.piece.chemin, releve.encodage, nom)
    number, header = _first_line(lines, nom)
    plan = _plan(travail, header, number)
    releve.separateur, releve.signature = plan.separateur, travail.source.entete.signature
    reading = _Lecture(travail, plan, releve)
    for at, line in enumerate(lines, start=number + 1):
        reading.line(at, line)
    reading.finish()
    if not releve.lignes:
        raise refuse("fichier_vide", _("Ce FEC ne contient aucune écriture."), nom)
    return releve
