"""How much a dossier may hold. Counted while inflating: a header of the zip is never believed."""

from dataclasses import dataclass

MIO = 1024 * 1024


@dataclass(frozen=True)
class Limites:
    """Sizes in bytes; `taux` is the inflated size for one compressed byte."""

    membres: int = 200_000
    repertoire: int = 64 * MIO
    manifeste: int = 1 * MIO
    table: int = 4096 * MIO
    document: int = 100 * MIO
    total: int = 32_768 * MIO
    taux: int = 250
    #: Under this inflated size a ratio says nothing.
    taux_a_partir_de: int = 8 * MIO
    ligne: int = 64 * 1024
    enregistrement: int = 256 * 1024
    colonnes: int = 300
    memoire_duckdb: str = "400MB"
    fils: int = 2
    #: Up to this size of its tables a dossier given whole is checked by one thread.
    petit: int = 2 * MIO


LIMITES = Limites()
