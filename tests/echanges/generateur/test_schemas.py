"""What the generator writes respects the published Table Schemas."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from palier.echanges.generateur.colonnes import COLONNES

from .conftest import Essai
from .lecture import read_tables

RACINE = Path(__file__).resolve().parents[3]
SCHEMAS = RACINE / "palier" / "echanges" / "schemas"


def read_schema(table: str) -> dict[str, Any]:
    """The published schema of a table."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{table}.json").read_text(encoding="utf-8"))
    return schema


def refused(champ: dict[str, Any], valeur: str) -> bool:
    """True when a value breaks the constraints of its field."""
    regles = champ.get("constraints", {})
    if not valeur:
        return bool(regles.get("required"))
    if "enum" in regles and valeur not in regles["enum"]:
        return True
    if "pattern" in regles and not re.fullmatch(regles["pattern"], valeur):
        return True
    if champ["type"] in ("number", "integer"):
        nombre = Decimal(valeur)
        bas, haut = (Decimal(str(regles.get(borne, nombre))) for borne in ("minimum", "maximum"))
        return not bas <= nombre <= haut
    return len(valeur) > int(regles.get("maxLength", len(valeur)))


def refusals(tables: dict[str, list[dict[str, str]]]) -> list[tuple[str, str, str]]:
    """(table, column, value) of every refused cell."""
    return [
        (table, champ["name"], ligne[champ["name"]])
        for table, lignes in tables.items()
        for champ in read_schema(table)["fields"]
        for ligne in lignes
        if refused(champ, ligne[champ["name"]])
    ]


def test_columns_are_those_of_the_published_schemas() -> None:
    publies = {t: tuple(f["name"] for f in read_schema(t)["fields"]) for t in COLONNES}
    assert publies == COLONNES


def test_no_cell_is_refused(essai: Essai) -> None:
    assert refusals(essai.tables) == []


def test_no_cell_of_the_example_is_refused() -> None:
    assert refusals(read_tables(RACINE / "docs" / "dossier" / "exemple" / "dossier.zip")) == []
