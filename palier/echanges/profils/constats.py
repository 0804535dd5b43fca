"""What a conversion has to say: each fact has a severity, a French sentence, and the file and line it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from palier.echanges.anomalies import DossierRefuse


class Gravite(StrEnum):
    """How much a fact weighs: a `BLOQUANTE` one stops the conversion, nothing is then written."""

    BLOQUANTE = "bloquante"
    ALERTE = "alerte"
    INFO = "info"


@dataclass(frozen=True)
class Constat:
    """One fact. `ligne` is the physical line of the file, from 1; `nombre` how many times it was seen."""

    code: str
    gravite: Gravite
    message: str
    fichier: str = ""
    ligne: int | None = None
    nombre: int = 1
    #: The value that the message quotes, which a report keeps masked.
    valeur: str = ""

    @property
    def lieu(self) -> str:
        """Where: file and line, empty when the fact is about the whole."""
        if not self.fichier:
            return ""
        return f"{self.fichier}, ligne {self.ligne}" if self.ligne else self.fichier


class ProfilRefuse(Exception):
    """The profile, or what it was given, is refused: carries the sentences that say why."""

    #: For a changed header: how many required columns are gone, how many are new, how many were required.
    ecart: tuple[int, int, int] | None = None

    def __init__(self, *constats: Constat) -> None:
        super().__init__(" ; ".join(c.message for c in constats))
        self.constats = constats


def refuse(code: str, message: str, fichier: str = "", ligne: int | None = None) -> ProfilRefuse:
    """A refusal for one reason."""
    return ProfilRefuse(Constat(code, Gravite.BLOQUANTE, message, fichier, ligne))


def from_dossier(refus: DossierRefuse, fichier: str) -> ProfilRefuse:
    """The refusal of a container (zip, xlsx), in the words of the import."""
    return ProfilRefuse(
        *(
            Constat(a.code, Gravite.BLOQUANTE, f"{a.message} {a.conseil}".strip(), fichier)
            for a in refus.anomalies
        )
    )


class Recueil:
    """Gathers facts in bounded memory: each code is counted in full and sampled."""

    EXEMPLES = 20

    def __init__(self) -> None:
        self._constats: list[Constat] = []
        self._comptes: dict[tuple[str, str], int] = {}

    def add(
        self,
        code: str,
        gravite: Gravite,
        message: str,
        fichier: str = "",
        ligne: int | None = None,
        nombre: int = 1,
        valeur: str = "",
    ) -> None:
        """Count a fact, and keep it as an example while there is room for its code and file."""
        key = (code, fichier)
        seen = self._comptes.get(key, 0)
        self._comptes[key] = seen + nombre
        if seen < self.EXEMPLES:
            self._constats.append(Constat(code, gravite, message, fichier, ligne, nombre, valeur))

    def extend(self, constats: Iterable[Constat]) -> None:
        """Add several facts."""
        for c in constats:
            self.add(c.code, c.gravite, c.message, c.fichier, c.ligne, c.nombre, c.valeur)

    @property
    def constats(self) -> tuple[Constat, ...]:
        return tuple(self._constats)

    def total(self, code: str) -> int:
        """How many times a code was seen, over all files."""
        return sum(n for (c, _), n in self._comptes.items() if c == code)

    def hidden(self) -> dict[tuple[str, str], int]:
        """For each (code, file), how many facts are counted beyond the examples."""
        shown: dict[tuple[str, str], int] = {}
        for c in self._constats:
            shown[c.code, c.fichier] = shown.get((c.code, c.fichier), 0) + c.nombre
        return {k: n - shown.get(k, 0) for k, n in self._comptes.items() if n > shown.get(k, 0)}

    def stop_if_blocking(self) -> None:
        """Raise ProfilRefuse with every blocking fact gathered so far."""
        blocking = [c for c in self._constats if c.gravite is Gravite.BLOQUANTE]
        if blocking:
            raise ProfilRefuse(*blocking)
