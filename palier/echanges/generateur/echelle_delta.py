"""What changes in a night in a large dossier: a delta of a share of its ledger lines, and of its persons."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import echelle_lignes as rows
from .colonnes import COLONNES
from .echelle_lignes import Echelle, Rangee
from .paquet import csv_bytes, describe, manifest, manifest_bytes, member


def generate_scaled_delta(target: Path, echelle: Echelle, precedent: int, part: float = 0.01) -> int:
    """Write a delta that follows ``precedent``: a call and its payment on enough comptes to add ``part`` of the ledger
    lines, and as large a part of the tiers renamed. Return how many lines it holds.
    """
    pairs = max(int(echelle.lots * echelle.mouvements * part / 2), 1)
    step = max(echelle.lots // pairs, 1)
    chosen = list(range(1, echelle.lots + 1, step))[:pairs]
    tables: dict[str, Iterable[Rangee]] = {
        "tiers": _renamed(echelle, max(int(1 / part), 1)),
        "mouvements": _paid(echelle, chosen),
    }
    fichiers, contents, count = [], {}, 0
    for table, lines in tables.items():
        given = [tuple(str(cell) for cell in line) for line in lines]
        contents[table] = csv_bytes(COLONNES[table], given)
        fichiers.append(describe(table, contents[table], len(given)))
        count += len(given)
    said = manifest(echelle.slug, echelle.reference, fichiers, precedent + 1)
    said |= {"mode": "delta", "precedent": precedent}
    with zipfile.ZipFile(target, "w", compresslevel=1) as archive:
        archive.writestr(member("dossier.json", True), manifest_bytes(said))
        for table, content in contents.items():
            archive.writestr(member(f"{table}.csv", True), content)
    return count


def _renamed(e: Echelle, step: int) -> Iterator[Rangee]:
    for n, line in enumerate(rows.rows_tiers(e)):
        if n % step == 0:
            yield (*line[:4], "Dominique", *line[5:])


def _paid(e: Echelle, chosen: list[int]) -> Iterator[Rangee]:
    """A call and its payment: the balance does not move."""
    jour = e.reference.isoformat()
    for n in chosen:
        compte = f"A{n:07d}"
        yield f"DV{n:07d}-0", compte, jour, "AF", "AF-D", "Appel exceptionnel", "10.00", "0.00", "", "", ""
        yield f"DV{n:07d}-1", compte, jour, "BQ", "BQ-D", "Virement reçu", "0.00", "10.00", "", "", ""
