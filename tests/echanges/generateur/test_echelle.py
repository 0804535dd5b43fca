"""Large dossiers: same promises as the small ones, without their variety."""

import hashlib
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from palier.echanges.generateur import generate_scaled

from .conftest import REFERENCE
from .lecture import broken_relations, duplicates, read_tables, total


@pytest.mark.parametrize("mouvements", [1, 2, 7, 12, 40])
def test_scaled_dossier_is_sound(mouvements: int, tmp_path: Path) -> None:
    resume = generate_scaled(tmp_path, 1, 60, REFERENCE, 3, mouvements_par_compte=mouvements, pdf=True)[0]
    tables = read_tables(resume.path)
    assert broken_relations(tables) == []
    assert duplicates(tables) == []
    soldes = total(tables["mouvements"], "compte_id", "debit", "credit")
    assert {c["id"]: Decimal(c["solde"]) for c in tables["comptes"]} == soldes
    lignes = total(tables["echeances_lignes"], "echeance_id", "montant")
    assert {e["id"]: Decimal(e["montant"]) for e in tables["echeances"]} == lignes
    assert {c["id"]: Decimal(c["base"]) for c in tables["cles"]} == total(
        tables["tantiemes"], "cle_id", "valeur"
    )
    assert resume.lignes["mouvements"] == 60 * mouvements
    assert resume.lignes["documents"] == 120
    assert max(m["le"] for m in tables["mouvements"]) <= REFERENCE.isoformat()


def test_scaled_agencies_are_deterministic_and_apart(tmp_path: Path) -> None:
    premiers = generate_scaled(tmp_path / "a", 2, 55, REFERENCE, 3)
    seconds = generate_scaled(tmp_path / "b", 2, 55, REFERENCE, 3)
    assert [r.path.read_bytes() for r in premiers] == [r.path.read_bytes() for r in seconds]
    assert [r.slug for r in premiers] == ["echelle-0001", "echelle-0002"]
    assert "documents" not in premiers[0].lignes


def test_scaled_documents_may_each_have_their_own_file(tmp_path: Path) -> None:
    resume = generate_scaled(tmp_path, 1, 20, REFERENCE, 3, mouvements_par_compte=2, pdf=True, propres=True)[
        0
    ]
    rows = read_tables(resume.path)["documents"]
    with zipfile.ZipFile(resume.path) as archive:
        found = {
            n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist() if n.endswith(".pdf")
        }
    assert {r["fichier"]: r["sha256"] for r in rows} == found
    assert (len(found), len(set(found.values())), resume.fichiers_pdf) == (40, 40, 40)
