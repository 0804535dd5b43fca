"""Prepare what goes back to the agence: asked in a page or by the end of its contract, made by the worker."""

import hashlib
import logging
import shutil
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from palier.agences.cles import agence_key
from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core import dates, journal, vault
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.tenancy import acting_as
from palier.core.vault import AgenceKey, DamagedFile
from palier.courrier.envois import defer
from palier.echanges.generateur.paquet import manifest_bytes, member
from palier.echanges.models import Source
from palier.echanges.retours.actions import prepare_return
from palier.echanges.retours.dialectes import CANON
from palier.echanges.retours.fichier import file_name, write_return
from palier.echanges.reversibilite.archive import write_archive
from palier.echanges.reversibilite.dossier import write_dossier
from palier.echanges.reversibilite.models import EtatRemise, GenreRemise, Remise
from palier.ged.archive import nom_sur
from palier.patrimoine.models import Copropriete
from palier.retours.models import Retour

log = logging.getLogger(__name__)
BLOC = 1024 * 1024


@action(Gesture.AGENCE_SETTINGS)
def request_handover(actor: Actor, copropriete_id: UUID | None = None) -> Remise:
    """Ask for the whole of the agence's data, or for one copropriété's archive. Raises Invisible.

    One that is being prepared already is returned as it is.
    """
    agence_id = actor.agence_id
    if copropriete_id is not None:
        known = Copropriete.objects.visible_to(actor).filter(agence_id=agence_id, id=copropriete_id)
        if not known.exists():
            raise Invisible
    genre = GenreRemise.DOSSIER if copropriete_id is None else GenreRemise.COPROPRIETE
    rows = Remise.objects.visible_to(actor).filter(
        agence_id=agence_id, genre=genre, copropriete_id=copropriete_id, etat=EtatRemise.ATTENTE
    )
    waiting: Remise | None = rows.first()
    if waiting is not None:
        return waiting
    row: Remise = Remise.objects.create(
        agence_id=agence_id, genre=genre, copropriete_id=copropriete_id, demande_le=dates.now(),
        demande_par=actor.account_id,
    )  # fmt: skip
    defer("echanges.remettre", agence_id=str(agence_id), remise_id=str(row.id))
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"remise:{row.id}",
        agence_id=agence_id,
        acte="demande",
        genre=str(genre),
    )
    return row


def give_back(agence_id: UUID) -> int:
    """At the end of a contract: prepare the whole, and the archive of each copropriété. Return how many files."""
    with acting_as(Actor.system(agence_id, "fin du contrat")) as actor:
        if not Agence.objects.filter(id=agence_id).exists():
            return 0
        rows = Copropriete.objects.visible_to(actor).filter(agence_id=agence_id, archive_le=None)
        asked = [None, *rows.order_by("nom", "id").values_list("id", flat=True)]
        for copropriete_id in asked:
            request_handover(actor, copropriete_id)
    return len(asked)


