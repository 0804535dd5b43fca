"""What a conversion left out is told like any other fault: its first facts, and how many there are in all."""

from pathlib import Path
from typing import Any
from uuid import UUID

from palier.echanges.connecteurs.nuit import CONSTATS_MAX, Conversion
from palier.echanges.models import Anomalie
from palier.echanges.profils.constats import Constat, Gravite


def told(*constats: Constat) -> tuple[list[Anomalie], dict[str, Any]]:
    rows: list[Anomalie] = []
    bilan: dict[str, Any] = {"codes": {}, "gravites": {}, "coupes": {}}
    Conversion(Path("a.zip"), Path("p"), {}, constats).report(UUID(int=1), UUID(int=2), rows, bilan)
    return rows, bilan


def test_what_is_left_out_is_counted() -> None:
    many = [Constat("valeur_illisible", Gravite.ALERTE, f"Valeur {i}.") for i in range(CONSTATS_MAX + 200)]
    rows, bilan = told(*many)
    assert (len(rows), bilan["codes"]) == (CONSTATS_MAX, {"valeur_illisible": CONSTATS_MAX + 200})
    assert bilan["coupes"] == {"valeur_illisible": {"gardees": CONSTATS_MAX, "total": CONSTATS_MAX + 200}}


def test_a_fact_seen_many_times_is_not_cut() -> None:
    rows, bilan = told(Constat("fichier_ignore", Gravite.ALERTE, "Trois fichiers sont ignorés.", nombre=3))
    assert (len(rows), bilan["codes"], bilan["coupes"]) == (1, {"fichier_ignore": 3}, {})
