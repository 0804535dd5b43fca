"""Delimited, fixed width and workbook readers: declared shapes are read, any other stops with a sentence."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from palier.echanges.profils import Profil
from tests.echanges.profils.outils import profile, refusal, run

MODELE = """
profil: essai
version: 1
statut: gabarit
cible: {format: dossier-portail, version: "1.0"}
sources:
  liste:
    fichier: '.*'
%s
emissions:
  - table: comptes
    depuis: liste
    champs:
      id: {de: Compte}
      role: {constante: locataire}
      numero: {de: Compte}
      intitule: {de: Nom}
      solde: {nombre: Solde}
      solde_le: {date: Le}
controles:
  - {code: total, depuis: liste, somme: "{Solde}", vaut_pied: Solde}
"""
DELIMITE = """
    type: delimite
    encodages: [utf-8-sig, cp1252]
    separateurs: [";", "\\t"]
    milliers: [" ", "\\u00a0"]
    dates: ["%d/%m/%Y"]
    pied: {colonne: Compte, motif: '^TOTAL'}
    entete: {colonnes: [Compte, Nom, Solde, Le], chercher: 5}
"""
TEXTE = 'Compte;Nom;Solde;Le\nL1;"EXEMPLE; Zoé";1 234,50;01/02/2026\nL2;MODÈLE;-4,5;02/02/2026\nTOTAL;;1 230,00;\n'


def delimited() -> Profil:
    return profile(MODELE % DELIMITE)


def _rows(found: object) -> list[tuple[str, str, str, str]]:
    return [(r["id"], r["intitule"], r["solde"], r["solde_le"]) for r in found.table("comptes")]  # type: ignore[attr-defined]


ATTENDU = [("L1", "EXEMPLE; Zoé", "1234.50", "2026-02-01"), ("L2", "MODÈLE", "-4.50", "2026-02-02")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(
    "change", [("", ""), ("\n", "\r\n"), ("\n", "\r\r\n"), ("Compte;", "Liste du jour\n\nCOMPTE;")]
)
def test_delimited(tmp_path: Path, encoding: str, change: tuple[str, str]) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes((TEXTE.replace(*change) if change[0] else TEXTE).encode(encoding))
    assert _rows(run([delimited()], [path], tmp_path)) == ATTENDU


def test_columns_may_move_but_not_change(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Solde;Le;Compte;Nom\n3,00;01/02/2026;L1;X\nx\n".replace("x\n", ""), encoding="utf-8")
    assert "la somme est 3.00" in refusal([delimited()], [path], tmp_path)
    path.write_text("Compte;Libellé;Solde;Le;Téléphone\nL1;X;3;01/02/2026;\n", encoding="utf-8")
    said = refusal([delimited()], [path], tmp_path)
    assert (
        "Colonnes disparues : « Nom »." in said and "Colonnes nouvelles : « Libellé », « Téléphone »." in said
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (b"\xff\xfeC\x00", "UTF-16"),
        (b"Compte;Nom;Solde;Le\nL1;\x81;1,00;\n", "aucun des encodages"),
        (b"Compte;Nom;Solde;Le\nL1;A\x00B;1,00;\n", "octet nul"),
        (b'Compte;Nom;Solde;Le\nL1;"A;1,00;\n', "guillemet"),
        (b"Compte;Nom;Solde;Le\nL1;A;B;1,00;\n", "pas autant de champs"),
        (b"Compte;Nom;Solde;Le\nL1;A\n", "pas autant de champs"),
        (b"Compte;Nom;Solde;Le\nL1;" + b"A" * 200_000 + b";1,00;\n", "131"),
        (b"Compte;Nom;Solde;Le\nL1;" + b"A" * 2_000_000 + b";1,00;\n", "million"),
        (b"Compte;Nom;Solde;Le\nL1;A;1,005;\nTOTAL;;1,00;\n", "nombre illisible"),
        (b"Compte;Nom;Solde;Le\nL1;A;1.00;\nTOTAL;;1,00;\n", "nombre illisible"),
        (b"Compte;Nom;Solde;Le\nL1;A;1,00;2026-02-01\nTOTAL;;1,00;\n", "date illisible"),
        (b"Compte;Nom;Solde;Le\nL1;A;1,00;\nTOTAL;;2,00;\n", "total"),
        (b"Compte;Compte;Solde;Nom;Le\n", "figure deux fois"),
        (b"Compte;Nom;Solde;Le\nL1;A;1,00;\nL1;A;1,00;\nTOTAL;;2,00;\n", "identifiant"),
    ],
)
def test_delimited_refusals(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    assert sentence in refusal([delimited()], [path], tmp_path)


FIXE = """
    type: fixe
    encodages: [cp1252]
    longueur_ligne: 40
    ligne_de_titres: true
    dates: ["%d%m%Y"]
    champs_fixes:
      - {nom: Compte, debut: 1, longueur: 8}
      - {nom: Nom, debut: 9, longueur: 14}
      - {nom: Solde, debut: 23, longueur: 10}
      - {nom: Le, debut: 33, longueur: 8}
