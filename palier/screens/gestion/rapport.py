"""The report of an import, as CSV for a spreadsheet and as JSON for a machine. Values are masked already."""

import csv
import io
import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from palier.core.access import Gesture
from palier.core.streaming import disposition
from palier.echanges.rapport import COLONNES, close_cuts, cuts, neutralise
from palier.screens.gestion.imports import ImportBase
from palier.screens.gestion.queries.base import Row, as_json
from palier.screens.gestion.queries.imports import anomalies

#: The file received that a line is of, when a calibrated profile converted it.
COLUMNS = (*COLONNES, "fichier")


def line(row: Row) -> dict[str, str]:
    """Return a fault under the names that the format's documentation gives."""
    values = {**row, "id": row.identifiant}
    return {name: "" if values[name] is None else str(values[name]) for name in COLUMNS}


class RapportCsv(ImportBase):
    """Semicolons and a BOM, so that a French spreadsheet opens it as it is; no cell is ever run as a formula."""

    access = Gesture.IMPORT_READ

    def get(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        lines = [line(row) for row in anomalies(self.actor, self.importation.id)]
        coupes = cuts(as_json(self.importation.bilan) or {}, Counter(told["code"] for told in lines))
        for told in close_cuts(lines, coupes):
            writer.writerow({name: neutralise(value) for name, value in told.items()})
        headers = {"Content-Disposition": disposition(f"rapport-{import_id}.csv")}
        return HttpResponse(
            "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
        )


class RapportJson(ImportBase):
    """The counts, then every fault kept."""

    access = Gesture.IMPORT_READ

    def get(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        found = self.importation
        bilan: dict[str, Any] = as_json(found.bilan) or {}
        lines = [line(row) for row in anomalies(self.actor, found.id)]
        coupes = cuts(bilan, Counter(told["code"] for told in lines))
        content: dict[str, Any] = {
            "import": str(found.id),
            "fichier": found.nom_fichier,
            "etat": found.etat,
            "recu_le": found.recu_le.isoformat(),
            "fin_le": found.fin_le.isoformat() if found.fin_le else None,
            "message": found.message,
            **bilan,
            "anomalies": lines,
            "coupes": {code: coupe.as_dict() for code, coupe in coupes.items()},
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        headers = {"Content-Disposition": disposition(f"rapport-{import_id}.json")}
        return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)
