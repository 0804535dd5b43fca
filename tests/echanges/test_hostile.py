"""Hostile dossiers, one by one: each is told in a French sentence, nothing is raised, nothing of it goes on line.

The zip itself is ``test_conteneur``'s, the shared e-mail ``test_relations``', two sources of one unit
``test_correspondances``', two imports at once ``test_surveillance``'s, workbooks, FEC and XML ``profils/``'s.
"""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palier.echanges.anomalies import DossierRefuse
from palier.echanges.codes import Gravite
from palier.echanges.manifeste import parse_manifest
from tests.echanges.fabrique import PDF, csv_bytes, document, make_dossier, manifest, sound_tables, zip_bytes
from tests.echanges.test_conteneur import check
from tests.echanges.test_tables import HEADER

Tables = dict[str, Any]


def sentences(path: Path) -> tuple[bool, set[str], str]:
    """Whether a dossier is refused, the codes of its faults, and all that is said of them."""
    with check(path) as controle:
        found = list(controle.anomalies)
        assert all(a.message and a.conseil and "{" not in a.message + a.conseil for a in found)
        return controle.refuse, {a.code for a in found}, " ".join(f"{a.message} {a.conseil}" for a in found)


# --- dossier.json --------------------------------------------------------------------------------------------------


def described(**changes: Any) -> dict[str, Any]:
    """The manifest of a sound dossier, changed."""
    found: dict[str, Any] = manifest({t: csv_bytes(t, rows) for t, rows in sound_tables().items()}, **changes)
    return found


def refused(raw: bytes) -> str:
    with pytest.raises(DossierRefuse) as caught:
        parse_manifest(raw)
    return " ".join(f"{a.message} {a.conseil}" for a in caught.value.anomalies)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"[" * 900_000,
        b'{"sequence": ' + b"9" * 5_000 + b"}",
        b'{"a": "\\ud800", "a": 1}',
        b'"\\ud800"',
        b"NaN",
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        b'{"format": "\xff"}',
    ],
)
def test_bent_manifest_is_refused_in_french(raw: bytes) -> None:
    said = refused(raw)
    assert "dossier.json" in said
    assert "digits" not in said


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"sequence": float("nan")}, "sequence"),
        ({"sequence": 1e400}, "sequence"),
        ({"sequence": 2**63}, "sequence"),
        ({"sequence": "1"}, "sequence"),
        ({"arrete_au": "2026-W47-1"}, "arrete_au"),
        ({"arrete_au": "31/02/2026"}, "arrete_au"),
        ({"arrete_au": "2026-02-31"}, "arrete_au"),
        ({"agence": "essai\u202e"}, "agence"),
        ({"agence": "\ud800"}, "agence"),
        ({"source": {"logiciel": "x\x00", "base": "y"}}, "logiciel"),
        ({"source": {"logiciel": "x\u2066", "base": "y"}}, "logiciel"),
        ({"perimetre": {"unites": ["copropriete:\ud800"]}}, "perimetre.unites"),
        ({"perimetre": {"unites": ["copropriete:a\nb"]}}, "perimetre.unites"),
        ({"perimetre": {"unites": ["copropriete:a\x00"]}}, "perimetre.unites"),
        ({"perimetre": {"unites": ["copropriete:a\u202eb"]}}, "perimetre.unites"),
    ],
)
def test_bent_field_of_the_manifest_is_named(changes: dict[str, Any], word: str) -> None:
    assert f"« {word} »" in refused(json.dumps(described(**changes)).encode())