"""


def _fixed(*rows: tuple[str, str, str, str]) -> bytes:
    return "\r\n".join(f"{a:8}{b:14}{c:>10}{d:8}" for a, b, c, d in rows).encode("cp1252")


def test_fixed_width(tmp_path: Path) -> None:
    path = tmp_path / "liste.txt"
    path.write_bytes(_fixed(("Compte", "Nom", "Solde", "Le"), ("L1", "ZOÉ", "12,50", "01022026")))
    profil = profile((MODELE % FIXE).split("controles:")[0])
    assert _rows(run([profil], [path], tmp_path)) == [("L1", "ZOÉ", "12.50", "2026-02-01")]
    path.write_bytes(_fixed(("Compte", "Titre", "Solde", "Le")))
    assert "« Nom »" in refusal([profil], [path], tmp_path)
    path.write_bytes(_fixed(("Compte", "Nom", "Solde", "Le")) + b" en plus")
    assert "48 caractères" in refusal([profil], [path], tmp_path)


XLSX = DELIMITE.replace("delimite", "xlsx").replace("    encodages: [utf-8-sig, cp1252]\n", "")


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Balance au 28/02/2026"], [], ["Compte", "Nom", "Solde", "Le"],
        ["L1", "EXEMPLE; Zoé", 1234.5, dt.date(2026, 2, 1)], ["L2", "MODÈLE", 0.1 + 0.2 - 4.8, dt.date(2026, 2, 2)],
        ["TOTAL", None, Decimal("1230.00")],
    ):  # fmt: skip
        sheet.append(row)
    book.save(path)
    return path


def test_workbook_with_titles_and_totals(tmp_path: Path) -> None:
    assert _rows(run([profile(MODELE % XLSX)], [_workbook(tmp_path / "liste.xlsx")], tmp_path)) == ATTENDU


def _rezip(path: Path, name: str, content: bytes) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    path.write_bytes(out.getvalue())
    return path


FEUILLE = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" " * 60_000_000, "taux de compression"),
        (b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet>&a;</worksheet>', "entité"),
        (b"<worksheet><sheetData><row", "abîmé"),
    ],
)
def test_hostile_workbooks(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = _rezip(_workbook(tmp_path / "liste.xlsx"), FEUILLE, content)
    assert sentence in refusal([profile(MODELE % XLSX)], [path], tmp_path)


@pytest.mark.parametrize("content", [b"bonjour", b"", b"PK\x03\x04abime"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "liste.xlsx"
    path.write_bytes(content)
    assert "zip_" in refusal([profile(MODELE % XLSX)], [path], tmp_path)


def test_an_unknown_sheet_names_those_there_are(tmp_path: Path) -> None:
    profil = profile(MODELE % (XLSX + "    feuille: Balance\n"))
    assert "feuilles du classeur : Sheet" in refusal([profil], [_workbook(tmp_path / "liste.xlsx")], tmp_path)
