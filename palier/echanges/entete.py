"""The header of a table file: which columns are given, in which order."""

import csv

from palier.echanges.anomalies import Anomalie, Collecte, DossierRefuse
from palier.echanges.limites import Limites
from palier.echanges.repertoire import shown
from palier.echanges.schemas import Schema

_OTHERS = {",": "«\u00a0,\u00a0»", "\t": "tabulation", "|": "«\u00a0|\u00a0»"}


def _cells(line: str) -> list[str]:
    try:
        (cells,) = csv.reader([line], delimiter=";", strict=True)
    except (csv.Error, ValueError):
        return []
    return [c.strip().lower() for c in cells]


def parse_header(line: str, schema: Schema, collecte: Collecte, limites: Limites) -> tuple[str | None, ...]:
    """The name of each column in file order, None for an unknown one (reported as a warning).

    Raises DossierRefuse with every fault of the header: no header, other separator, double or missing column.
    """
    cells = _cells(line)
    known = set(schema.noms)
    if not known.intersection(cells):
        for separator, name in _OTHERS.items():
            if known.intersection(c.strip(' "').lower() for c in line.split(separator)):
                raise DossierRefuse(Anomalie("separateur", schema.nom, 1, params=(("separateur", name),)))
        raise DossierRefuse(Anomalie("entete_absente", schema.nom, 1))
    if len(cells) > limites.colonnes:
        raise DossierRefuse(
            Anomalie("colonnes_trop_nombreuses", schema.nom, 1, params=(("maximum", limites.colonnes),))
        )
    faults = [
        Anomalie("colonne_double", schema.nom, 1, colonne=name, params=(("nom", name),))
        for name in sorted(known)
        if cells.count(name) > 1
    ]
    faults += [
        Anomalie("colonne_absente", schema.nom, 1, colonne=c.nom, params=(("nom", c.nom),))
        for c in schema.champs
        if c.requis and c.nom not in cells
    ]
    if faults:
        raise DossierRefuse(*faults)
    for cell in cells:
        if cell not in known:
            name = shown(cell)
            collecte.add(Anomalie("colonne_inconnue", schema.nom, 1, colonne=name, params=(("nom", name),)))
    return tuple(c if c in known else None for c in cells)
