"""An attacker drops a file where an agence's calibrated export is expected: each ends in a sentence, never half written.

Through the whole of an import, as the night does it: recognised, converted, checked, put on line or refused.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palier.echanges.connecteurs.models import ProfilCalibre
from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import
from palier.patrimoine.models import Bail, CompteClient
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import Parcours, given, gpi, spilasuite
from tests.echanges.connecteurs.test_assistant import load

CSV = given("spilasuite-locataires.csv")
XLSX = given("gpi-soldes.xlsx")
LIGNES = CSV.split(b"\r\n")
ENDED = {EtatImport.REFUSE, EtatImport.PARTIEL, EtatImport.APPLIQUE, EtatImport.A_CONFIRMER}


def cell(column: int, value: bytes, line: int = 1) -> bytes:
    """The export with one cell changed."""
    cells = LIGNES[line].split(b";")
    cells[column] = value
    return b"\r\n".join([*LIGNES[:line], b";".join(cells), *LIGNES[line + 1 :]])


ENTREE, LOYER, SOLDE = 9, 10, 12
#: name → (the file, whether it is refused whole, what is said)
TEXTES: dict[str, tuple[bytes, bool, str]] = {
    "lone CR": (CSV.replace(b"\r\n", b"\r"), False, ""),
    "NUL": (cell(2, b"Gar\x00nier"), True, "octet nul"),
    "UTF-16 with BOM": ("﻿".encode("utf-16-le") + CSV.decode("cp1252").encode("utf-16-le"), True, "UTF-16"),
    "mixed encodings": (cell(2, "Élodie".encode()), False, ""),
    "byte of no encoding": (cell(2, b"\x81\x8d"), True, "aucun des encodages"),
    "1e308": (cell(LOYER, b"1e308"), False, "nombre illisible"),
    "infinity": (cell(LOYER, b"inf"), False, "nombre illisible"),
    "forty digits": (cell(LOYER, b"9" * 40 + b",00"), False, "nombre illisible"),
    "infinite balance": (cell(SOLDE, b"inf"), False, "nombre illisible"),
    "31/02": (cell(ENTREE, b"31/02/2024"), True, "date illisible"),
    "00/00/0000": (cell(ENTREE, b"00/00/0000"), True, "date illisible"),
    "year 9999999": (cell(ENTREE, b"01/01/9999999"), True, "date illisible"),
    "a line twice": (CSV + LIGNES[1] + b"\r\n", False, ""),
    "10 000 columns": (b";".join(b"c%d" % i for i in range(10_000)) + b"\r\n" + LIGNES[1], True, ""),
    "10 000 cells in a line": (cell(14, b";" * 10_000), True, "champs"),
    "unclosed quote": (cell(2, b'"Garnier'), True, "guillemet"),
    "formula": (cell(2, b"=cmd|'/C calc'!A0"), False, ""),
    "header alone": (LIGNES[0] + b"\r\n", True, ""),
    "nothing": (b"\r\n" * 50, True, ""),
}


def state(cast: Cast) -> tuple[int, int]:
    """How many rows are on line."""
    actor = cast.system()
    return (
        CompteClient.objects.visible_to(actor).filter(archive_le__isnull=True).count(),
        Bail.objects.visible_to(actor).filter(archive_le__isnull=True).count(),
    )


def said(cast: Cast, done: Import) -> str:
    """All that the report says: the message, and each fault with its place."""
    actor = cast.system()
    rows = Anomalie.objects.visible_to(actor).filter(import_id=done.id).order_by("rang")
    return "\n".join(
        [done.message, *(f"{a.fichier}, {a.ligne}, {a.colonne} : {a.message} {a.conseil}" for a in rows)]
    )


def judge(
    cast: Cast, one: Parcours, folder: Path, nom: str, content: bytes, refused: bool, sentence: str
) -> None:
    before = state(cast)
    done = load(cast, nom, content, folder)
    words = said(cast, done)
    assert done.etat in ENDED
    assert "Traceback" not in words and "Error" not in words and "duckdb" not in words.lower(), words
    assert sentence in words, words
    if refused:
        assert done.etat == EtatImport.REFUSE, words
        assert done.message.strip()
        assert state(cast) == before
    assert one.client.get(one.url("import", import_id=done.id)).status_code == 200
    assert one.client.get(one.url("rapport_csv", import_id=done.id)).status_code == 200


@pytest.mark.parametrize("case", TEXTES)
def test_a_bent_list_ends_in_a_sentence(cast: Cast, tmp_path: Path, case: str) -> None:
    content, refused, sentence = TEXTES[case]
    one = spilasuite(cast.client("gaston"))
    one.save()
    judge(cast, one, tmp_path, "locataires_20261124.csv", content, refused, sentence)
    # The same file in the hands of the assistant: a sentence there too.
    two = Parcours(cast.client("gaston"), "sdgi", "Autre")
    assert two.send("x.csv", content).status_code in {302, 422}


def rezip(change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """GPI's workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def same(_name: str, content: bytes) -> bytes:
    return content


