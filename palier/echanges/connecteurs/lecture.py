"""Looks into an unknown export: encodings and separators tried in a declared order, lines, titles, totals.

Nothing is guessed for good: what was taken is shown, and the person may choose otherwise.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from django.utils.translation import gettext as _

from palier.echanges.profils.constats import ProfilRefuse, refuse
from palier.echanges.profils.entete import named
from palier.echanges.profils.lecteurs.classeur import cell_text, numbered, open_book
from palier.echanges.profils.lecteurs.delimite import COLONNES_MAX
from palier.echanges.profils.modele import Source
from palier.echanges.profils.texte import choose_encoding, clean, physical_lines

#: Tried in this order, and declared so in the profile.
ENCODAGES = ("utf-8-sig", "cp1252", "iso-8859-15", "cp850", "utf-16")
SEPARATEURS = (";", "\t", "|", ",", "~")
#: Lines looked at to find titles, totals, cuts, kinds of values.
VUES = 300
FEC_TITRES = frozenset({"journalcode", "ecrituredate", "comptenum", "ecriturelib"})
#: How a workbook's own dates and numbers are written down, here as in the profile.
CLASSEUR = cast(Source, SimpleNamespace(decimal=(",",), dates=("%d/%m/%Y",)))

Rangee = tuple[int, list[str]]


@dataclass(frozen=True)
class Lecture:
    """How a file is read. `titres`: physical line of the titles, 0 when there are none."""

    type: str = "delimite"
    encodage: str = ""
    separateur: str = ";"
    feuille: str = ""
    titres: int = 1
    coupes: tuple[int, ...] = ()
    longueur: int = 0
    pied_colonne: int = -1
    pied_texte: str = ""


def sheets(path: Path, nom: str) -> list[str]:
    """The names of a workbook's sheets. Raises ProfilRefuse."""
    with open_book(path, nom) as book:
        return [str(n)[:60] for n in book.sheetnames[:100]]


def _sheet_rows(path: Path, nom: str, feuille: str) -> Iterator[Rangee]:
    """The rows of a sheet as text; formulas are never run: their last written result is read."""
    with open_book(path, nom) as book:
        sheet: Any = book[feuille] if feuille in book.sheetnames else book[book.sheetnames[0]]
        if not hasattr(sheet, "reset_dimensions"):
            raise refuse("feuille_absente", _("Cette feuille n'est pas un tableau."), nom)
        for number, values in numbered(sheet, nom):
            yield number, _trim([cell_text(v, CLASSEUR) for v in values], nom, number)


def _trim(cells: list[str], nom: str, number: int) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > COLONNES_MAX:
        raise refuse("colonnes", _("Plus de 300 colonnes : ce n'est pas un export en colonnes."), nom, number)
    return cells


