"""The choices of a calibration, as they are kept between two pages: plain data, read back with care."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .champs import CHAMPS, natures
from .lecture import Lecture

FICHIERS_MAX = 20


@dataclass
class Reglages:
    """How the values of a file are read and completed. `valeurs`: for a field, what each value found stands for."""

    dates: dict[str, str] = field(default_factory=dict)
    decimal: str = ","
    milliers: str = ""
    positif: str = "debit"
    role: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    constantes: dict[str, str] = field(default_factory=dict)
    valeurs: dict[str, dict[str, str]] = field(default_factory=dict)
    pdf: dict[str, str] = field(default_factory=dict)
    facultative: bool = False


@dataclass
class Fichier:
    """One file of the export: where it is, how it is read, what each column becomes (by its place)."""

    rang: int
    envoi: int
    membre: str
    nom: str
    nature: str = ""
    lecture: Lecture = field(default_factory=Lecture)
    colonnes: list[str] = field(default_factory=list)
    champs: dict[int, str] = field(default_factory=dict)
    reglages: Reglages = field(default_factory=Reglages)
    etape: str = "lecture"

    @property
    def source(self) -> str:
        """The name of its source in the profile."""
        return f"{self.nature}_{self.rang}" if self.nature else f"fichier_{self.rang}"

    def columns_of(self, cle: str) -> list[str]:
        """The titles of the columns that fill a field, in the order of the file."""
        return [
            self.colonnes[i] for i in sorted(self.champs) if self.champs[i] == cle and i < len(self.colonnes)
        ]

    def has(self, cle: str) -> bool:
        """Whether a field is filled, by a column or by a constant."""
        return bool(self.columns_of(cle) or self.reglages.constantes.get(cle))

    @property
    def pret(self) -> bool:
        return self.etape == "pret"


@dataclass
class Plan:
    """A whole calibration."""

    connecteur: str
    nom: str
    code: str
    envois: list[dict[str, Any]] = field(default_factory=list)
    fichiers: list[Fichier] = field(default_factory=list)
    historique: str = "complet"
    invitation: str = "courrier"
    essai: dict[str, Any] = field(default_factory=dict)

    def fichier(self, rang: int) -> Fichier | None:
        """The file of this rank."""
        return next((f for f in self.fichiers if f.rang == rang), None)

    def next_rank(self) -> int:
        """A rank that no file has."""
        return max((f.rang for f in self.fichiers), default=0) + 1

    @property
    def prets(self) -> list[Fichier]:
        """The files whose columns and values are settled."""
        return [f for f in self.fichiers if f.pret and f.nature]


def dump(plan: Plan) -> bytes:
    """The plan as JSON."""
    return json.dumps(asdict(plan), ensure_ascii=False).encode()


def load(content: bytes) -> Plan:
    """The plan kept by `dump`. Raises ValueError when it is not one."""
    data = json.loads(content)
    files = []
    for f in data.pop("fichiers"):
        lecture = Lecture(**f.pop("lecture"))
        lecture = replace(lecture, coupes=tuple(lecture.coupes))
        champs = {int(k): v for k, v in f.pop("champs").items() if v in CHAMPS}
        one = Fichier(
            **{**f, "lecture": lecture, "champs": champs, "reglages": Reglages(**f.pop("reglages"))}
        )
        one.nature = one.nature if one.nature in natures() else ""
        files.append(one)
    return Plan(**data, fichiers=files)
