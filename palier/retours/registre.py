"""Which tables a return file holds: a room adds its own with one ``declare(...)``, at start-up.

The writer, the documentation, the agency's page and the states know only what is declared here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from palier.retours.models import Retournable


@dataclass(frozen=True, slots=True)
class Champ:
    """A column: ``type`` is one of string, integer, date, datetime, as in a Table Schema."""

    nom: str
    type: str
    description: str
    exemple: str
    requis: bool = False
    liste: tuple[str, ...] = ()


#: The first columns of every table: which thing, and whose it is in the back-office.
COMMUNS = (
    Champ(
        "id",
        "string",
        "Identifiant de la demande dans le portail : il ne revient jamais pour une autre",
        "0192f0c4-7a10-7c3e-9f5e-2b1d3c4e5f60",
        True,
    ),
    Champ("logiciel", "string", "Logiciel d'où vient la personne (source.logiciel de son dossier)", "demo"),
    Champ("base", "string", "Base de ce logiciel (source.base de son dossier)", "principale"),
    Champ("tiers_id", "string", "Identifiant de la personne dans ce logiciel (tiers.id)", "T100", True),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that travels with a row: its path in the zip, and where the vault keeps it."""

    chemin: str
    sha256: str
    octets: int
    adresse: str
    cle: str


@dataclass(frozen=True, slots=True)
class TableRetour:
    """One table of the return file.

    ``ligne`` gives the values of ``champs`` (the common columns are added); ``piece`` the file of a row, if any;
    ``mots`` tells a row to the staff in (what, detail); ``liens`` are the rows that ``ligne`` reads besides.
    """

    nom: str
    titre: str
    description: str
    modele: type[Retournable]
    champs: tuple[Champ, ...]
    ligne: Callable[[Any], Mapping[str, Any]]
    mots: Callable[[Mapping[str, Any]], tuple[str, str]]
    piece: Callable[[Any], Piece] | None = None
    liens: tuple[str, ...] = field(default=())
    refusable: bool = True

    @property
    def genre(self) -> str:
        """The short name that addresses use: ``coordonnees`` for ``retours_coordonnees``."""
        return self.nom.removeprefix("retours_")

    @property
    def colonnes(self) -> tuple[Champ, ...]:
        """Every column, common ones first."""
        return COMMUNS + self.champs


_tables: dict[str, TableRetour] = {}


def declare(table: TableRetour) -> None:
    """Add a table to the return file. Raises ``ValueError`` for a bad name or one already taken by another room."""
    if not table.nom.startswith("retours_"):
        raise ValueError(f"{table.nom}: a table of the return file is named retours_…")
    known = _tables.get(table.nom)
    if known is not None and known.modele is not table.modele:
        raise ValueError(f"{table.nom} is declared already.")
    _tables[table.nom] = table


def tables() -> tuple[TableRetour, ...]:
    """Return every table, in the order of their declarations."""
    return tuple(_tables.values())


def table_of(genre: str) -> TableRetour | None:
    """Return the table of a short name, or None."""
    return _tables.get(f"retours_{genre}")
