"""The report of a check: as CSV for a spreadsheet, as JSON for a machine. Every value is already masked.

A code found very often is told by its first faults only: wherever they are read, the report says how many there are.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from palier.core.cellules import neutralise as neutralise
from palier.core.money import NNBSP
from palier.echanges.anomalies import Anomalie, Collecte
from palier.echanges.codes import Gravite
from palier.echanges.controle import Controle

COLONNES = (
    "gravite", "code", "table", "ligne", "id", "colonne", "valeur_masquee", "message", "conseil", "unite",
)  # fmt: skip


@dataclass(frozen=True)
class Coupe:
    """A code of which the report gives the first faults only."""

    gardees: int
    total: int

    @property
    def message(self) -> str:
        return _("Les %(gardees)s premières sur %(total)s sont données dans ce rapport.") % {
            "gardees": whole(self.gardees),
            "total": whole(self.total),
        }

    @property
    def conseil(self) -> str:
        return _("Corrigez celles-ci, puis renvoyez l’export : les suivantes paraîtront alors.")

    def as_dict(self) -> dict[str, Any]:
        """As a machine reads it."""
        return {
            "gardees": self.gardees,
            "total": self.total,
            "message": f"{self.message} {self.conseil}",
        }


def whole(number: int) -> str:
    """`1 234`: figures in groups of three."""
    return f"{number:,}".replace(",", NNBSP)


def cuts(bilan: Mapping[str, Any], gardees: Mapping[str, int]) -> dict[str, Coupe]:
    """The codes cut in a report that is kept: its counts, and how many lines of each code it holds."""
    if "coupes" in bilan:
        return {code: Coupe(c["gardees"], c["total"]) for code, c in bilan["coupes"].items()}
    # A report of before this count was kept: it holds fewer lines of a code than it counts.
    totals = bilan.get("codes") or {}
    return {code: Coupe(n, totals[code]) for code, n in gardees.items() if n < totals.get(code, n)}


def close_cuts(lines: Sequence[dict[str, str]], coupes: Mapping[str, Coupe]) -> list[dict[str, str]]:
    """The lines of a report as a sheet, the last line of each code that is cut saying so."""
    last = {line["code"]: place for place, line in enumerate(lines)}
    told = []
    for place, line in enumerate(lines):
        told.append(line)
        coupe = coupes.get(line["code"])
        if coupe is not None and last[line["code"]] == place:
            said = {"gravite": line["gravite"], "code": line["code"]}
            told.append(
                {**dict.fromkeys(line, ""), **said, "message": coupe.message, "conseil": coupe.conseil}
            )
    return told


def row(anomalie: Anomalie) -> dict[str, str]:
    """One line of the report."""
    return {
        "gravite": anomalie.gravite.value,
        "code": anomalie.code,
        "table": anomalie.table,
        "ligne": "" if anomalie.ligne is None else str(anomalie.ligne),
        "id": anomalie.id,
        "colonne": anomalie.colonne,
        "valeur_masquee": anomalie.valeur,
        "message": anomalie.message,
        "conseil": anomalie.conseil,
        "unite": anomalie.unite,
    }


def _cuts(collecte: Collecte) -> dict[str, Coupe]:
    return {g.code: Coupe(g.dites, g.total) for g in collecte.groupes() if g.coupe}


def write_csv(collecte: Collecte) -> str:
    """The report as CSV: UTF-8 with a BOM and semicolons, so that a French spreadsheet opens it as it is."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLONNES, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for line in close_cuts([row(a) for a in collecte], _cuts(collecte)):
        writer.writerow({k: neutralise(v) for k, v in line.items()})
    return "\ufeff" + out.getvalue()


def summary(controle: Controle) -> dict[str, Any]:
    """Counts by severity, by table and by unit; the units held back; the faults grouped by code."""
    tables: dict[str, dict[str, int]] = {}
    unites: dict[str, dict[str, int]] = {}
    for (table, unite), compte in controle.comptes.items():
        for key, store in ((table, tables), (unite, unites)):
            found = store.setdefault(key, {"lues": 0, "refusees": 0, "retenues": 0, "bonnes": 0})
            for name in found:
                found[name] += getattr(compte, name)
    return {
        "refuse": controle.refuse,
        "empreinte": controle.empreinte,
        "arrete_au": controle.manifeste.arrete_au.isoformat() if controle.manifeste else None,
        "gravites": {g.value: controle.collecte.total(g) for g in Gravite},
        "tables": tables,
        "unites": unites,
        "unites_retenues": controle.tenues,
    }


def write_json(controle: Controle) -> str:
    """The whole report as JSON: the summary, then each code with its count and its first faults."""
    groups = [
        {
            "code": g.code,
            "gravite": g.gravite.value,
            "total": g.total,
            "exemples": [row(a) for a in g.exemples],
        }
        for g in controle.collecte.groupes()
    ]
    coupes = {code: coupe.as_dict() for code, coupe in _cuts(controle.collecte).items()}
    content = {**summary(controle), "anomalies": groups, "coupes": coupes}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
