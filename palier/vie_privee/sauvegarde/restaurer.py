"""Read a backup back, as the owner of the tables, into a migrated database; then erase and stop again what was since."""

import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from palier.agences.models import Agence, CleAgence
from palier.core import dates, trousseau
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.journal import PORTAL
from palier.core.tenancy import open_actor
from palier.core.vault import AgenceKey, DamagedFile, unwrap_key
from palier.vie_privee.comptes.effacement import portal_actor, replay
from palier.vie_privee.enums import RaisonEffacement
from palier.vie_privee.models import CompteEfface
from palier.vie_privee.sauvegarde import format as sealed
from palier.vie_privee.sauvegarde.creer import agences_of
from palier.vie_privee.sauvegarde.rejeu import replay_decisions
from palier.vie_privee.sauvegarde.tables import HORS, agence_columns, all_tables, kept_columns

RAISON = "restauration d’une sauvegarde"
# Rows that a fresh installation has already: the backup's take their place.
_NEUVES = frozenset({"vie_privee_textelegal", "core_journal", "core_journal_tete", "core_journal_ancre"})


class NotEmpty(Exception):
    """The database holds agences or accounts: a restore goes into a fresh one."""


def open_backup(path: Path) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Open a backup; return it with its manifest. Raises DamagedBackup."""
    try:
        archive = zipfile.ZipFile(path)
        manifest = json.loads(archive.read(sealed.MANIFESTE))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        raise sealed.DamagedBackup(str(path)) from None
    if manifest.get("format") != sealed.FORMAT:
        raise sealed.DamagedBackup(str(path))
    return archive, manifest


def readable_keys(manifest: dict[str, Any]) -> dict[UUID, AgenceKey | None]:
    """Return the key of each agence of a backup: None when it is destroyed, erased, or not ours to unwrap."""
    kept, gone = trousseau.keys(), trousseau.erased()
    found: dict[UUID, AgenceKey | None] = {}
    for agence_id in agences_of(manifest):
        found[agence_id] = None
        if agence_id in kept and (trousseau.AGENCE, str(agence_id)) not in gone:
            try:
                found[agence_id] = unwrap_key(agence_id, kept[agence_id].cle, kept[agence_id].sel)
            except DamagedFile:
                continue
    return found


def verify_backup(path: Path) -> dict[str, int]:
    """Open every frame that can be opened; return counts. Raises DamagedBackup, and OSError."""
    archive, manifest = open_backup(path)
    keys = readable_keys(manifest)
    done = {"commun": 0, "agences": 0, "illisibles": 0, "fichiers": 0}
    with archive:
        for name in archive.namelist():
            head, _, rest = name.partition("/")
            if head == "commun":
                _read_through(archive, name, sealed.common_key())
                done["commun"] += 1
            elif head == "agences":
                key = keys.get(UUID(rest.partition("/")[0]))
                if key is not None:
                    _read_through(archive, name, sealed.agence_backup_key(key))
            elif head == "coffre":
                with archive.open(
                    name
                ) as source:  # the zip's own check: each file is sealed by the vault already
                    while source.read(sealed.BLOC):
                        pass
                done["fichiers"] += 1
        missing = {f"commun/{t}" for t in manifest["commun"]} - set(archive.namelist())
        if missing:
            raise sealed.DamagedBackup(sorted(missing)[0])
    done["agences"] = sum(key is not None for key in keys.values())
    done["illisibles"] = len(keys) - done["agences"]
    return done


def _read_through(archive: zipfile.ZipFile, name: str, key: bytes) -> None:
    try:
        with archive.open(name) as source:
            for _block in sealed.unseal(source, name, key):
                pass
    except zipfile.BadZipFile:
        raise sealed.DamagedBackup(name) from None


def restore(path: Path) -> dict[str, int]:
    """Restore into a fresh database, then replay what was erased or stopped since. Return counts. Raises NotEmpty, DamagedBackup.

    One transaction for the rows: a backup that turns out damaged leaves the database as it was.
    """
    archive, manifest = open_backup(path)
    keys = readable_keys(manifest)
    with archive:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select exists (select 1 from agences_agence) or exists (select 1 from accounts_account)"
            )
            if cursor.fetchone()[0]:
                raise NotEmpty
            _load(archive, manifest, keys)
        files = _files(archive, keys)
    lost = sum(key is None for key in keys.values())
    return {"agences": len(keys) - lost, "illisibles": lost, "fichiers": files, **replay_everything()}


def _load(archive: zipfile.ZipFile, manifest: dict[str, Any], keys: dict[UUID, AgenceKey | None]) -> None:
    tables, columns = all_tables(), agence_columns()
    unknown = set(manifest["commun"]) - set(tables)
    if unknown:
        raise sealed.DamagedBackup(f"tables inconnues de cette version : {', '.join(sorted(unknown))}")
    _walls(tables, "disable", "no force")
    for table in sorted(_NEUVES & set(tables)):
        open_actor(Actor.system(PORTAL, RAISON))
        with connection.cursor() as cursor:
            cursor.execute("select set_config('palier.effacement', %s, true)", [str(PORTAL)])
            cursor.execute(f"delete from {table}")
    envelopes = trousseau.keys()
    for table in tables:
        open_actor(Actor.system(PORTAL, RAISON))
        if f"commun/{table}" in archive.namelist():
            _copy(archive, f"commun/{table}", table, sealed.common_key())
        for agence_id, key in keys.items():
            if key is not None and table in columns:
                open_actor(Actor.system(agence_id, RAISON))
                _copy(archive, f"agences/{agence_id}/{table}", table, sealed.agence_backup_key(key))
    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints all immediate"
        )  # the links are checked here, before the walls come back
    _walls(tables, "enable", "force")
    with writing("restauration"):
        for agence_id, key in keys.items():
            if key is not None and Agence.objects.filter(id=agence_id).exists():
                open_actor(Actor.system(agence_id, RAISON))
                wrapped = envelopes[agence_id]
                CleAgence.objects.create(
                    agence_id=agence_id, id=wrapped.id, cle_enveloppee=wrapped.cle, sel=wrapped.sel
                )
    _sequences(tables)


def _walls(tables: list[str], triggers: str, force: str) -> None:
    """Set aside, in this transaction alone, what a restore cannot pass: our triggers, since the journal's would number
    its lines again, and the row policies of the owner, since COPY refuses them. The foreign keys stay on.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relforcerowsecurity and relnamespace = 'public'::regnamespace"
            if triggers == "disable"
            else "select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace"
        )
        walled = {row[0] for row in cursor.fetchall()}
        for table in tables:
            cursor.execute(f"alter table {table} {triggers} trigger user")
            if table in walled:
                cursor.execute(f"alter table {table} {force} row level security")


