"""xlsx workbooks: weighed as a zip before they are opened, then read row by row, never kept whole."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import Conteneur
from palier.echanges.limites import LIMITES, MIO

from ..constats import from_dossier, refuse
from ..entete import match_header
from ..modele import Source
from .base import Releve, Travail
from .delimite import COLONNES_MAX, find_header, put_rows

#: A sheet of a million cells inflates to some 50 Mio; shared strings are the only part kept in memory.
CLASSEUR = replace(LIMITES, membres=5000, total=400 * MIO)
MEMBRE_MAX = 300 * MIO
TEXTES_MAX = 64 * MIO
#: What a sheet holds, at most.
LIGNES_MAX = 1_048_576
_ILLISIBLE = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, ParseError,
    zipfile.BadZipFile, InvalidFileException,
)  # fmt: skip


def weigh(path: Path, nom: str) -> None:
    """Inflate every part once, counting: a bomb or an entity is refused before any parser sees it."""
    try:
        with Conteneur(path, CLASSEUR) as zipped:
            if "[Content_Types].xml" not in zipped.membres:
                raise refuse("pas_un_classeur", _("Ce fichier n'est pas un classeur xlsx."), nom)
            for name in zipped.membres:
                _weigh_member(zipped, name, nom)
    except DossierRefuse as refus:
        raise from_dossier(refus, nom) from refus


def _weigh_member(zipped: Conteneur, name: str, nom: str) -> None:
    maximum = TEXTES_MAX if name.lower().endswith("sharedstrings.xml") else MEMBRE_MAX
    tail = b""
    for block in zipped.chunks(name, maximum):
        window = tail + block
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise refuse("xml_entite", _("Le classeur contient une définition d'entité XML : refusé."), nom)
        tail = block[-16:]


def _number(value: float | Decimal, source: Source) -> str:
    """A number as text, with the 15 digits a spreadsheet really holds."""
    exact = Decimal(value) if isinstance(value, int | Decimal) else Decimal(f"{value:.15g}")
    return format(exact, "f").replace(".", source.decimal[0])


def cell_text(value: Any, source: Source) -> str:
    """A cell as the text that the profile's formats read back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value, source)
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime(source.dates[0])
    return str(value)


def numbered(sheet: Any, nom: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of a sheet with their numbers. Raises ProfilRefuse past the last row that a sheet may have.

    Its own dimensions are not believed: it may announce sixteen thousand columns. A row may bear any number too, and
    the empty ones before it would be counted for ever.
    """
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > LIGNES_MAX:
            raise refuse(
                "lignes", _("La feuille compte plus de 1 048 576 lignes : ce classeur est abîmé."), nom
            )
        yield number, values


def _rows(travail: Travail, book: Any) -> Iterator[tuple[int, list[str]]]:
    source, nom = travail.source, travail.piece.nom
    wanted = source.options.get("feuille", 1)
    names = book.sheetnames
    if isinstance(wanted, int) and wanted <= len(names):
        wanted = names[wanted - 1]
    if wanted not in names:
        message = _("La feuille « {feuille} » n'existe pas ; feuilles du classeur : {feuilles}.").format(
            feuille=wanted, feuilles=", ".join(names[:20])
        )
        raise refuse("feuille_absente", message, nom)
    sheet = book[wanted]
    if not hasattr(sheet, "reset_dimensions"):
        raise refuse(
            "feuille_absente", _("La feuille « {feuille} » n'est pas un tableau.").format(feuille=wanted), nom
        )
    for number, values in numbered(sheet, nom):
        cells = [cell_text(v, source) for v in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > COLONNES_MAX:
            raise refuse("colonnes", _("La feuille compte plus de 300 colonnes."), nom, number)
        yield number, cells


@contextmanager
def open_book(path: Path, nom: str) -> Iterator[Any]:
    """A workbook weighed, then opened by its content, whatever its name. Raises ProfilRefuse."""
    weigh(path, nom)
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except (*_ILLISIBLE, DefusedXmlException) as error:
            raise refuse("pas_un_classeur", _("Ce classeur est abîmé ou n'est pas un xlsx."), nom) from error
        try:
            yield book
        except (*_ILLISIBLE, DefusedXmlException) as error:
            raise refuse("pas_un_classeur", _("Ce classeur est abîmé."), nom) from error
        finally:
            book.close()


def read_workbook(travail: Travail) -> Releve:
    """Read one sheet of a workbook. Raises ProfilRefuse."""
    nom, releve = travail.piece.nom, travail.releve()
    with open_book(travail.piece.chemin, nom) as book:
        rows = _rows(travail, book)
        found = find_header(rows, travail)
        if found is None:
            raise refuse("fichier_vide", _("La feuille est vide."), nom)
        place = match_header(found[1], travail.source.entete, nom, found[0])
        travail.recueil.extend(place.constats)
        releve.signature = travail.source.entete.signature
        # Empty cells at the end of a row are not written in an xlsx: a short row is a whole one.
        put_rows(((n, c + [""] * (place.largeur - len(c))) for n, c in rows), travail, releve, place)
    return releve
