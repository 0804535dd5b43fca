"""The life of an import around its run: it begins, its file is fetched, it fails, its kept copy is erased."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import Invisible
from palier.core.tenancy import acting_as
from palier.core.vault import AgenceKey, StoredFile, erase
from palier.echanges.enums import EtatImport
from palier.echanges.models import Import, Source
from palier.echanges.suivi import ImportAnnule

_EN_LIGNE = (EtatImport.APPLIQUE, EtatImport.PARTIEL, EtatImport.DEJA_APPLIQUE)
_OUVERTS = (EtatImport.RECU, EtatImport.EN_COURS, EtatImport.A_CONFIRMER)


def begin(actor: Actor, import_id: UUID) -> tuple[Import, str, AgenceKey] | None:
    """Mark the import as running; None when it has ended already. Needs the agence's import lock.

    ``debut_le`` stays that of its first run: an import that was cut off is known by it.
    """
    with acting_as(actor):
        row = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=import_id).first()
        if row is None:
            raise Invisible
        if row.etat not in (EtatImport.RECU, EtatImport.EN_COURS):
            return None
        if row.annulation_le is not None:
            _close_cancelled(actor, row)
            return None
        if row.etat == EtatImport.RECU:
            row.debut_le = now()
        row.etat, row.progres = EtatImport.EN_COURS, 0.0
        row.save(update_fields=["etat", "debut_le", "progres"])
        _abandon_orphans(actor, row, Q(depot=""))
        return row, Agence.objects.get(id=actor.agence_id).slug, agence_key(actor, actor.agence_id)


def claim(actor: Actor, row: Import, source: UUID) -> bool:
    """Note the source of a running import, once it is one of ours; return whether a later import took its place.

    An older run of the same source that was cut off has no use any more. That of another source has: it goes on when
    its turn comes. Cut off before its source was known, a run finds out here that a later one is on line.
    """
    with acting_as(actor):
        if not Source.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=source).exists():
            return False  # the first dossier of a source writes it with its rows
        row.source_id = source
        row.save(update_fields=["source_id"])
        _abandon_orphans(actor, row, Q(source_id=source, recu_le__lt=row.recu_le))
        later = Import.objects.visible_to(actor).filter(
            agence_id=actor.agence_id, source_id=source, etat__in=_EN_LIGNE, recu_le__gt=row.recu_le,
            fin_le__gt=row.debut_le,
        )  # fmt: skip
        return bool(later.exists())


def _abandon_orphans(actor: Actor, row: Import, useless: Q) -> None:
    """Close the runs that were cut off and cannot go on (no kept copy), or have no use any more.

    We hold the agence's lock, so none of them is running.
    """
    rows = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, etat=EtatImport.EN_COURS)
    for orphan in rows.filter(useless).exclude(id=row.id).order_by("id"):
        orphan.etat, orphan.fin_le = EtatImport.ABANDONNE, now()
        orphan.message = _("L’import a été interrompu : rien n’a changé en ligne.")
        orphan.save(update_fields=["etat", "fin_le", "message"])
        forget_deposit(actor, orphan)


def make_workdir(agence: UUID) -> Path:
    """A private, empty working folder: what a killed run left in it is erased."""
    folder = Path(settings.DATA_DIR) / "travail" / str(agence)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def fetch(key: AgenceKey, row: Import, workdir: Path) -> Path:
    """The kept copy of a dossier, decrypted into the working folder. Raises DamagedFile."""
    path = workdir / "dossier.zip"
    stored = StoredFile(key, row.depot, row.octets)
    try:
        with path.open("wb") as out:
            for block in stored.chunks(0, row.octets):
                out.write(block)
    finally:
        stored.close()
    return path


def forget_deposit(actor: Actor, row: Import) -> None:
    """Erase the kept copy of an import that has ended, once that is committed, unless another waits for it."""
    if not row.depot:
        return
    others = Import.objects.visible_to(actor).filter(
        agence_id=row.agence_id, depot=row.depot, etat__in=_OUVERTS
    )
    if not others.exclude(id=row.id).exists():
        key, depot = agence_key(actor, row.agence_id), row.depot
        transaction.on_commit(lambda: erase(key, depot))
    row.depot = ""
    row.save(update_fields=["depot"])


def announce_end(agence_id: UUID, import_id: UUID) -> None:
    """Queue what tells the outside that an import ended, or waits. By name: the API stands above this room."""
    app.configure_task("api.signaler", queue="courrier").defer(
        agence_id=str(agence_id), import_id=str(import_id)
    )


def fail(actor: Actor, import_id: UUID) -> None:
    """Close an import that stopped on a fault of ours, with a message for the agence.

    One that had written its last word is left alone: what it put on line is on line, whatever broke after.
    """
    with acting_as(actor):
        row = Import.objects.visible_to(actor).get(agence_id=actor.agence_id, id=import_id)
        if row.etat not in (EtatImport.RECU, EtatImport.EN_COURS):
            return
        row.etat, row.fin_le, row.etape = EtatImport.ABANDONNE, now(), ""
        row.message = _(
            "L’import s’est arrêté sur une erreur de notre côté ; rien n’a changé en ligne. Réessayez."
        )
        row.save(update_fields=["etat", "fin_le", "etape", "message"])
        forget_deposit(actor, row)
        journal.record(
            actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=actor.agence_id, etat=str(row.etat)
        )
        announce_end(actor.agence_id, row.id)


def last_safe_point(actor: Actor, row: Import) -> None:
    """Raise ImportAnnule when somebody asked to stop; else hold the row, so that asking from now on comes too late.

    Called inside the transaction that puts the import on line, just before its state is written.
    """
    rows = Import.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    held: Import = rows.get(agence_id=actor.agence_id, id=row.id)
    if held.annulation_le is not None:
        raise ImportAnnule


def close_cancelled(actor: Actor, import_id: UUID) -> Import:
    """Close an import that stopped because somebody asked; its transaction was undone."""
    with acting_as(actor):
        row: Import = Import.objects.visible_to(actor).get(agence_id=actor.agence_id, id=import_id)
        _close_cancelled(actor, row)
        return row


def _close_cancelled(actor: Actor, row: Import) -> None:
    row.etat, row.fin_le, row.etape = EtatImport.ABANDONNE, now(), ""
    row.message = _("L’import a été annulé : rien n’a changé en ligne.")
    row.save(update_fields=["etat", "fin_le", "etape", "message"])
    forget_deposit(actor, row)
    journal.record(
        actor,
        Gesture.IMPORT_RUN,
        f"import:{row.id}",
        agence_id=actor.agence_id,
        etat=str(row.etat),
        acte="annulation",
    )
