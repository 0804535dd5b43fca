"""The statement of a compte client to take away: CSV for a spreadsheet, PDF for paper (typst, tagged PDF/UA)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palier.comptabilite.rules.csv import cellule
from palier.comptabilite.rules.grand_livre import ZERO, Ecriture
from palier.core import dates, money
from palier.core.impression import print_pdf

MODELE = Path(__file__).with_name("releve.typ")


@dataclass(frozen=True, slots=True)
class Releve:
    """What a statement says: whose, of which compte, at which agence; its lines, oldest first; euros."""

    agence: str
    titulaire: str
    bien: str
    compte: str
    phrase: str
    arrete_au: date | None
    report: Decimal
    ecritures: Sequence[Ecriture]


def lignes_csv(releve: Releve) -> Iterator[list[str]]:
    """Yield the rows of the CSV, header first; the balance brought forward when it is not nil."""
    yield [_("Date"), _("Journal"), _("Pièce"), _("Libellé"), _("Débit"), _("Crédit"), _("Solde")]
    if releve.report != ZERO:
        yield ["", "", "", cellule(_("Report à nouveau")), "", "", cellule(releve.report)]
    for e in releve.ecritures:
        yield [
            cellule(e.le),
            cellule(e.journal),
            cellule(e.piece),
            cellule(e.libelle),
            cellule(e.debit),
            cellule(e.credit),
            cellule(e.cumul),
        ]


def to_csv(releve: Releve) -> bytes:
    """Return the statement as CSV: UTF-8 with its mark, semicolons, decimal comma, CRLF (RFC 4180)."""
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(lignes_csv(releve))
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def to_pdf(releve: Releve) -> bytes:
    """Return the statement as an accessible PDF (PDF/UA-1)."""
    langue = get_language() or "fr"
    content = {
        "langue": langue[:2],
        "titre": _("Relevé de compte"),
        "agence": releve.agence,
        "faits": [
            [_("Titulaire"), releve.titulaire],
            [_("Bien"), releve.bien],
            [_("Compte"), releve.compte],
            [_("Arrêté au"), dates.date_simple(releve.arrete_au, langue) if releve.arrete_au else ""],
        ],
        "phrase": releve.phrase,
        "entetes": [_("Date"), _("Libellé"), _("Débit"), _("Crédit"), _("Solde")],
        "lignes": [_ligne(e, langue) for e in releve.ecritures],
        "report": [_("Report à nouveau"), money.euros(releve.report, langue)]
        if releve.report != ZERO
        else [],
        "vide": _("Aucune écriture."),
        "page": _("Page"),
        "sens": _("Un solde positif est dû par vous ; un solde négatif est en votre faveur."),
    }
    return print_pdf(MODELE, "releve", content)


def _ligne(e: Ecriture, langue: str) -> list[str]:
    return [
        dates.date_courte(e.le),
        " · ".join(part for part in (e.libelle, e.piece) if part),
        money.euros(e.debit, langue) if e.debit else "",
        money.euros(e.credit, langue) if e.credit else "",
        money.euros(e.cumul, langue),
    ]
