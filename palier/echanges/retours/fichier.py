"""The zip of a return: `retour.json`, one CSV a table, `documents/`. Byte-identical each time it is asked for."""

import hashlib
import zipfile
from typing import IO, Any

from palier.agences.models import Agence
from palier.core.vault import AgenceKey, read
from palier.echanges.generateur.paquet import manifest_bytes, member
from palier.echanges.retours.dialectes import table_bytes
from palier.retours.actions_justificatifs import proof_key
from palier.retours.models import Retour
from palier.retours.registre import tables

FORMAT, VERSION = "retour-portail", "1.0"


def file_name(agence: Agence, retour: Retour, dialecte: str) -> str:
    """Return the name under which a return is handed over."""
    return f"retour-{agence.slug}-{retour.sequence:05d}-{dialecte}.zip"


def build_tables(retour: Retour, dialecte: str) -> dict[str, tuple[bytes, int]]:
    """Return the CSV of each table that the return holds, with its number of lines."""
    kept = retour.contenu["tables"]
    return {
        table.nom: (table_bytes(table.colonnes, kept[table.nom], dialecte), len(kept[table.nom]))
        for table in tables()
        if table.nom in kept
    }


def manifest(
    agence: Agence, retour: Retour, dialecte: str, contents: dict[str, tuple[bytes, int]]
) -> dict[str, Any]:
    """Return `retour.json`: nothing in it depends on when it is downloaded."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "agence": agence.slug,
        "sequence": retour.sequence,
        "precedent": retour.sequence - 1 or None,
        "depuis": retour.contenu["depuis"] or None,
        "jusqu_a": retour.contenu["jusqu_a"],
        "dialecte": dialecte,
        "empreinte": retour.empreinte,
        "fichiers": [
            {"table": nom, "chemin": f"{nom}.csv", "lignes": lignes, "sha256": hashlib.sha256(content).hexdigest()}
            for nom, (content, lignes) in contents.items()
        ],
        "documents": [
            {name: piece[name] for name in ("chemin", "octets", "sha256")} for piece in retour.contenu["pieces"]
        ],
    }  # fmt: skip


def write_return(target: IO[bytes], agence: Agence, retour: Retour, key: AgenceKey, dialecte: str) -> None:
    """Write a return into ``target``. Raises ``DamagedFile`` when the vault no longer gives one of its files whole.

    Members are stored, not deflated: another version of the compressor would give other bytes.
    """
    contents = build_tables(retour, dialecte)
    with zipfile.ZipFile(target, "w") as archive:
        head = manifest_bytes(manifest(agence, retour, dialecte, contents))
        archive.writestr(member("retour.json", compress=False), head)
        for nom, (content, _lignes) in contents.items():
            archive.writestr(member(f"{nom}.csv", compress=False), content)
        for piece in retour.contenu["pieces"]:
            content = read(proof_key(key, piece["cle"]), piece["adresse"], piece["octets"])
            archive.writestr(member(piece["chemin"], compress=False), content)
