"""Writes the dossier: tables in the dialect `canon`, documents under their SHA-256, one zip put in place at the end."""

import datetime as dt
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from palier.echanges.generateur.paquet import manifest_bytes, member
from palier.echanges.manifeste import AGENCE
from palier.echanges.regles import quote
from palier.echanges.schemas import ORDRE, schemas

from .entrepot import Entrepot, ident
from .texte import MIO

#: Tables whose rows may hang from no copropriété and no mandate.
SANS_UNITE = frozenset({"tiers", "etablissements", "gestionnaires"})


@dataclass(frozen=True)
class Ecrite:
    """A table written in the working folder."""

    table: str
    chemin: Path
    lignes: int
    sha256: str


@dataclass(frozen=True)
class Manifestation:
    """What dossier.json says beside its tables."""

    agence: str
    logiciel: str
    base: str
    arrete_au: dt.date
    historique: str


def write_tables(entrepot: Entrepot, folder: Path) -> list[Ecrite]:
    """Write every table that has rows, in the order of the format."""
    written = []
    entrepot.con.execute("SET preserve_insertion_order = true")
    for table in ORDRE:
        if table not in entrepot.produites:
            continue
        total = int(entrepot.row(f"SELECT count(*) FROM {ident('o_' + table)}")[0])
        if not total:
            continue
        path = folder / f"{table}.csv"
        columns = ", ".join(f"nullif({ident(n)}, '') AS {ident(n)}" for n in schemas()[table].noms)
        keys = ", ".join(ident(k) for k in schemas()[table].cle)
        entrepot.con.execute(
            f"COPY (SELECT {columns} FROM {ident('o_' + table)} ORDER BY _ord, {keys}) TO {quote(str(path))} "
            "(FORMAT csv, HEADER true, DELIMITER ';', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
        )
        written.append(Ecrite(table, path, total, _digest(path)))
    return written


def write_provenance(entrepot: Entrepot, tables: Sequence[Ecrite], folder: Path) -> None:
    """For each table, one line for each row written: the file it came from, and its physical line there."""
    for written in tables:
        keys = ", ".join(ident(k) for k in schemas()[written.table].cle)
        entrepot.con.execute(
            f"COPY (SELECT _nom, _ligne FROM {ident('o_' + written.table)} ORDER BY _ord, {keys}) "
            f"TO {quote(str(folder / (written.table + '.csv')))} (FORMAT csv, HEADER false, DELIMITER ';')"
        )


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(MIO):
            found.update(block)
    return found.hexdigest()


def find_units(entrepot: Entrepot, tables: Sequence[str]) -> list[str]:
    """The units of the perimeter: the copropriétés given, and the agence when rows hang from none.

    Without a copropriété the list is empty: the whole of this source and base.
    """
    if "coproprietes" not in tables:
        return []
    units = [
        f"copropriete:{r[0]}"
        for r in entrepot.rows(f"SELECT id FROM {ident('o_coproprietes')} ORDER BY _ord")
    ]
    if "mandats" in tables:
        rows = entrepot.rows(f"SELECT id FROM {ident('o_mandats')} ORDER BY _ord")
        units += [f"mandat:{r[0]}" for r in rows]
    loose = any(t in SANS_UNITE for t in tables)
    if "comptes" in tables:
        loose |= bool(
            entrepot.row(f"SELECT count(*) FROM {ident('o_comptes')} WHERE copropriete_id IS NULL")[0]
        )
    return [*units, AGENCE] if loose else units


def build_manifest(entrepot: Entrepot, tables: Sequence[Ecrite], said: Manifestation) -> dict[str, Any]:
    """`dossier.json` of a snapshot."""
    names = [t.table for t in tables]
    return {
        "format": "dossier-portail",
        "version": "1.0",
        "agence": said.agence,
        "source": {"logiciel": said.logiciel, "base": said.base},
        "mode": "snapshot",
        "genere_le": timezone.localtime().isoformat(timespec="seconds"),
        "arrete_au": said.arrete_au.isoformat(),
        "dialecte": "canon",
        "historique": said.historique,
        "perimetre": {"tables": names, "unites": find_units(entrepot, names)},
        "politique": "par_unite",
        "fichiers": [
            {"table": t.table, "chemin": f"{t.table}.csv", "lignes": t.lignes, "sha256": t.sha256}
            for t in tables
        ],
    }


def _documents(entrepot: Entrepot) -> Iterator[tuple[str, Path]]:
    """The files named by the documents, each once."""
    if "documents" not in entrepot.produites:
        return
    for lue in entrepot.lues.values():
        if lue.source.type != "dossier_pdf":
            continue
        rows = entrepot.rows(
            f"SELECT {lue.colonnes['fichier']} AS f, min(_fichier) FROM {lue.table} "
            f"WHERE f IN (SELECT fichier FROM {ident('o_documents')}) GROUP BY f ORDER BY f"
        )
        for name, rank in rows:
            yield str(name), lue.pieces[int(rank)].chemin


def write_dossier(
    entrepot: Entrepot, tables: Sequence[Ecrite], manifest: dict[str, Any], target: Path
) -> None:
    """Write the zip beside its place, then move it there: a cut leaves nothing that looks like a dossier."""
    handle, temporary = tempfile.mkstemp(prefix=".dossier-", suffix=".partiel", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w", compresslevel=6) as archive:
            archive.writestr(member("dossier.json", compress=True), manifest_bytes(manifest))
            for table in tables:
                _copy(archive, f"{table.table}.csv", table.chemin, compress=True)
            seen: set[str] = set()
            for name, path in _documents(entrepot):
                if name not in seen:
                    seen.add(name)
                    _copy(archive, name, path, compress=False)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _copy(archive: zipfile.ZipFile, name: str, path: Path, compress: bool) -> None:
    info = member(name, compress)
    info.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(info, "w") as out:
        while block := source.read(MIO):
            out.write(block)