TEXTES_COMMUNS = "xl/sharedStrings.xml"
SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
BOMBE = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (99 + i, b"&%c;" % (98 + i) * 10) for i in range(8))
    + b"]>"
)


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, content: (
        content.replace(old, new, 1) if name.startswith("xl/worksheets/") else content
    )


LIEN = (
    b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<externalBook r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    b"</externalLink>"
)
RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    b'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
)


def far(row: int, cell: str) -> Callable[[str, bytes], bytes]:
    """A line added at the end of the sheet, under any number."""
    return in_sheet(b"</sheetData>", f'<row r="{row}">{cell}</row></sheetData>'.encode())


CLASSEURS: dict[str, tuple[bytes, bool, str]] = {
    "external links": (
        rezip(
            same,
            {"xl/externalLinks/externalLink1.xml": LIEN, "xl/externalLinks/_rels/externalLink1.xml.rels": RELS},
        ),
        False,
        "",
    ),
    "huge dimension": (rezip(in_sheet(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')), False, ""),
    "row far away": (rezip(far(1048576, '<c r="XFD1048576"><v>1</v></c>')), True, ""),
    "row beyond the last": (rezip(far(10**12, '<c r="A999999999999"><v>1</v></c>')), True, ""),
    "shared strings bomb": (rezip(same, {TEXTES_COMMUNS: BOMBE + SST % b"&i;"}), True, "entité"),
    "shared strings that swell": (rezip(same, {TEXTES_COMMUNS: SST % (b"a" * 70_000_000)}), True, ""),
    "shared string out of the table": (rezip(far(900, '<c r="A900" t="s"><v>99999999</v></c>')), True, ""),
    "formula": (rezip(far(900, '<c r="A900"><f>CMD()</f></c>')), False, ""),
    "no workbook inside": (rezip(lambda n, c: b"" if n == "xl/workbook.xml" else c), True, ""),
    "cut": (XLSX[:-200], True, "zip"),
}  # fmt: skip


@pytest.mark.parametrize("case", CLASSEURS)
def test_a_bent_workbook_ends_in_a_sentence(cast: Cast, tmp_path: Path, case: str) -> None:
    content, refused, sentence = CLASSEURS[case]
    one = gpi(cast.client("gaston"))
    one.save()
    judge(cast, one, tmp_path, "soldes.xlsx", content, refused, sentence)
    two = Parcours(cast.client("gaston"), "sdgi", "Autre")
    answer: Any = two.send("x.xlsx", content)
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        assert two.client.get(f"{two.home}/fichier/1/lecture").status_code in {200, 302}


def a_zip(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def lying() -> bytes:
    """A zip64 field that announces four exabytes for a member."""
    import struct

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("locataires.csv")
        with archive.open(info, "w", force_zip64=True) as member:
            member.write(CSV)
    raw = out.getvalue()
    at = raw.find(struct.pack("<HHQQ", 1, 16, len(CSV), len(CSV)))
    return raw[:at] + struct.pack("<HHQQ", 1, 16, 1 << 62, 1 << 62) + raw[at + 20 :] if at > 0 else raw


def central_lies() -> bytes:
    """The directory says that the member is 1 byte; it is the whole export."""
    import struct

    raw = bytearray(a_zip([("locataires.csv", CSV)]))
    at = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<L", raw, at + 24, 1)
    return bytes(raw)


ZIPS: dict[str, tuple[bytes, str]] = {
    "duplicate names": (
        a_zip([("a.csv", CSV), ("b.csv", CSV)]).replace(b"b.csv", b"a.csv"),
        "portent le même nom",
    ),
    "names by case": (a_zip([("a.csv", CSV), ("A.CSV", CSV)]), "portent le même nom"),
    "names by normalisation": (a_zip([("é.csv", CSV), ("e\u0301.csv", CSV)]), "portent le même nom"),
    "windows path": (a_zip([("C:\\temp\\a.csv", CSV)]), "chemin"),
    "backslashes": (a_zip([("..\\..\\a.csv", CSV)]), "chemin"),
    "absolute": (a_zip([("/etc/a.csv", CSV)]), "chemin"),
    "UNC": (a_zip([("\\\\serveur\\part\\a.csv", CSV)]), "chemin"),
    "lying zip64": (lying(), ""),
    "lying directory": (central_lies(), ""),
    "comment with a second end": (a_zip([("a.csv", CSV)])[:-2] + b"\x16\x00PK\x05\x06" + b"\x00" * 18, ""),
}


@pytest.mark.parametrize("case", ZIPS)
def test_a_bent_zip_ends_in_a_sentence(cast: Cast, tmp_path: Path, case: str) -> None:
    content, sentence = ZIPS[case]
    one = spilasuite(cast.client("gaston"))
    one.save()
    refused = case not in {"lying zip64"}
    judge(cast, one, tmp_path, "locataires.zip", content, refused, sentence)
    assert one.client.post(one.url("connecteur", connecteur="gpi"), {"nom": "Autre"}).status_code == 302
    two = Parcours(cast.client("gaston"), "sdgi", "Encore")
    assert two.send("x.zip", content).status_code in {302, 422}
    assert ProfilCalibre.objects.visible_to(cast.system()).count() == 1
