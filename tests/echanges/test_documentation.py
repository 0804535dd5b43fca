"""The published format: it is what the code checks, and an independent reader can use it."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.codes import CODES, METIER, TABLE, Gravite
from palier.echanges.documentation import codes_of, pages
from palier.echanges.enums import EtatImport
from palier.echanges.generateur import pack_dossier
from palier.echanges.models import Source
from palier.echanges.schemas import schemas
from tests.echanges.differences import differences, on_line
from tests.echanges.fabrique import make_dossier
from tests.echanges.generateur.lecture import read_tables
from tests.echanges.test_import import load
from tests.factories import make_agence
from tests.plugin import ROOT

DOSSIER = ROOT / "docs" / "dossier"
EXEMPLE = DOSSIER / "exemple"


@pytest.fixture
def essai(db: None) -> Actor:
    """The agence that the example is made for."""
    with writing("fixtures"):
        actor = Actor.system(make_agence("agence-essai", "Agence d’essai").agence.id, "test")
        with acting_as(actor):  # the example makes its own source
            Source.objects.visible_to(actor).filter(logiciel="demo").delete()
    return actor


def test_the_published_pages_are_those_that_the_code_writes() -> None:
    wrong = [
        name
        for name, text in pages().items()
        if not (DOSSIER / name).is_file() or (DOSSIER / name).read_text(encoding="utf-8") != text
    ]
    assert wrong == []  # ./run manage dossier docs


def test_every_column_says_its_meaning_and_has_an_example() -> None:
    silent = [f"{s.nom}.{c.nom}" for s in schemas().values() for c in s.champs if not c.description]
    assert silent == []
    without = [s.nom for s in schemas().values() if not any(c.exemple for c in s.champs)]
    assert without == []


def test_every_code_about_a_line_is_on_the_page_of_a_table() -> None:
    about_lines = {
        name for name, code in {**TABLE, **METIER}.items() if code.gravite in (Gravite.LIGNE, Gravite.ALERTE)
    }
    whole = {"unite_perimetre_inconnue", "unite_a_renvoyer", "fichier_non_reference"}
    found = {c for s in schemas().values() for c in codes_of(s)}
    assert about_lines - whole <= found
    assert found <= CODES.keys()


def test_an_independent_reader_accepts_the_example() -> None:
    tool = Path(sys.executable).parent / "frictionless"
    done = subprocess.run(
        [tool, "validate", "docs/dossier/datapackage.json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_independent_reader_refuses_a_wrong_value(tmp_path: Path) -> None:
    shutil.copytree(DOSSIER, tmp_path / "dossier")
    comptes = tmp_path / "dossier" / "exemple" / "dossier" / "comptes.csv"
    comptes.write_text(
        comptes.read_text(encoding="utf-8").replace("coproprietaire", "voisin", 1), encoding="utf-8"
    )
    tool = Path(sys.executable).parent / "frictionless"
    done = subprocess.run(
        [tool, "validate", "datapackage.json"],
        cwd=tmp_path / "dossier",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1


def test_the_example_and_its_delta_go_on_line(
    essai: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt

    from palier.echanges import execution

    monkeypatch.setattr(execution, "today", lambda: dt.date(2026, 11, 24))
    first = load(essai, EXEMPLE / "dossier.zip")
    assert (first.etat, first.bilan["a_corriger"]) == (EtatImport.APPLIQUE, 0)
    done = load(essai, EXEMPLE / "delta.zip")
    assert done.etat == EtatImport.APPLIQUE
    assert {n: done.bilan[n] for n in ("ajoutes", "modifies", "archives")} == {
        "ajoutes": 1, "modifies": 2, "archives": 1,
    }  # fmt: skip


def test_the_delta_is_its_folder(tmp_path: Path) -> None:
    again = pack_dossier(EXEMPLE / "delta", tmp_path / "delta.zip")
    assert again.read_bytes() == (EXEMPLE / "delta.zip").read_bytes()


# --- the other dialect -------------------------------------------------------------------------------------


def _excel(table: str, row: dict[str, str]) -> list[str]:
    """The cells of a row as a French spreadsheet writes them."""
    cells = []
    for champ in schemas()[table].champs:
        value = row.get(champ.nom, "")
        if value and champ.type == "date":
            value = "/".join(reversed(value.split("-")))
        elif value and champ.type == "boolean":
            value = {"true": "Oui", "false": "Non"}[value]
        elif value and champ.type in {"number", "integer"}:
            entier, _, reste = value.partition(".")
            signe, chiffres = ("-", entier[1:]) if entier.startswith("-") else ("", entier)
            groupes = f"{int(chiffres):,}".replace(",", "\u00a0") if chiffres.isdigit() else chiffres
            value = signe + groupes + ("," + reste if reste else "")
        cells.append(value)
    return cells


def excel_file(table: str, rows: list[dict[str, str]]) -> bytes:
    """A table file in the dialect excel-fr, in Windows-1252."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(schemas()[table].noms)
    writer.writerows(_excel(table, row) for row in rows)
    return out.getvalue().encode("cp1252", errors="strict")


def test_both_dialects_say_the_same_to_the_cent(essai: Actor, tmp_path: Path) -> None:
    """Every table of the example, level N3 included, written again as a spreadsheet would."""
    import json
    import zipfile

    with zipfile.ZipFile(EXEMPLE / "dossier.zip") as archive:
        said: dict[str, Any] = json.loads(archive.read("dossier.json"))
        pieces = {n: archive.read(n) for n in archive.namelist() if n.startswith("documents/")}
    tables: dict[str, Any] = {}
    for table, rows in read_tables(EXEMPLE / "dossier.zip").items():
        text = [{k: v.replace("•", "*") for k, v in row.items()} for row in rows]  # cp1252 has another bullet
        tables[table] = text
    assert set(tables) >= {"budgets", "depenses", "assemblees", "resolutions", "contrats"}
    same = {"agence": "agence-essai", "source": said["source"], "arrete_au": said["arrete_au"]}
    load(essai, make_dossier(tmp_path / "canon.zip", tables, pieces, **same))
    canon = on_line(essai)
    excel = {t: excel_file(t, rows) for t, rows in tables.items()}
    done = load(essai, make_dossier(tmp_path / "excel.zip", excel, pieces, dialecte="excel-fr", **same))
    assert (done.etat, done.bilan["a_corriger"]) == (EtatImport.APPLIQUE, 0)
    assert {n: done.bilan[n] for n in ("ajoutes", "modifies", "archives")} == {
        "ajoutes": 0, "modifies": 0, "archives": 0,
    }  # fmt: skip
    assert differences(canon, on_line(essai)) == {}