def _copy(archive: zipfile.ZipFile, name: str, table: str, key: bytes) -> None:
    listed = ", ".join(f'"{c}"' for c in kept_columns(table))
    with (
        archive.open(name) as source,
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({listed}) from stdin (format binary)") as copy,
    ):
        for block in sealed.unseal(source, name, key):
            copy.write(block)


def _sequences(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("select pg_get_serial_sequence(%s, 'id') where exists (select 1 from pg_attribute where "
                           "attrelid = %s::regclass and attname = 'id')", [table, table])  # fmt: skip
            found = cursor.fetchone()
            if found and found[0]:
                cursor.execute(
                    f"select setval(%s, (select coalesce(max(id), 0) + 1 from {table}), false)", [found[0]]
                )


def _files(archive: zipfile.ZipFile, keys: dict[UUID, AgenceKey | None]) -> int:
    """Put the vault's files back, those of the agences that can be read."""
    count = 0
    for name in archive.namelist():
        head, _, path = name.partition("/")
        if head != "coffre" or keys.get(UUID(path.partition("/")[0])) is None:
            continue
        if not default_storage.exists(path):
            with archive.open(name) as source:
                default_storage.save(path, File(source))
        count += 1
    return count


def replay_everything() -> dict[str, int]:
    """Erase again, then stop again, what was since the backup. For a base restored by any other means too."""
    return {"comptes_reeffaces": replay_erasures(), "decisions": replay_decisions()}


def replay_erasures() -> int:
    """Erase again, before the doors open, the accounts erased since the backup; return how many."""
    digests = sorted(objet for genre, objet in trousseau.erased() if genre == trousseau.COMPTE)
    with transaction.atomic(), writing("restauration"):
        actor = portal_actor(RAISON)
        open_actor(actor)
        for digest in digests:
            CompteEfface.objects.get_or_create(
                empreinte=digest, defaults={"le": dates.now(), "raison": RaisonEffacement.DEMANDE}
            )
        return replay(actor)


__all__ = ["HORS", "NotEmpty", "restore", "verify_backup"]