def prepare(agence_id: UUID, remise_id: UUID) -> None:
    """Make one file. Safe to run twice; a failure is written on its row and raised."""
    with acting_as(Actor.system(agence_id, "restitution des données")) as actor:
        agence = Agence.objects.filter(id=agence_id).first()
        row = Remise.objects.visible_to(actor).filter(agence_id=agence_id, id=remise_id).first()
        if agence is None or row is None or row.etat == EtatRemise.PRETE:
            return
        key = agence_key(actor, agence_id)
    folder = Path(settings.DATA_DIR) / "travail" / "remises" / str(agence_id) / str(remise_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        with acting_as(Actor.system(agence_id, "restitution des données")) as actor:
            target, content = _make(actor, agence, row, key, folder)
        with target.open("rb") as file:
            sha256, address, size = vault.store(key, file)
        _finish(agence_id, remise_id, target.name, (sha256, address, size), content)
    except Exception:
        _fail(agence_id, remise_id)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(
    actor: Actor, agence: Agence, row: Remise, key: AgenceKey, folder: Path
) -> tuple[Path, dict[str, int]]:
    if row.genre == GenreRemise.COPROPRIETE:
        copropriete = Copropriete.objects.visible_to(actor).get(agence_id=agence.id, id=row.copropriete_id)
        target = folder / f"archive-{agence.slug}-{nom_sur(copropriete.nom, 40)}.zip"
        return target, write_archive(target, agence.nom, copropriete.id, copropriete.nom, key)
    target = folder / f"donnees-{agence.slug}.zip"
    return target, write_whole(actor, agence, key, target, folder)


def write_whole(actor: Actor, agence: Agence, key: AgenceKey, target: Path, folder: Path) -> dict[str, int]:
    """Write one dossier a source, the returns, and the manifest with the digest of each; return the counts."""
    total = {"tables": 0, "lignes": 0, "documents": 0, "manquants": 0, "retours": 0}
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w") as archive:
        for source in (
            Source.objects.visible_to(actor).filter(agence_id=agence.id).order_by("logiciel", "base")
        ):
            path = folder / nom_sur(f"dossier-{source.logiciel}-{source.base}.zip")
            for name, number in write_dossier(path, agence.slug, source, key, folder).items():
                total[name] += number
            files.append(_add(archive, path.name, path))
        for retour in _returns(actor, agence):
            path = folder / file_name(agence, retour, CANON)
            try:
                with path.open("wb") as out:
                    write_return(out, agence, retour, key, CANON)
            except DamagedFile:
                total["manquants"] += 1
                path.unlink()
                continue
            files.append(_add(archive, f"retours/{path.name}", path))
            total["retours"] += 1
        facts = {
            "format": "palier-reversibilite", "version": "1.0", "agence": agence.slug, "agence_id": str(agence.id),
            "fait_le": dates.now().isoformat(timespec="seconds"), "contenu": total, "fichiers": files,
        }  # fmt: skip
        archive.writestr(member("manifeste.json", compress=True), manifest_bytes(facts))
    return total


def _returns(actor: Actor, agence: Agence) -> list[Retour]:
    """Every return; at the end of a contract what still waits goes into a last one."""
    if agence.statut == StatutAgence.TERMINEE:
        while prepare_return(actor) is not None:
            pass
    return list(Retour.objects.visible_to(actor).filter(agence_id=agence.id).order_by("sequence"))


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    archive.write(path, name, zipfile.ZIP_STORED)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOC):
            digest.update(block)
    size = path.stat().st_size
    path.unlink()
    return {"chemin": name, "octets": size, "sha256": digest.hexdigest()}


def _finish(
    agence_id: UUID, remise_id: UUID, nom: str, stored: tuple[str, str, int], content: dict[str, int]
) -> None:
    sha256, address, size = stored
    with acting_as(Actor.system(agence_id, "restitution des données")) as actor, writing("remise"):
        row = Remise.objects.visible_to(actor).select_for_update().get(agence_id=agence_id, id=remise_id)
        older = Remise.objects.visible_to(actor).filter(
            agence_id=agence_id, genre=row.genre, copropriete_id=row.copropriete_id
        )
        key = agence_key(actor, agence_id)
        for former in older.exclude(id=row.id):
            if former.adresse and former.adresse != address:
                transaction.on_commit(lambda place=former.adresse: vault.erase(key, place))  # type: ignore[misc]
        older.exclude(id=row.id).delete()
        row.etat, row.prete_le, row.nom_fichier = EtatRemise.PRETE, dates.now(), nom
        row.adresse, row.octets, row.sha256, row.contenu = address, size, sha256, content
        row.save()
        journal.record(
            actor,
            Gesture.AGENCE_SETTINGS,
            f"remise:{row.id}",
            agence_id=agence_id,
            acte="prete",
            sha256=sha256,
            contenu=content,
        )


def _fail(agence_id: UUID, remise_id: UUID) -> None:
    with acting_as(Actor.system(agence_id, "restitution des données")) as actor, writing("remise"):
        rows = Remise.objects.visible_to(actor).filter(agence_id=agence_id, id=remise_id)
        rows.update(etat=EtatRemise.ECHEC)


@action(Gesture.AGENCE_SETTINGS)
def record_download(actor: Actor, remise: Remise) -> None:
    """Write in the journal that a file was taken."""
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"remise:{remise.id}", agence_id=actor.agence_id, acte="telechargement",
        sha256=remise.sha256,
    )  # fmt: skip