def test_manifest_of_a_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    """Incompressible: the ratio says nothing, the size does, and reading stops there."""
    files = {f"{t}.csv": csv_bytes(t, rows) for t, rows in sound_tables().items()}
    block = bytes(range(33, 127)).replace(b'"', b"").replace(b"\\", b"")
    raw = json.dumps(described()).encode()[:-1] + b', "x": "' + block * (100_000_000 // len(block)) + b'"}'
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {"dossier.json": raw, **files}.items():
            archive.writestr(name, content)
    refuse, codes, said = sentences(path)
    assert (refuse, codes) == (True, {"zip_trop_gros"})
    assert "dossier.json" in said


# --- the zip, beyond test_conteneur ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "documents/..",
        "documents/a\u202efdp.exe",
        "documents/ .pdf",
        "~/x.pdf\x7f",
        "D:x.pdf",
        "\\\\serveur\\x.pdf",
    ],
)
def test_bent_member_names_are_refused(tmp_path: Path, name: str) -> None:
    path = make_dossier(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = info.orig_filename = name
        archive.writestr(info, b"x")
    refuse, codes, said = sentences(path)
    assert (refuse, codes) == (True, {"zip_chemin"})
    assert "\u202e" not in said


def test_composed_and_decomposed_names_are_one(tmp_path: Path) -> None:
    members = {"documents/été.pdf": PDF, "documents/e\u0301te\u0301.pdf": PDF}
    path = make_dossier(tmp_path / "a.zip", documents={"documents/d1.pdf": PDF, **members})
    assert sentences(path)[:2] == (True, {"zip_doublon"})


def test_a_directory_that_announces_millions_is_not_built(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", raw, at + 8, 0xFFFE, 0xFFFE)
    path.write_bytes(raw)
    refuse, codes, _said = sentences(path)
    assert (refuse, codes) <= (True, {"zip_tronque"})


# --- the tables ------------------------------------------------------------------------------------------------------


def test_ten_million_columns_are_refused(tmp_path: Path) -> None:
    """Letters that hardly compress, so that the line's length alone decides."""
    names = b";".join(b"%x" % (n * 2654435761 % 2**32) for n in range(1_000_000))
    refuse, codes, said = sentences(make_dossier(tmp_path / "a.zip", {"tiers": names + b"\n"}, documents={}))
    assert (refuse, codes) == (True, {"ligne_trop_longue"})
    assert "65" in said
    wide = HEADER.strip() + b";c" * 9_000 + b"\n"
    assert sentences(make_dossier(tmp_path / "b.zip", {"tiers": wide}, documents={}))[1] >= {
        "colonnes_trop_nombreuses"
    }
    many = HEADER + b";" * 60_000 + b"\n"
    assert "ligne_colonnes" in sentences(make_dossier(tmp_path / "c.zip", {"tiers": many}, documents={}))[1]


@pytest.mark.parametrize(
    "value",
    ["1e400", "1e3", "NaN", "nan", "Infinity", "-inf", "12345678901234567890", "1" + "0" * 300, "0x10", "١٢", "1_000", "--1",
     "1.005", "+1.00", " 1.00 1", "1,00", "½", "=1+1"],
)  # fmt: skip
def test_amounts_that_are_none_are_refused(tmp_path: Path, value: str) -> None:
    tables: Tables = sound_tables()
    tables["mouvements"][0]["debit"] = value
    refuse, codes, said = sentences(make_dossier(tmp_path / "a.zip", tables))
    assert not refuse
    assert "type_invalide" in codes
    assert "un nombre à 2 décimales" in said


@pytest.mark.parametrize(
    "value", ["2026-02-31", "2026-13-01", "0000-00-00", "infinity", "-infinity", "epoch", "now", "2026-1-5", "9999-12-31",
              "1699-12-31", "2026-02-28 BC", "20260228", "+12026-01-01"],
)  # fmt: skip
def test_days_that_are_none_are_refused(tmp_path: Path, value: str) -> None:
    tables: Tables = sound_tables()
    tables["mouvements"][0]["le"] = value
    assert "type_invalide" in sentences(make_dossier(tmp_path / "a.zip", tables))[1]


@pytest.mark.parametrize(
    "value", ["31/02/2026", "32/01/2026", "2026-02-28", "1/2/2026", "29/02/2025", "00/00/0000"]
)
def test_french_days_that_are_none_are_refused(tmp_path: Path, value: str) -> None:
    raw = csv_bytes(
        "mouvements", [{**sound_tables()["mouvements"][0], "le": value, "debit": "1,00", "credit": "0,00"}]
    )
    path = make_dossier(tmp_path / "a.zip", {"mouvements": raw}, documents={}, dialecte="excel-fr")
    assert "type_invalide" in sentences(path)[1]


@pytest.mark.parametrize("value", ["9" * 15, "9" * 16, "9" * 400, "-1", "1.5", "1e9"])
def test_huge_integers_are_refused_or_bounded(tmp_path: Path, value: str) -> None:
    tables: Tables = sound_tables()
    tables["documents"][0]["octets"] = value
    found = sentences(make_dossier(tmp_path / "a.zip", tables))[1]
    assert found & {"type_invalide", "valeur_hors_bornes", "fichier_taille"}


@pytest.mark.parametrize(
    "raw", [b"\xed\xa0\x80", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xf4\x90\x80\x80"]
)
def test_what_is_no_utf8_is_refused_with_its_place(tmp_path: Path, raw: bytes) -> None:
    """A lone surrogate, a NUL in two bytes, codes past the last."""
    path = make_dossier(tmp_path / "a.zip", {"tiers": HEADER + b"1;PP;A" + raw + b";;\n"}, documents={})
    refuse, codes, said = sentences(path)
    assert (refuse, codes) == (True, {"encodage"})
    assert "0x" in said


CACHES = [
    "MAR\u202eTIN",
    "MAR\u2066TIN",
    "MAR\x07TIN",
    "MAR\x1b[31mTIN",
    "MAR\x85TIN",
    "MAR\u200fTIN",
    "MAR\ufeffTIN",
    "MAR\u2028TIN",
]


@pytest.mark.parametrize("name", CACHES)
def test_hidden_characters_are_taken_out_and_said(tmp_path: Path, name: str) -> None:
    tables: Tables = sound_tables()
    tables["tiers"][0]["nom"] = name
    path = make_dossier(tmp_path / "a.zip", tables)
    refuse, codes, said = sentences(path)
    assert (refuse, codes) == (False, {"caracteres_caches"})
    assert "invisibles" in said
    with check(path) as controle:
        (found,) = controle.con.execute("SELECT nom FROM t_tiers WHERE id = 'T1'").fetchall()[0]
        assert found.isprintable()
        assert controle.anomalies is not None
        assert [a.gravite for a in controle.anomalies] == [Gravite.ALERTE]


def test_hidden_characters_in_a_reference_break_nothing(tmp_path: Path) -> None:
    tables: Tables = sound_tables()
    tables["comptes_tiers"][0]["tiers_id"] = "T\u200e1"
    assert sentences(make_dossier(tmp_path / "a.zip", tables))[1] == {"caracteres_caches"}


def test_line_breaks_accents_and_foreign_scripts_are_left_alone(tmp_path: Path) -> None:
    tables: Tables = sound_tables()
    tables["tiers"][0]["nom"] = "Œuvré-Ñandú 李 Σ مها"
    tables["tiers"][1]["nom"] = '"LIGNE\nDEUX\tTAB"'
    raw = {**tables, "tiers": csv_bytes("tiers", tables["tiers"])}
    path = make_dossier(tmp_path / "a.zip", raw, fichiers=_one_line_less(raw))
    assert sentences(path) == (False, set(), "")


def _one_line_less(tables: Tables) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = described()["fichiers"]
    import hashlib

    for entry in files:
        if entry["table"] == "tiers":
            entry["sha256"] = hashlib.sha256(tables["tiers"]).hexdigest()
    return files


# --- the documents ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "valeur_hors_bornes"),
        (b"MZ\x90\x00", "fichier_pas_pdf"),
        (b"<html><script>alert(1)</script>", "fichier_pas_pdf"),
        (b"GIF89a%PDF-1.4\n", "fichier_pas_pdf"),
        (b"PK\x03\x04%PDF-1.4", "fichier_pas_pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "fichier_pas_pdf"),
        (b"%PDF", "fichier_pas_pdf"),
    ],
)
def test_a_pdf_that_is_none_is_left_out(tmp_path: Path, content: bytes, code: str) -> None:
    tables: Tables = {**sound_tables(), "documents": [document(content=content)]}
    path = make_dossier(tmp_path / "a.zip", tables, documents={"documents/d1.pdf": content})
    refuse, codes, _said = sentences(path)
    assert (refuse, codes) == (False, {code})


def test_two_cells_that_name_one_file_under_two_spellings(tmp_path: Path) -> None:
    tables: Tables = {
        **sound_tables(),
        "documents": [
            document(),
            {**document("documents/./d1.pdf"), "id": "D2"},
            {**document("../d1.pdf"), "id": "D3"},
            {**document("DOCUMENTS/D1.PDF"), "id": "D4"},
        ],
    }
    with check(make_dossier(tmp_path / "a.zip", tables)) as controle:
        assert {(a.code, a.ligne) for a in controle.anomalies} == {
            ("fichier_absent", 3),
            ("fichier_absent", 4),
            ("fichier_absent", 5),
        }


Lie = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (lambda f: f.update(lignes=0), "lignes_differentes"),
        (lambda f: f.update(lignes=2**62), "lignes_differentes"),
        (lambda f: f.update(sha256="f" * 64), "empreinte_differente"),
        (lambda f: f.update(chemin="comptes.csv"), "manifeste_invalide"),
        (lambda f: f.update(chemin="documents/d1.csv"), "membre_inattendu"),
        (lambda f: f.update(lignes=-1), "manifeste_invalide"),
        (lambda f: f.update(lignes=True), "manifeste_invalide"),
        (lambda f: f.update(sha256="é" * 64), "manifeste_invalide"),
    ],
)
def test_a_manifest_that_lies_is_refused(tmp_path: Path, lie: Lie, code: str) -> None:
    data = described()
    lie(data["fichiers"][0])
    files = {f"{t}.csv": csv_bytes(t, rows) for t, rows in sound_tables().items()}
    path = tmp_path / "a.zip"
    path.write_bytes(zip_bytes({"dossier.json": json.dumps(data).encode(), **files}))
    assert code in sentences(path)[1]
