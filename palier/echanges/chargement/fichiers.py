"""Puts the files of the documents into the vault, before the import's transaction: an orphan harms nobody."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from palier.core.ids import keyed_id
from palier.core.vault import AgenceKey, store
from palier.echanges.controle import Controle

#: Files read whole into memory before they are sealed: their size is bounded by the checks.
MIME = "application/pdf"


@dataclass(frozen=True)
class Depose:
    """A file of the vault that a document cites."""

    sha256: str
    octets: int
    adresse: str


def deposit_files(
    controle: Controle, key: AgenceKey, stored: set[str], progress: Callable[[float], None]
) -> list[Depose]:
    """Store every file that live documents cite and that the agence does not hold yet; return the new ones."""
    if "documents" not in controle.tables:
        return []
    rows = controle.con.execute(
        "SELECT sha256, min(fichier) FROM t_documents WHERE NOT starts_with(fichier, 'sha256:') GROUP BY sha256"
    ).fetchall()
    new = [(sha256, fichier) for sha256, fichier in rows if sha256 not in stored]
    found = []
    for i, (sha256, fichier) in enumerate(new):
        with controle.open_document(fichier) as file:
            content = file.read()
        digest, address, length = store(key, io.BytesIO(content))
        if digest != sha256:
            raise OSError(f"the file {sha256} changed while it was read")
        found.append(Depose(digest, length, address))
        if i % 20 == 0:
            progress(i / len(new))
    return found


def stored_files(agence: UUID) -> set[str]:
    """The digests of the files that the agence holds."""
    with connection.cursor() as cursor:
        cursor.execute("select sha256 from ged_fichier where agence_id = %s", [agence])
        return {row[0] for row in cursor.fetchall()}


def record_files(key: AgenceKey, files: list[Depose]) -> list[UUID]:
    """Write the rows of new files, inside the import's transaction; return their ids."""
    ids = [keyed_id(key.salt, "fichier", f.sha256) for f in files]
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ged_fichier (agence_id, id, sha256, octets, mime, adresse, texte) "
            "values (%s, %s, %s, %s, %s, %s, '') on conflict (agence_id, sha256) do nothing",
            [
                (key.agence_id, i, f.sha256, f.octets, MIME, f.adresse)
                for i, f in zip(ids, files, strict=True)
            ],
        )
    return ids
