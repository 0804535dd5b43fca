"""The readers: each turns one kind of file into rows of text, and says what it read."""

from collections.abc import Callable

from .base import Piece, Put, Releve, Travail
from .camt import read_camt
from .cfonb import read_cfonb
from .classeur import read_workbook
from .delimite import read_delimited
from .fec import read_fec
from .fixe import read_fixed
from .pdf import read_pdf

LECTEURS: dict[str, Callable[[Travail], Releve]] = {
    "delimite": read_delimited,
    "fixe": read_fixed,
    "xlsx": read_workbook,
    "fec": read_fec,
    "cfonb120": read_cfonb,
    "camt053": read_camt,
    "dossier_pdf": read_pdf,
}

__all__ = ["LECTEURS", "Piece", "Put", "Releve", "Travail"]
