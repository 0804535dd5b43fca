"""Write a backup, as the owner of the tables, in one snapshot of the database."""

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction

from palier.agences.models import Agence, CleAgence
from palier.core import dates, trousseau
from palier.core.actor import Actor
from palier.core.journal import PORTAL
from palier.core.tenancy import open_actor
from palier.core.vault import AgenceKey, unwrap_key
from palier.vie_privee.contrats.passage import copy_erased_accounts
from palier.vie_privee.effacement.fichiers import stored
from palier.vie_privee.sauvegarde import format as sealed
from palier.vie_privee.sauvegarde.rejeu import note_everything
from palier.vie_privee.sauvegarde.tables import agence_columns, all_tables, kept_columns

RAISON = "sauvegarde"


def create_backup(target: Path) -> dict[str, Any]:
    """Write a backup and refresh the keyring; return the manifest.

    Read in one repeatable-read transaction: files that come in meanwhile are not cited by it. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    copy_erased_accounts()
    note_everything()
    with (
        os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
        transaction.atomic(),
    ):
        if connection.in_atomic_block and not connection.needs_rollback and _is_outermost():
            connection.cursor().execute("set transaction isolation level repeatable read")
        envelopes, parts = {}, []
        for agence_id in list(Agence.objects.order_by("id").values_list("id", flat=True)):
            open_actor(Actor.system(agence_id, RAISON))
            row = (
                CleAgence.objects.visible_to(Actor.system(agence_id, RAISON))
                .filter(agence_id=agence_id)
                .first()
            )
            if row is None:
                continue  # its key is destroyed: there is nothing left to keep of it
            envelopes[agence_id] = trousseau.Enveloppe(row.id, bytes(row.cle_enveloppee), bytes(row.sel))
            key = unwrap_key(agence_id, bytes(row.cle_enveloppee), bytes(row.sel))
            parts.append(_agence(archive, key))
        manifest = {
            "format": sealed.FORMAT, "version": sealed.VERSION, "fait_le": dates.now().isoformat(timespec="seconds"),
            "agences": parts, "commun": _common(archive),
        }  # fmt: skip
        archive.writestr(sealed.MANIFESTE, json.dumps(manifest, indent=1))
    trousseau.replace_keys(envelopes)
    temporary.replace(target)
    return manifest


def _is_outermost() -> bool:
    """Tell whether this transaction is the first: the isolation level is set before anything is read."""
    return not connection.savepoint_ids and connection.vendor == "postgresql"


def _rows(table: str, condition: str) -> Iterator[bytes]:
    listed = ", ".join(f'"{c}"' for c in kept_columns(table))
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"copy (select {listed} from {table} where {condition}) to stdout (format binary)"
        ) as copy,
    ):
        for block in copy:
            yield bytes(block)


def _member(archive: zipfile.ZipFile, name: str, key: bytes, blocks: Iterator[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as out:
        sealed.seal(out, name, key, blocks)


def _agence(archive: zipfile.ZipFile, key: AgenceKey) -> dict[str, Any]:
    """Write the rows and the files of an agence, whose actor is open."""
    own = sealed.agence_backup_key(key)
    columns = agence_columns()
    for table in all_tables():
        if table in columns:
            name = f"agences/{key.agence_id}/{table}"
            _member(archive, name, own, _rows(table, f"{columns[table]} = '{key.agence_id}'"))
    files = 0
    for path, _size in stored(str(key.agence_id)):
        with (
            default_storage.open(path, "rb") as source,
            archive.open(f"coffre/{path}", "w", force_zip64=True) as out,
        ):
            while block := source.read(sealed.BLOC):
                out.write(block)
        files += 1
    return {"id": str(key.agence_id), "fichiers": files}


def _common(archive: zipfile.ZipFile) -> list[str]:
    """Write what belongs to no agence: accounts, texts, registers, the portal's chain."""
    open_actor(Actor.system(PORTAL, RAISON))
    columns = agence_columns()
    written = []
    for table in all_tables():
        condition = "true"
        if table == "agences_agence":
            continue
        if table in columns:
            nobody = f"{columns[table]} is null"
            condition = f"{nobody} or {columns[table]} = '{PORTAL}'"
        _member(archive, f"commun/{table}", sealed.common_key(), _rows(table, condition))
        written.append(table)
    return written


def agences_of(manifest: dict[str, Any]) -> list[UUID]:
    """Return the agences that a backup holds."""
    return [UUID(part["id"]) for part in manifest["agences"]]
