"""Documents received ahead: kept once, cited later as ``sha256:…``, purged when nothing cites them."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from palier.agences.cles import agence_key
from palier.api.models import DocumentRecu
from palier.api.queries import orphan_candidates
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import keyed_id, new_id
from palier.core.tenancy import serving
from palier.core.vault import erase

ORPHELIN = timedelta(days=7)
MIME = "application/pdf"


@action(Gesture.DOCUMENT_SEND)
def keep_document(actor: Actor, cle_id: UUID, sha256: str, octets: int, adresse: str) -> bool:
    """Write a document already sealed in the vault; tell whether the agence did not hold it yet."""
    key = agence_key(actor, actor.agence_id)
    # A file is the agence's, whatever the source that sent it first: its row is written by the agence's own task.
    with serving(actor, actor.agence_id, actor.reason or "API"), connection.cursor() as cursor:
        cursor.execute(
            "insert into ged_fichier (agence_id, id, sha256, octets, mime, adresse, texte) "
            "values (%s, %s, %s, %s, %s, %s, '') on conflict (agence_id, sha256) do nothing",
            [actor.agence_id, keyed_id(key.salt, "fichier", sha256), sha256, octets, MIME, adresse],
        )
        new = cursor.rowcount == 1
        if new:
            cursor.execute(
                "insert into api_documentrecu (agence_id, id, cle_id, sha256, octets, recu_le) "
                "values (%s, %s, %s, %s, %s, %s) on conflict (agence_id, sha256) "
                "do update set cle_id = excluded.cle_id, recu_le = excluded.recu_le",
                [actor.agence_id, new_id(), cle_id, sha256, octets, now()],
            )
    if new:
        journal.record(
            actor, Gesture.DOCUMENT_SEND, f"fichier:{sha256[:16]}", agence_id=actor.agence_id, octets=octets
        )
    return bool(new)


@action(Gesture.DOCUMENT_SEND)
def purge_orphans(actor: Actor) -> int:
    """Erase the documents received a week ago that no document cites; return how many. Under the import's lock."""
    key = agence_key(actor, actor.agence_id)
    gone = 0
    for row in orphan_candidates(actor, now() - ORPHELIN):
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from ged_fichier f where f.agence_id = %s and f.sha256 = %s and not exists "
                "(select 1 from ged_document d where d.agence_id = f.agence_id and d.fichier_id = f.id)",
                [actor.agence_id, row.sha256],
            )
            orphan = cursor.rowcount == 1
        if orphan:
            gone += 1
            address = key.address(row.sha256)
            transaction.on_commit(lambda address=address: erase(key, address))  # type: ignore[misc]
        DocumentRecu.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=row.id).delete()
    if gone:
        journal.record(
            actor,
            Gesture.DOCUMENT_SEND,
            "fichier:orphelins",
            agence_id=actor.agence_id,
            acte="purge",
            nombre=gone,
        )
    return gone
