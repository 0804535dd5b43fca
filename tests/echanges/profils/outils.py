"""Runs conversions in tests and reads back, without the engine, what they wrote."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from palier.echanges.profils import Demande, Profil, ProfilRefuse, Resultat, convert, shipped_profiles
from palier.echanges.profils.modele import build_profile, parse_yaml

RACINE = Path(__file__).resolve().parents[3]
DONNEES = RACINE / "tests" / "donnees" / "profils"
#: Third parties' samples, in the folder that PALIER_ECHANTILLONS names: never copied into the project.
ECHANTILLONS = Path(os.environ.get("PALIER_ECHANTILLONS", "/nonexistent"))

FEC_TITRES = [
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
]  # fmt: skip


@dataclass(frozen=True)
class Essai:
    """The result of a conversion and the tables of its zip."""

    resultat: Resultat
    manifeste: dict[str, Any]
    tables: Mapping[str, list[dict[str, str]]]
    vers: Path

    def table(self, nom: str) -> list[dict[str, str]]:
        return self.tables.get(nom, [])

    def total(self, colonne: str, table: str = "mouvements") -> Decimal:
        return sum((Decimal(r[colonne] or "0") for r in self.table(table)), Decimal(0))

    def codes(self) -> set[str]:
        return {c.code for c in self.resultat.constats}


def profile(text: str) -> Profil:
    """A profile written in a test."""
    return build_profile(parse_yaml(text, "essai.yaml"), "essai.yaml")


def run(profils: Sequence[str | Profil], sources: Sequence[Path], folder: Path, **parametres: str) -> Essai:
    """Convert into `folder` and read the zip back."""
    shipped = shipped_profiles()
    vers = folder / "dossier.zip"
    resultat = convert(
        Demande(
            [shipped[p] if isinstance(p, str) else p for p in profils], sources, "essai", vers, parametres
        ),
        folder,
    )
    with zipfile.ZipFile(vers) as archive:
        manifeste = json.loads(archive.read("dossier.json"))
        tables = {
            f["table"]: list(csv.DictReader(io.StringIO(archive.read(f["chemin"]).decode()), delimiter=";"))
            for f in manifeste["fichiers"]
        }
    return Essai(resultat, manifeste, tables, vers)


def refusal(profils: Sequence[str | Profil], sources: Sequence[Path], folder: Path, **parametres: str) -> str:
    """The sentences of a conversion that must be refused; nothing may have been written."""
    before = sorted(folder.iterdir())
    with pytest.raises(ProfilRefuse) as caught:
        run(profils, sources, folder, **parametres)
    assert sorted(folder.iterdir()) == before
    return "\n".join(f"{c.code} {c.lieu} {c.message}" for c in caught.value.constats)


def fec_line(**values: str) -> list[str]:
    """The cells of an invented FEC line."""
    cells = {
        "JournalCode": "AP", "JournalLib": "Appels", "EcritureNum": "1", "EcritureDate": "20260115",
        "CompteNum": "450000", "CompteLib": "Copropriétaires", "CompAuxNum": "00012", "CompAuxLib": "EXEMPLE Alice",
        "PieceRef": "P1", "PieceDate": "20260115", "EcritureLib": "Appel de fonds", "Debit": "0,00", "Credit": "0,00",
        "ValidDate": "20260131",
    } | values  # fmt: skip
    return [cells.get(t, "") for t in FEC_TITRES]


def write_fec(
    path: Path,
    rows: Sequence[Sequence[str]],
    titles: Sequence[str] = FEC_TITRES,
    sep: str = "\t",
    encoding: str = "utf-8",
    end: str = "\r\n",
) -> Path:
    """Write a FEC in the shape asked for."""
    text = end.join([sep.join(titles), *(sep.join(r) for r in rows)]) + end
    path.write_bytes(text.encode(encoding))
    return path


def pdf(text: str) -> bytes:
    """A one page PDF that says `text`."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for i, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (i, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(out),
        )
    )
