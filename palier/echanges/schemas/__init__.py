"""The published Table Schemas of the dossier format, version 1.0: one JSON file for each table.

Properties of ours, in the `palier:` name space: `niveau` (N0 to N3), `refus` of a table (`unite`: a faulty line
holds back its whole unit; `ligne`: it is dropped alone), `refus` of a column (`valeur`: a faulty value is
ignored, its line is kept), `decimales` of a number, `souple` of a relation (a broken link is ignored).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

#: In the order in which rows may be written: a table comes after those that it refers to.
ORDRE = (
    "etablissements", "gestionnaires", "tiers", "coproprietes", "immeubles", "lots", "cles", "tantiemes",
    "comptes", "comptes_tiers", "detentions", "conseil_syndical", "mandats", "mandats_lots", "baux", "baux_lots",
    "exercices", "assemblees", "resolutions", "documents", "contrats", "echeances", "echeances_lignes",
    "mouvements", "budgets", "depenses", "acces", "correspondances", "suppressions",
)  # fmt: skip

#: Tables that describe the sending itself: outside the perimeter, without a unit.
TECHNIQUES = frozenset({"correspondances", "suppressions"})


@dataclass(frozen=True)
class Champ:
    """One column of a table."""

    nom: str
    type: str
    requis: bool
    motif: str | None
    liste: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    longueur: int | None
    decimales: int
    valeur_seule: bool
    description: str
    exemple: str


@dataclass(frozen=True)
class Relation:
    """A column that refers to the `id` of another table."""

    colonne: str
    cible: str
    souple: bool


@dataclass(frozen=True)
class Schema:
    """One table of the format."""

    nom: str
    titre: str
    description: str
    niveau: str
    par_unite: bool
    champs: tuple[Champ, ...]
    cle: tuple[str, ...]
    relations: tuple[Relation, ...]

    def champ(self, nom: str) -> Champ:
        """The column of this name. Raises KeyError when there is none."""
        for champ in self.champs:
            if champ.nom == nom:
                return champ
        raise KeyError(nom)

    @property
    def noms(self) -> tuple[str, ...]:
        return tuple(c.nom for c in self.champs)


def _champ(data: dict[str, Any]) -> Champ:
    contraintes = data.get("constraints", {})
    return Champ(
        nom=data["name"],
        type=data["type"],
        requis=bool(contraintes.get("required", False)),
        motif=contraintes.get("pattern"),
        liste=tuple(contraintes.get("enum", ())),
        minimum=contraintes.get("minimum"),
        maximum=contraintes.get("maximum"),
        longueur=contraintes.get("maxLength"),
        decimales=int(data.get("palier:decimales", 0)),
        valeur_seule=data.get("palier:refus") == "valeur",
        description=data.get("description", ""),
        exemple=data.get("example", ""),
    )


def read_json(table: str) -> dict[str, Any]:
    """The published schema of a table, as it is written."""
    data: dict[str, Any] = json.loads((FOLDER / f"{table}.json").read_text(encoding="utf-8"))
    return data


@cache
def schemas() -> dict[str, Schema]:
    """Every table of the format, in writing order."""
    found: dict[str, Schema] = {}
    for table in ORDRE:
        data = read_json(table)
        found[table] = Schema(
            nom=table,
            titre=data["title"],
            description=data["description"],
            niveau=data["palier:niveau"],
            par_unite=data["palier:refus"] == "unite",
            champs=tuple(_champ(f) for f in data["fields"]),
            cle=tuple(data["primaryKey"]),
            relations=tuple(
                Relation(k["fields"][0], k["reference"]["resource"], bool(k.get("palier:souple", False)))
                for k in data["foreignKeys"]
            ),
        )
    return found
