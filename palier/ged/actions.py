"""Writes of the documents room: what somebody opened, what was found damaged, what a file holds."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor, Role
from palier.core.dates import now
from palier.core.tenancy import write_as_system
from palier.core.vault import AgenceKey, DamagedFile, read
from palier.ged.atelier import pages_et_texte
from palier.ged.models import Fichier
from palier.ged.pdf import MAX_OCTETS, Illisible
from palier.ged.queries import DocumentOuvert, Perimetre

logger = logging.getLogger("palier.ged")

# Reading must not wait for the disk: at worst, a crash of the machine loses the last fraction of a second of the
# read marks and of the lines that tell of reading. Nothing else is written in that transaction.
_REGLAGE = "(select set_config('synchronous_commit', 'off', true))"
_SANS_MARQUE = f"prealable as materialized {_REGLAGE}"
_MARQUE = f"""
reglage as materialized {_REGLAGE},
lus as (select d.id, gen_random_uuid() as lecture from unnest(%(documents)s::uuid[]) as d(id), reglage),
marque as (
  insert into ged_lecture as l (agence_id, id, acces_id, document_id, lu_le, telecharge_le)
  select %(agence)s::uuid, lecture, %(acces)s::uuid, id, now(), case when %(telecharge)s::boolean then now() end
  from lus
  on conflict (agence_id, acces_id, document_id) do update set telecharge_le = excluded.telecharge_le
  where %(telecharge)s::boolean and l.telecharge_le is distinct from excluded.telecharge_le
  returning 1
),
prealable as (select count(*) from marque)
"""

# The same, unless the same person already left a line for this reading; his alone: staff that look on do not hide
# behind what the client read himself, nor behind a file found damaged.
MEME_LECTURE = timedelta(hours=1)
_DEJA = """
deja as materialized (
  select from core_journal j
  where j.acces_id = %(acces)s::uuid and j.le > now() - %(depuis)s::interval and j.chaine_id = %(agence)s::uuid
    and j.gesture = 'document:read' and j.objet = %(objet)s::text and j.role = %(role)s::text
    and j.account_id is not distinct from %(qui)s::uuid and not j.detail ? 'fichier_abime'
    and (j.detail ? 'telecharge' or not %(telecharge)s::boolean)
),
"""
_SANS_MARQUE_SI_NEUVE = f"{_DEJA} prealable as materialized (select from {_REGLAGE} as reglage where not exists (select from deja))"
_MARQUE_SI_NEUVE = _DEJA + _MARQUE.replace(
    "as d(id), reglage", "as d(id), reglage where not exists (select from deja)"
).replace("count(*) from marque", "count(*) from marque having not exists (select from deja)")


def _mark(
    actor: Actor, perimetre: Perimetre, documents: Sequence[UUID], telecharge: bool
) -> tuple[str, dict[str, Any]]:
    """Return the parts of a statement that mark documents as read by the person himself, with their values.

    Staff looking on leaves no mark but the journal's.
    """
    if actor.role is not Role.CLIENT:
        return _SANS_MARQUE, {}
    return _MARQUE, {
        "documents": list(documents),
        "agence": perimetre.agence_id,
        "acces": perimetre.acces_id,
        "telecharge": telecharge,
    }


@action(Gesture.DOCUMENT_READ, savepoint=False)
def open_document(
    actor: Actor, perimetre: Perimetre, document: DocumentOuvert, *, download: bool = False
) -> None:
    """Mark a document, already found in the actor's space, as read, and say so in the journal."""
    facts: dict[str, Any] = {"telecharge": True, "octets": document.octets} if download else {}
    journal.record_after(
        *_mark(actor, perimetre, [document.id], download),
        actor,
        Gesture.DOCUMENT_READ,
        f"document:{document.id}",
        agence_id=perimetre.agence_id,
        acces_id=perimetre.acces_id,
        **facts,
    )


@action(Gesture.DOCUMENT_READ, savepoint=False)
def go_on_reading(
    actor: Actor, perimetre: Perimetre, document: DocumentOuvert, *, download: bool = False
) -> None:
    """Do as ``open_document``, unless the person was seen reading the document (downloading it) within the hour.

    For what is asked piece by piece, a part of a file or the image of a page: the first piece asked, whichever it
    is, tells of the whole reading.
    """
    params = _mark(actor, perimetre, [document.id], download)[1]
    objet = f"document:{document.id}"
    facts: dict[str, Any] = {"telecharge": True, "octets": document.octets} if download else {}
    journal.record_after(
        _MARQUE_SI_NEUVE if params else _SANS_MARQUE_SI_NEUVE,
        {
            "telecharge": download,
            "agence": perimetre.agence_id,
            "acces": perimetre.acces_id,
            "depuis": MEME_LECTURE,
            "objet": objet,
            "role": str(actor.role),
            "qui": actor.account_id,
            **params,
        },
        actor,
        Gesture.DOCUMENT_READ,
        objet,
        agence_id=perimetre.agence_id,
        acces_id=perimetre.acces_id,
        **facts,
    )


