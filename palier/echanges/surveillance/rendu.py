"""The report of an import, as the sender finds it beside his folder. Values are masked already."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import
from palier.echanges.rapport import COLONNES, close_cuts, cuts, neutralise

#: The file received that a line is of, when a calibrated profile converted it.
COLUMNS = (*COLONNES, "fichier")
_BIEN = frozenset({EtatImport.APPLIQUE, EtatImport.DEJA_APPLIQUE, EtatImport.VERIFIE})


def mark_of(row: Import) -> str:
    """Return the ending of the mark: ``.ok`` everything is on line, ``.attente`` somebody decides, else ``.erreur``."""
    if row.etat == EtatImport.A_CONFIRMER:
        return ".attente"
    return ".ok" if row.etat in _BIEN else ".erreur"


def sentence(row: Import) -> str:
    """Return what became of the file, for a person who opens the mark."""
    words = [f"{EtatImport(row.etat).label}.", row.message]
    if "en_ligne" in row.bilan:
        words.append(
            _("%(en_ligne)s lignes en ligne, %(a_corriger)s à corriger.")
            % {"en_ligne": row.bilan["en_ligne"], "a_corriger": row.bilan.get("a_corriger", 0)}
        )
    return " ".join(word for word in words if word) + "\n"


def _cells(anomalie: Anomalie) -> dict[str, str]:
    values = {name: getattr(anomalie, "identifiant" if name == "id" else name) for name in COLUMNS}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def report_csv(anomalies: Sequence[Anomalie], bilan: dict[str, Any]) -> bytes:
    """Semicolons and a BOM, so that a French spreadsheet opens it as it is; no cell is ever run as a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    coupes = cuts(bilan, Counter(a.code for a in anomalies))
    for line in close_cuts([_cells(a) for a in anomalies], coupes):
        writer.writerow({name: neutralise(value) for name, value in line.items()})
    return out.getvalue().encode("utf-8-sig")


def report_json(row: Import, anomalies: Sequence[Anomalie], nom: str) -> bytes:
    """The counts, then every fault kept."""
    coupes = cuts(row.bilan, Counter(a.code for a in anomalies))
    content: dict[str, Any] = {
        **row.bilan,
        "import": str(row.id),
        "fichier": nom,
        "etat": row.etat,
        "recu_le": row.recu_le.isoformat(),
        "fin_le": row.fin_le.isoformat() if row.fin_le else None,
        "message": row.message,
        "anomalies": [_cells(anomalie) for anomalie in anomalies],
        "coupes": {code: coupe.as_dict() for code, coupe in coupes.items()},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n").encode()
