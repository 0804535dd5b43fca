"""The container: `dossier.json`, one CSV per table, `documents/`. Byte-identical for the same content."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

# A fixed date for every member: the archive must not depend on when it was made.
DATE_ZIP = (2020, 1, 1, 0, 0, 0)


def member(nom: str, compress: bool) -> zipfile.ZipInfo:
    """A zip member with a fixed date and plain rights."""
    info = zipfile.ZipInfo(nom, DATE_ZIP)
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


def csv_bytes(colonnes: Sequence[str], lignes: Iterable[Sequence[str]]) -> bytes:
    """One table in the dialect `canon`: UTF-8, `;`, quote `"`, LF, header first."""
    tampon = io.StringIO()
    redacteur = csv.writer(tampon, delimiter=";", lineterminator="\n")
    redacteur.writerow(colonnes)
    redacteur.writerows(lignes)
    return tampon.getvalue().encode()


def count_lines(contenu: bytes) -> int:
    """Data lines of a CSV, header excluded; a quoted line break does not count."""
    texte = contenu.decode("utf-8-sig", errors="replace")
    return max(sum(1 for ligne in csv.reader(io.StringIO(texte), delimiter=";") if ligne) - 1, 0)


def describe(table: str, contenu: bytes, lignes: int) -> dict[str, Any]:
    """The entry of `fichiers` for one table."""
    empreinte = hashlib.sha256(contenu).hexdigest()
    return {"table": table, "chemin": f"{table}.csv", "lignes": lignes, "sha256": empreinte}


def manifest(slug: str, reference: date, fichiers: list[dict[str, Any]], sequence: int = 1) -> dict[str, Any]:
    """`dossier.json` of a snapshot stopped at `reference`."""
    return {
        "format": "dossier-portail",
        "version": "1.0",
        "agence": slug,
        "source": {"logiciel": "demo", "base": "principale"},
        "mode": "snapshot",
        "sequence": sequence,
        "precedent": None,
        "genere_le": f"{reference.isoformat()}T02:00:00+01:00",
        "arrete_au": reference.isoformat(),
        "dialecte": "canon",
        "perimetre": {"tables": [f["table"] for f in fichiers]},
        "politique": "par_unite",
        "fichiers": fichiers,
    }


def manifest_bytes(contenu: dict[str, Any]) -> bytes:
    """Readable JSON, ended by a line feed."""
    return (json.dumps(contenu, ensure_ascii=False, indent=1) + "\n").encode()


def write_zip(target: Path, membres: Iterable[tuple[str, bytes]]) -> None:
    """Write members in the given order; the target's folder is made when missing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", compresslevel=6) as archive:
        for nom, contenu in membres:
            archive.writestr(member(nom, compress=True), contenu)


def pack_dossier(folder: Path, target: Path, recompute: bool = False) -> Path:
    """Zip an unpacked dossier and return `target`.

    With `recompute`, the entries `fichiers` of the packed `dossier.json` (lines and sha256) are rebuilt from
    the CSVs; the folder itself is left as it is. Read-me files do not travel. Raises FileNotFoundError when
    `dossier.json` is missing.
    """
    declaration = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
    tables = {p.stem: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
    if recompute:
        declaration["fichiers"] = [describe(t, c, count_lines(c)) for t, c in tables.items()]
    membres = [("dossier.json", manifest_bytes(declaration))]
    membres += [(f"{table}.csv", contenu) for table, contenu in tables.items()]
    pieces = folder / "documents"
    membres += [
        (p.relative_to(folder).as_posix(), p.read_bytes()) for p in sorted(pieces.rglob("*")) if p.is_file()
    ]
    write_zip(target, membres)
    return target


def refresh_manifest(folder: Path) -> None:
    """Rewrite the entries `fichiers` of the folder's own `dossier.json` from its CSVs."""
    chemin = folder / "dossier.json"
    declaration = json.loads(chemin.read_text(encoding="utf-8"))
    tables = {p.stem: p.read_bytes() for p in sorted(folder.glob("*.csv"))}
    declaration["fichiers"] = [describe(t, c, count_lines(c)) for t, c in tables.items()]
    chemin.write_bytes(manifest_bytes(declaration))
