"""The two dossiers written by hand: the example is right, the faulty one is wrong exactly where it says."""

import csv
import hashlib
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

from palier.echanges.generateur import pack_dossier

from .lecture import broken_relations, duplicates, read_tables, total

RACINE = Path(__file__).resolve().parents[3]
EXEMPLE = RACINE / "docs" / "dossier" / "exemple"
FAUTIF = RACINE / "tests" / "donnees" / "dossier-fautif"


def read_faults() -> list[list[str]]:
    """The rows of the table of the read-me: number, fault, table, line, column, severity, unit, detail."""
    lignes = (FAUTIF / "README.md").read_text(encoding="utf-8").splitlines()
    return [[c.strip() for c in x.strip("|").split("|")] for x in lignes if re.match(r"\| \d+ \|", x)]


def assert_declared(folder: Path) -> None:
    """Lines and sha256 of `dossier.json` are those of the files."""
    for fichier in json.loads((folder / "dossier.json").read_text(encoding="utf-8"))["fichiers"]:
        contenu = (folder / fichier["chemin"]).read_bytes()
        assert hashlib.sha256(contenu).hexdigest() == fichier["sha256"]
        assert len(contenu.decode().splitlines()) - 1 == fichier["lignes"]


def test_example_is_sound() -> None:
    tables = read_tables(EXEMPLE / "dossier.zip")
    assert broken_relations(tables) == []
    assert duplicates(tables) == []
    assert {c["id"]: Decimal(c["base"]) for c in tables["cles"]} == total(
        tables["tantiemes"], "cle_id", "valeur"
    )
    soldes = total(tables["mouvements"], "compte_id", "debit", "credit")
    assert {c["id"]: Decimal(c["solde"]) for c in tables["comptes"]} == soldes
    lignes = total(tables["echeances_lignes"], "echeance_id", "montant")
    assert {e["id"]: Decimal(e["montant"]) for e in tables["echeances"]} == lignes
    assert_declared(EXEMPLE / "dossier")


def test_example_zip_is_its_folder(tmp_path: Path) -> None:
    encore = pack_dossier(EXEMPLE / "dossier", tmp_path / "dossier.zip")
    assert encore.read_bytes() == (EXEMPLE / "dossier.zip").read_bytes()


def test_faulty_dossier_announces_twenty_faults_in_existing_cells() -> None:
    fautes = read_faults()
    assert [int(f[0]) for f in fautes] == list(range(1, 21))
    for _, _, table, ligne, colonne, gravite, _, _ in fautes:
        rangees = list(csv.reader((FAUTIF / f"{table}.csv").open(encoding="utf-8"), delimiter=";"))
        assert colonne in rangees[0]
        assert 1 <= int(ligne) <= len(rangees)
        assert gravite in ("LIGNE", "ALERTE")
    assert_declared(FAUTIF)


def test_faulty_units_are_those_that_it_says() -> None:
    unites = {u.strip() for f in read_faults() for u in f[6].split(",")}
    assert unites == {"C2", "M2", "—"}


def test_faulty_dossier_breaks_only_the_announced_relations(tmp_path: Path) -> None:
    tables = read_tables(pack_dossier(FAUTIF, tmp_path / "fautif.zip"))
    assert broken_relations(tables) == [("detentions", "lot_id", "L9-9"), ("documents", "portee_id", "BX99")]
    assert duplicates(tables) == [("lots", ("L2-2",))]


def test_recompute_repairs_the_declaration(tmp_path: Path) -> None:
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    (dossier / "dossier.json").write_text('{"fichiers": []}', encoding="utf-8")
    (dossier / "tiers.csv").write_text("id;nom\nT1;Été\n", encoding="utf-8")
    cible = pack_dossier(dossier, tmp_path / "d.zip", recompute=True)
    with zipfile.ZipFile(cible) as archive:
        assert archive.namelist() == ["dossier.json", "tiers.csv"]
        fichiers = json.loads(archive.read("dossier.json"))["fichiers"]
    assert [(f["table"], f["lignes"]) for f in fichiers] == [("tiers", 1)]
