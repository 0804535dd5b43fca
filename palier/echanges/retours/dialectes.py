"""How a value is written in each dialect of the dossier. No cell ever runs as a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from palier.core.cellules import neutralise
from palier.core.dates import PARIS
from palier.retours.registre import Champ

CANON, EXCEL = "canon", "excel-fr"
DIALECTES = (CANON, EXCEL)


def stored(value: Any) -> str:
    """Return a value as a return keeps it for ever: ISO dates, instants in the time of Paris, "" for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(PARIS).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def cell(champ: Champ, value: str, dialecte: str) -> str:
    """Return a stored value as the dialect writes it."""
    if dialecte == EXCEL and value and champ.type == "date":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if dialecte == EXCEL and value and champ.type == "datetime":
        return f"{datetime.fromisoformat(value).astimezone(PARIS):%d/%m/%Y %H:%M:%S}"
    return neutralise(value)


def table_bytes(champs: Sequence[Champ], lignes: Iterable[Mapping[str, str]], dialecte: str) -> bytes:
    """Return a table as a CSV: UTF-8, semicolons; `excel-fr` with the mark and the line ends that a spreadsheet likes."""
    excel = dialecte == EXCEL
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n" if excel else "\n")
    writer.writerow([champ.nom for champ in champs])
    writer.writerows(
        [cell(champ, ligne.get(champ.nom, ""), dialecte) for champ in champs] for ligne in lignes
    )
    return target.getvalue().encode("utf-8-sig" if excel else "utf-8")
