"""The four connectors, read from their YAML: what is publicly known of each, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIVRES = Path(__file__).parent / "livres"


@dataclass(frozen=True)
class MotConnu:
    """A word of the back-office: what it stands for with us, and where that is said."""

    mot: str
    cible: str
    sens: str
    source: str


@dataclass(frozen=True)
class SourceType:
    """A source of the default set: its kind, what it is expected to hold, whether the set is complete without it."""

    nature: str
    attendu: str
    facultative: bool


@dataclass(frozen=True)
class Connecteur:
    """A named back-office. Its status is always *gabarit*: only an agence's own export verifies a calibration."""

    code: str
    nom: str
    editeur: str
    connu: str
    vocabulaire: tuple[MotConnu, ...]
    sources: tuple[SourceType, ...]
    questions: tuple[str, ...]
    statut: str = "gabarit"


def _connecteur(code: str, data: Mapping[str, Any]) -> Connecteur:
    return Connecteur(
        code=code,
        nom=data["nom"],
        editeur=data["editeur"],
        connu=data["connu"],
        vocabulaire=tuple(
            MotConnu(m["mot"], m.get("cible", ""), m["sens"], m["source"])
            for m in data.get("vocabulaire", ())
        ),
        sources=tuple(
            SourceType(s["nature"], s["attendu"], bool(s.get("facultative", False))) for s in data["sources"]
        ),
        questions=tuple(data.get("questions", ())),
    )


@cache
def connecteurs() -> dict[str, Connecteur]:
    """The connectors, in the order of the page."""
    found = {}
    for code in ("spilasuite", "sdgi", "gpi", "login"):
        data = yaml.safe_load((LIVRES / f"{code}.yaml").read_text(encoding="utf-8"))
        found[code] = _connecteur(code, data)
    return found
