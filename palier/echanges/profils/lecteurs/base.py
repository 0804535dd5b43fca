"""What every reader shares: the file it reads, where it puts its rows, what it says of the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..constats import Recueil
from ..modele import Source

#: Receives a row: physical line, cells in the order of the source's columns, and whether the line had as many
#: cells as the header.
Put = Callable[[int, Sequence[str], bool], None]


@dataclass(frozen=True)
class Piece:
    """One file given to a conversion: `nom` is what the user knows it by."""

    nom: str
    chemin: Path


@dataclass
class Releve:
    """What was read of one file. Totals are whole cents of euros, counted by the reader itself, line by line."""

    nom: str
    source: str
    octets: int
    encodage: str = ""
    separateur: str = ""
    signature: str = ""
    lignes: int = 0
    vides: int = 0
    debit: int | None = None
    credit: int | None = None


@dataclass(frozen=True)
class Travail:
    """One file to read for one source."""

    source: Source
    piece: Piece
    put: Put
    recueil: Recueil

    def releve(self) -> Releve:
        """An empty account of this file."""
        return Releve(self.piece.nom, self.source.nom, self.piece.chemin.stat().st_size)
