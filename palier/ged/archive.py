"""Several documents in one zip: a finished temporary file, which a streamed answer may outlive the transaction with."""

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from palier.core.vault import AgenceKey, DamagedFile, StoredFile
from palier.ged.enums import Groupe
from palier.ged.queries import EXTENSIONS, DocumentOuvert
from palier.ged.rules.groupes import groupe_de

MAX_DOCUMENTS = 1000
MAX_OCTETS = 500 * 1000 * 1000

_INTERDITS = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")


@dataclass(slots=True)
class Archive:
    """A zip ready to be sent: what it holds, and what was damaged and left out."""

    fichier: IO[bytes]
    documents: list[DocumentOuvert]
    abimes: list[DocumentOuvert]


def nom_sur(texte: str, longueur: int = 90) -> str:
    """Return ``texte`` as a file name that every system accepts."""
    return " ".join(_INTERDITS.sub(" ", texte).split()).strip(" .")[:longueur].strip(" .") or "document"


def noms(documents: Sequence[DocumentOuvert]) -> list[str]:
    """Return the name of each document in the zip: its group, its date, its title; a number when two are alike."""
    seen: dict[str, int] = {}
    found = []
    for document in documents:
        folder = nom_sur(str(Groupe(groupe_de(document.categorie)).label))
        base = f"{folder}/{document.le.isoformat()} {nom_sur(document.titre)}"
        seen[base.lower()] = seen.get(base.lower(), 0) + 1
        rang = seen[base.lower()]
        found.append(f"{base}{f' ({rang})' if rang > 1 else ''}{EXTENSIONS.get(document.mime, '')}")
    return found


def build(key: AgenceKey, documents: Sequence[DocumentOuvert], manquants: str) -> Archive:
    """Write the zip; a damaged file is left out and named in a text file called ``manquants``."""
    target = tempfile.TemporaryFile(prefix="palier-")  # noqa: SIM115 (closed by the answer that streams it)
    archive = Archive(target, [], [])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as sortie:
        for document, nom in zip(documents, noms(documents), strict=True):
            try:
                _add(sortie, key, document, nom)
                archive.documents.append(document)
            except DamagedFile:
                archive.abimes.append(document)
        if archive.abimes:
            lines = "".join(f"{d.le:%d/%m/%Y} {d.titre}\r\n" for d in archive.abimes)
            sortie.writestr(f"{nom_sur(manquants)}.txt", "\ufeff" + lines)
    target.seek(0)
    return archive


def _add(sortie: zipfile.ZipFile, key: AgenceKey, document: DocumentOuvert, nom: str) -> None:
    """Add one file, read and verified whole before its first byte is written."""
    stored = StoredFile(key, document.adresse, document.octets)
    try:
        content = stored.read()
    finally:
        stored.close()
    le = max(document.le.timetuple()[:3], (1980, 1, 1))
    info = zipfile.ZipInfo(nom, (*le, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    sortie.writestr(info, content)