@action(Gesture.DOCUMENT_READ)
def download_all(
    actor: Actor, perimetre: Perimetre, espace_id: UUID, documents: Sequence[DocumentOuvert], absents: int
) -> None:
    """Mark documents taken away together as read, in one line of the journal that names each of them."""
    journal.record_after(
        *_mark(actor, perimetre, [d.id for d in documents], True),
        actor,
        Gesture.DOCUMENT_READ,
        f"espace:{espace_id}",
        agence_id=perimetre.agence_id,
        acces_id=perimetre.acces_id,
        telecharge=True,
        documents=[str(d.id) for d in documents],
        absents=absents,
    )


@action(Gesture.DOCUMENT_READ)
def report_damage(actor: Actor, perimetre: Perimetre, document: DocumentOuvert, cause: str) -> None:
    """Write that a stored file is missing or altered, where the agence's staff will read it."""
    logger.error("Damaged file", extra={"document": str(document.id), "fichier": str(document.fichier_id)})
    journal.record(
        actor,
        Gesture.DOCUMENT_READ,
        f"document:{document.id}",
        agence_id=perimetre.agence_id,
        acces_id=perimetre.acces_id,
        fichier_abime=cause,
    )


def queue_analysis(agence_id: UUID) -> None:
    """Queue the reading of the files that an import brought; in the caller's transaction, so lost with it."""
    app.configure_task("ged.analyse_agence", queue="documents").defer(agence_id=str(agence_id))


@action(Gesture.IMPORT_RUN)
def analyse_file(actor: Actor, key: AgenceKey, fichier_id: UUID) -> Fichier | None:
    """Read the pages and the text of a file once, and keep them; None when there is no such file.

    A file that cannot be read is marked as analysed, with nothing: it is downloaded rather than shown. Not
    journalled: nobody acts, and nothing that a person sees of the document's content changes.
    """
    rows = Fichier.objects.visible_to(actor)
    fichier: Fichier | None = rows.filter(agence_id=key.agence_id, id=fichier_id).first()
    if fichier is None or fichier.analyse_le is not None:
        return fichier
    pages, texte = _analysed(key, fichier_id, fichier.adresse, fichier.octets, fichier.mime)
    fichier.pages, fichier.texte, fichier.analyse_le = pages, texte, now()
    rows.filter(agence_id=key.agence_id, id=fichier_id).update(
        pages=fichier.pages, texte=fichier.texte, analyse_le=fichier.analyse_le
    )
    return fichier


_ANALYSE = """
update ged_fichier set pages = %(pages)s, texte = %(texte)s, analyse_le = now()
where agence_id = %(agence)s and id = %(fichier)s and analyse_le is null
"""


@action(Gesture.DOCUMENT_READ)
def analyse_now(actor: Actor, key: AgenceKey, document: DocumentOuvert) -> tuple[int | None, str]:
    """Read the pages and the text of a file that no task has read yet, keep them as the task would; return them."""
    pages, texte = _analysed(key, document.fichier_id, document.adresse, document.octets, document.mime)
    facts = {"pages": pages, "texte": texte, "agence": key.agence_id, "fichier": document.fichier_id}
    write_as_system(actor, key.agence_id, _ANALYSE, facts)
    return pages, texte


def _analysed(
    key: AgenceKey, fichier_id: UUID, adresse: str, octets: int, mime: str
) -> tuple[int | None, str]:
    """Return (pages, text) of a stored file; nothing when it is too heavy or cannot be read."""
    if octets <= MAX_OCTETS:
        try:
            return pages_et_texte(read(key, adresse, octets), mime)
        except (Illisible, DamagedFile) as error:
            logger.warning("Unreadable file %s: %s", fichier_id, error)
    return None, ""


__all__ = [
    "analyse_file",
    "analyse_now",
    "download_all",
    "go_on_reading",
    "open_document",
    "queue_analysis",
    "report_damage",
]
