"""Delimited text: declared encodings, declared separators, a header that must be the profile's."""

import csv
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from ..constats import refuse
from ..entete import Correspondance, looks_like, match_header, trimmed
from ..texte import choose_encoding, clean, physical_lines
from .base import Releve, Travail

COLONNES_MAX = 300
Rows = Iterator[tuple[int, list[str]]]


def _rows(travail: Travail, encodage: str, separateur: str) -> Rows:
    nom = travail.piece.nom
    lines = (line + "\n" for line in physical_lines(travail.piece.chemin, encodage, nom))
    quoting = csv.QUOTE_MINIMAL if travail.source.options.get("guillemets", True) else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=separateur, strict=True, quoting=quoting)  # type: ignore[arg-type]
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        reason = str(error)
        if "field limit" in reason:
            text = _("Un champ dépasse 131 072 caractères : cherchez un guillemet oublié.")
        else:
            text = _("Ligne indécoupable : un guillemet est oublié ou mal fermé.")
        raise refuse("ligne_indecoupable", text, nom, reader.line_num) from error


def find_header(rows: Rows, travail: Travail) -> tuple[int, list[str]] | None:
    """The header among the lines where the profile says it may be; None when the file has no such line.

    When no line holds every required column, the first line that could be one is returned, to be named in the refusal.
    """
    entete = travail.source.entete
    skip = int(travail.source.options.get("sauter_lignes", 0))
    reach = entete.chercher or 1
    first: tuple[int, list[str]] | None = None
    for number, cells in islice((r for i, r in enumerate(rows) if i >= skip and any(r[1])), reach):
        if looks_like(cells, entete):
            return number, cells
        if first is None or len(trimmed(cells)) > len(trimmed(first[1])):
            first = (number, cells)
    return first


def _choose_separator(travail: Travail, encodage: str) -> str:
    """The first declared separator under which the header is the profile's, else the one that cuts most."""
    best, most = travail.source.separateurs[0], 0
    for separateur in travail.source.separateurs:
        found = find_header(_rows(travail, encodage, separateur), travail)
        if found is None:
            continue
        if looks_like(found[1], travail.source.entete):
            return separateur
        if len(found[1]) > most:
            best, most = separateur, len(found[1])
    return best


def put_rows(rows: Rows, travail: Travail, releve: Releve, place: Correspondance) -> None:
    """Give every line to the store; one of another width is marked, and judged once footers are known."""
    empties = frozenset(travail.source.vides)
    width = place.largeur
    for number, raw in rows:
        cells = [clean(c.strip()) for c in raw]
        if not any(cells):
            releve.vides += 1
            continue
        releve.lignes += 1
        whole = len(cells) == width or (width < len(cells) <= place.brute and not any(cells[width:]))
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        picked = place.pick(cells)
        if empties:
            picked = ["" if c in empties else c for c in picked]
        travail.put(number, picked, whole)


def read_delimited(travail: Travail) -> Releve:
    """Read one delimited file. Raises ProfilRefuse."""
    source, releve = travail.source, travail.releve()
    releve.encodage = choose_encoding(travail.piece.chemin, source.encodages, travail.piece.nom)
    releve.separateur = _choose_separator(travail, releve.encodage)
    rows = _rows(travail, releve.encodage, releve.separateur)
    found = find_header(rows, travail)
    if found is None:
        raise refuse("fichier_vide", _("Le fichier est vide."), travail.piece.nom)
    if len(found[1]) > COLONNES_MAX:
        raise refuse("colonnes", _("L'en-tête compte plus de 300 colonnes."), travail.piece.nom, found[0])
    place = match_header(found[1], source.entete, travail.piece.nom, found[0])
    travail.recueil.extend(place.constats)
    releve.signature = source.entete.signature
    put_rows(rows, travail, releve, place)
    return releve
