"""The report of a check: as CSV for a spreadsheet, as JSON for a machine. Every value is already masked."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from palier.core.cellules import neutralise as neutralise
from palier.echanges.anomalies import Anomalie
from palier.echanges.codes import Gravite
from palier.echanges.controle import Controle

COLONNES = (
    "gravite", "code", "table", "ligne", "id", "colonne", "valeur_masquee", "message", "conseil", "unite",
)  # fmt: skip


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


def write_csv(anomalies: Iterable[Anomalie]) -> str:
    """The report as CSV: UTF-8 with a BOM and semicolons, so that a French spreadsheet opens it as it is."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLONNES, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for anomalie in anomalies:
        writer.writerow({k: neutralise(v) for k, v in row(anomalie).items()})
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
    """The whole report as JSON: the summary, then each code with its count and at most a hundred samples."""
    groups = [
        {
            "code": g.code,
            "gravite": g.gravite.value,
            "total": g.total,
            "exemples": [row(a) for a in g.exemples],
        }
        for g in controle.collecte.groupes()
    ]
    return json.dumps({**summary(controle), "anomalies": groups}, ensure_ascii=False, indent=1) + "\n"