def _delimited(path: Path, nom: str, lecture: Lecture) -> Iterator[Rangee]:
    lines = (line + "\n" for line in physical_lines(path, lecture.encodage, nom))
    reader = csv.reader(lines, delimiter=lecture.separateur, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, _trim(list(cells), nom, reader.line_num)
    except csv.Error as error:
        text = _("Ligne indécoupable : un guillemet est oublié ou mal fermé, ou un champ est trop long.")
        raise refuse("ligne_indecoupable", text, nom, reader.line_num) from error


def slices(lecture: Lecture) -> list[slice]:
    """The columns of a fixed width file: `coupes` are the first characters of each, from 1."""
    starts = sorted({1, *lecture.coupes})
    ends = [*(s - 1 for s in starts[1:]), max(lecture.longueur, starts[-1])]
    return [slice(s - 1, e) for s, e in zip(starts, ends, strict=True)]


def rows(path: Path, nom: str, lecture: Lecture) -> Iterator[Rangee]:
    """Every line with its number, cut into cells. Raises ProfilRefuse."""
    if lecture.type == "xlsx":
        found = _sheet_rows(path, nom, lecture.feuille)
    elif lecture.type == "fixe":
        cuts = slices(lecture)
        lines = enumerate(physical_lines(path, lecture.encodage, nom), start=1)
        found = ((n, [line[s] for s in cuts] if line.strip(" \x1a") else []) for n, line in lines)
    else:
        found = _delimited(path, nom, lecture)
    for number, cells in found:
        yield number, [clean(c.strip()) for c in cells]


def first_lines(path: Path, nom: str, encodage: str, count: int = VUES) -> list[str]:
    """The first physical lines of a text file that are not blank."""
    return list(islice((x for x in physical_lines(path, encodage, nom) if x.strip(" \x1a")), count))


def columns(path: Path, nom: str, lecture: Lecture) -> list[str]:
    """The titles of the columns, made up where there are none. Raises ProfilRefuse for an empty file."""
    widest: list[str] = []
    for number, cells in islice(rows(path, nom, lecture), VUES):
        if number == lecture.titres:
            return named(cells)
        widest = cells if len(cells) > len(widest) else widest
    if not widest or lecture.titres:
        raise refuse(
            "fichier_vide", _("La ligne des titres est vide ou absente : choisissez-en une autre."), nom
        )
    return [f"Colonne {i}" for i in range(1, len(widest) + 1)]


def body(path: Path, nom: str, lecture: Lecture) -> Iterator[Rangee]:
    """The lines of data: after the titles, without blank lines nor totals."""
    for number, cells in rows(path, nom, lecture):
        if number > lecture.titres and any(cells) and not is_footer(cells, lecture):
            yield number, cells


def is_footer(cells: list[str], lecture: Lecture) -> bool:
    """Whether a line is one of those that the person asked to leave out (totals)."""
    at = lecture.pied_colonne
    if at < 0 or not lecture.pied_texte or at >= len(cells):
        return False
    return cells[at].casefold().startswith(lecture.pied_texte.casefold())


def blanks(lines: list[str]) -> list[int]:
    """Where columns start in fixed width lines: after a column of blanks that crosses every line."""
    width = max((len(x) for x in lines), default=0)
    filled = [any(i < len(x) and x[i] != " " for x in lines) for i in range(width)]
    return [i + 1 for i in range(width) if filled[i] and (i == 0 or not filled[i - 1])]


def _cuts(lines: list[str]) -> list[int]:
    """The columns of blanks, kept only where a title starts when the first line looks like titles."""
    found, first = blanks(lines), lines[0]
    if any(c.isdigit() for c in first):
        return found
    titled = [c for c in found if c <= len(first) and first[c - 1] != " "]
    return titled if len(titled) >= 2 else found


def detect(path: Path, nom: str) -> Lecture:
    """What the file looks like, to be confirmed. Raises ProfilRefuse when it is no text and no workbook."""
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"PK\x03\x04":
        names = sheets(path, nom)
        found = Lecture("xlsx", feuille=names[0] if names else "")
        return propose(path, nom, found)
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise refuse(
            "ancien_classeur",
            _("Ce classeur est à l'ancien format .xls : enregistrez-le en .xlsx ou en .csv."),
            nom,
        )
    encodage = choose_encoding(path, ENCODAGES, nom)
    lines = first_lines(path, nom, encodage, 60)
    if not lines:
        raise refuse("fichier_vide", _("Le fichier est vide."), nom)
    if is_fec(lines[0]):
        return Lecture("fec", encodage, "|" if "|" in lines[0] else "\t")
    separateur = _separator(lines)
    if separateur:
        return propose(path, nom, Lecture("delimite", encodage, separateur))
    long = max(len(x.rstrip()) for x in lines)
    fixed = Lecture("fixe", encodage, coupes=tuple(_cuts(lines)), longueur=long)
    return propose(path, nom, fixed)


def is_fec(line: str) -> bool:
    """Whether a line holds the titles that the law gives to a FEC."""
    titles = {t.strip().strip('"').casefold() for t in re.split(r"[\t|;,]", line.removeprefix("\ufeff"))}
    return titles >= FEC_TITRES


def _separator(lines: list[str]) -> str:
    """The first separator that cuts most lines in the same number of cells, two at least; none: fixed width."""
    for mark in SEPARATEURS:
        counts = [line.count(mark) for line in lines]
        common = max(set(counts), key=lambda c: (counts.count(c), c))
        if common and counts.count(common) * 2 > len(lines):
            return mark
    return ""


def propose(path: Path, nom: str, lecture: Lecture) -> Lecture:
    """Add the likely line of the titles and the likely totals."""
    seen = list(islice(rows(path, nom, lecture), VUES))
    usual = max((sum(1 for c in cells if c) for _n, cells in seen), default=0)
    titres = 0
    for number, cells in seen[:20]:
        filled = [c for c in cells if c]
        if len(filled) >= max(2, 0.6 * usual):
            titres = number if not any(re.search(r"\d{3,}|\d[.,]\d", c) or "@" in c for c in filled) else 0
            break
    column, text = _totals(path, nom, lecture)
    return replace(lecture, titres=titres, pied_colonne=column, pied_texte=text)


def _totals(path: Path, nom: str, lecture: Lecture) -> tuple[int, str]:
    """The column and the word of a total among the last lines; (-1, "") when there is none."""
    last: list[Rangee] = []
    for row in rows(path, nom, lecture):
        if any(row[1]):
            last = [*last[-4:], row]
    for _number, cells in reversed(last):
        for i, cell in enumerate(cells):
            match = re.match(r"(sous[- ]?)?totaux|(sous[- ]?)?total( g[eé]n[eé]ral)?", cell, re.IGNORECASE)
            if match:
                return i, match[0][:40]
    return -1, ""


def look(path: Path, nom: str, lecture: Lecture, count: int) -> list[Rangee]:
    """The first lines of data. Raises ProfilRefuse."""
    return list(islice(body(path, nom, lecture), count))


__all__ = [
    "ENCODAGES",
    "SEPARATEURS",
    "Lecture",
    "ProfilRefuse",
    "blanks",
    "body",
    "columns",
    "detect",
    "look",
    "sheets",
    "slices",
]
