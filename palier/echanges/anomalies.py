"""What the checks found: each fault masked, grouped by code, counted in full, the first ones kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from palier.echanges.codes import CODES, Gravite

#: Faults kept of each code. A report is rows of half a kilobyte, kept as long as the agence's contract: the worst night
#: (some ten codes, each on thousands of lines) adds five megabytes, and what is beyond is told once these are mended.
SAMPLES = 1_000


@dataclass(frozen=True)
class Anomalie:
    """One fault at one place. `valeur` is already masked; `ligne` is the physical line of the file, from 1."""

    code: str
    table: str = ""
    ligne: int | None = None
    id: str = ""
    colonne: str = ""
    valeur: str = ""
    unite: str = ""
    params: tuple[tuple[str, object], ...] = ()

    @property
    def gravite(self) -> Gravite:
        return CODES[self.code].gravite

    @property
    def message(self) -> str:
        return CODES[self.code].sentence(dict(self.params))

    @property
    def conseil(self) -> str:
        return CODES[self.code].conseil.format(**dict(self.params))


@dataclass
class Groupe:
    """All the faults of one code: the whole count, how many the samples tell of, and these first samples."""

    code: str
    total: int = 0
    dites: int = 0
    exemples: list[Anomalie] = field(default_factory=list)

    @property
    def gravite(self) -> Gravite:
        return CODES[self.code].gravite

    @property
    def coupe(self) -> bool:
        """Whether some of the faults are only counted."""
        return self.dites < self.total


class DossierRefuse(Exception):
    """The whole dossier is refused: carries the BLOQUANT faults that say why."""

    def __init__(self, *anomalies: Anomalie) -> None:
        super().__init__(", ".join(a.code for a in anomalies))
        self.anomalies = anomalies


def refusal(code: str, table: str = "", ligne: int | None = None, **params: object) -> DossierRefuse:
    """A refusal of the whole file for one reason."""
    return DossierRefuse(Anomalie(code, table, ligne, params=tuple(params.items())))


class Collecte:
    """Gathers the faults of one dossier, in bounded memory."""

    def __init__(self) -> None:
        self._groupes: dict[str, Groupe] = {}

    def add(self, anomalie: Anomalie, nombre: int = 1) -> None:
        """Count a fault `nombre` times and keep it as a sample while there is room."""
        groupe = self._groupes.setdefault(anomalie.code, Groupe(anomalie.code))
        groupe.total += nombre
        if len(groupe.exemples) < SAMPLES:
            groupe.exemples.append(anomalie)
            groupe.dites += nombre

    def add_all(self, code: str, total: int, exemples: Iterable[Anomalie]) -> None:
        """Count `total` faults of a code of which only some are given."""
        if not total:
            return
        groupe = self._groupes.setdefault(code, Groupe(code))
        groupe.total += total
        for anomalie in exemples:
            if len(groupe.exemples) >= SAMPLES:
                break
            groupe.exemples.append(anomalie)
            groupe.dites += 1

    def groupes(self) -> list[Groupe]:
        """The groups, gravest first, then by code."""
        rang = {g: i for i, g in enumerate(Gravite)}
        return sorted(self._groupes.values(), key=lambda g: (rang[g.gravite], g.code))

    def total(self, gravite: Gravite) -> int:
        """How many faults of this severity."""
        return sum(g.total for g in self._groupes.values() if g.gravite is gravite)

    def count(self, code: str) -> int:
        """How many faults of this code."""
        groupe = self._groupes.get(code)
        return groupe.total if groupe else 0

    def __iter__(self) -> Iterator[Anomalie]:
        for groupe in self.groupes():
            yield from groupe.exemples
