"""Every place that writes a CSV or a workbook: its cells are neutralised, or it says why no spreadsheet will open it."""

import ast
import csv
import io
from pathlib import Path

import pytest

from palier.core.cellules import cellule, neutralise
from tests.plugin import ROOT

#: Files whose cells go through core.cellules.
NEUTRALISES = {
    "palier/comptabilite/releve.py",
    "palier/echanges/connecteurs/echantillon.py",
    "palier/echanges/rapport.py",
    "palier/echanges/retours/dialectes.py",
    "palier/echanges/reversibilite/archive.py",
    "palier/echanges/surveillance/rendu.py",
    "palier/api/routes/contenus.py",
    "palier/screens/exploitant/textes.py",
    "palier/screens/gestion/echanges/changements.py",
    "palier/screens/gestion/journal.py",
    "palier/screens/gestion/rapport.py",
    "palier/screens/gestion/statistiques.py",
    "palier/vie_privee/devoirs/registres.py",
}
#: Files that write exact values for a program of ours, erased once read; a changed cell would be a wrong one.
EXACTS = {
    "palier/api/assemblage.py": "the parts of a sending, put end to end for the import",
    "palier/echanges/profils/entrepot.py": "the rows of an export, on their way to the engine",
    "palier/echanges/generateur/": "dossiers of invented data",
}
_ECRIVAINS = {"writer", "DictWriter", "Workbook"}


def writers() -> set[str]:
    """The files of the portal that make a csv writer or a workbook."""
    found = set()
    for path in sorted((ROOT / "palier").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
        names = {
            f.attr
            for f in calls
            if isinstance(f, ast.Attribute) and ast.unparse(f.value) in {"csv", "openpyxl"}
        }
        if names & _ECRIVAINS:
            found.add(path.relative_to(ROOT).as_posix())
    return found


def test_every_writer_of_cells_is_known() -> None:
    exact = {p for p in writers() if any(p == e or (e.endswith("/") and p.startswith(e)) for e in EXACTS)}
    assert writers() - exact - NEUTRALISES == set()
    for path in NEUTRALISES & writers():
        text = Path(ROOT / path).read_text(encoding="utf-8")
        assert "neutralise" in text or "cellule" in text, path


@pytest.mark.parametrize(
    "texte",
    ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "\ufeff=1", "\x00=1", "\u200b=1"],
)  # fmt: skip
def test_no_text_runs(texte: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([cellule(texte)])
    ((found,),) = csv.reader(io.StringIO(out.getvalue()), delimiter=";")
    assert found.startswith("'"), ascii(found)
    assert neutralise(texte) == found


def test_the_sample_of_a_calibration_runs_nothing() -> None:
    from palier.echanges.connecteurs.echantillon import _harmless

    assert [_harmless(c) for c in ("-12,50", "+33 6 12 34 56 78", "1 234,56", "01/02/2026", "NOM")] == [
        "-12,50", "+33 6 12 34 56 78", "1 234,56", "01/02/2026", "NOM",
    ]  # fmt: skip
    assert all(_harmless(c).startswith("'") for c in ("=1", "@A", "-A1", "+cmd|x", "\t=1", "-1+SUM(A1)"))
