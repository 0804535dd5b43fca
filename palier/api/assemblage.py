"""Makes a dossier of what was sent: the zip or the export as it came, or the parts put end to end under their manifest."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from palier.api.corps import NDJSON, parse_line, scalar
from palier.api.enums import GenreEnvoi
from palier.api.models import EnvoiApi, Morceau
from palier.core.vault import CHUNK, AgenceKey
from palier.core.vault_flux import open_stored
from palier.echanges.conteneur import MANIFESTE
from palier.echanges.schemas import schemas

BOM = b"\xef\xbb\xbf"


def assemble(key: AgenceKey, envoi: EnvoiApi, parts: list[Morceau], target: Path) -> None:
    """Write the dossier, or the export, in clear at ``target``, which the caller erases. Raises DamagedFile."""
    if envoi.genre != GenreEnvoi.TABLES:
        with open_stored(key, envoi.depot, envoi.octets) as source, target.open("wb") as out:
            while block := source.read(CHUNK):
                out.write(block)
        return
    described: list[dict[str, Any]] = []
    # Stored, not deflated: it is read again at once, on this machine.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for table, group in groupby(parts, key=lambda part: part.table_nom):
            with archive.open(f"{table}.csv", "w", force_zip64=True) as out:
                described.append(_table(key, table, list(group), out))
        manifest = {**envoi.manifeste, "fichiers": described}
        archive.writestr(MANIFESTE, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _table(key: AgenceKey, table: str, parts: list[Morceau], out: IO[bytes]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for part in parts:
        with open_stored(key, part.depot, part.octets) as source:
            bare = part.rang != parts[0].rang
            blocks = _from_ndjson(table, source, bare) if part.format == NDJSON else _from_csv(source, bare)
            for block in blocks:
                digest.update(block)
                out.write(block)
    return {
        "table": table,
        "chemin": f"{table}.csv",
        "lignes": sum(part.lignes for part in parts),
        "sha256": digest.hexdigest(),
    }


def _from_csv(source: IO[bytes], bare: bool) -> Iterator[bytes]:
    """The bytes of a part, without its header when it is not the first, ended by a line feed."""
    header = source.readline().removeprefix(BOM)
    last = b"" if bare else header
    if last:
        yield last
    while block := source.read(CHUNK):
        last = block
        yield block
    if last and not last.endswith(b"\n"):
        yield b"\n"


def _from_ndjson(table: str, source: IO[bytes], bare: bool) -> Iterator[bytes]:
    """The lines of a part as the canon dialect writes them."""
    names = schemas()[table].noms
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    if not bare:
        writer.writerow(names)
    for line in source:
        if not line.strip():
            continue
        found = parse_line(line)
        writer.writerow([scalar(found.get(name)) for name in names])
        if text.tell() > CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
