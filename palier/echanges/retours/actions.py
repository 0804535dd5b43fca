"""Prepare a return: everything that waits goes into one numbered file, once and never again as new."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import new_id
from palier.echanges.models import Source
from palier.echanges.retours.dialectes import stored
from palier.retours.actions_agence import lock_returns
from palier.retours.enums import EtatRetour
from palier.retours.models import Retour, Retournable
from palier.retours.partages import capture_shared_emails
from palier.retours.registre import Piece, TableRetour, tables

#: A return stays a file that can be sent: what passes these bounds waits for the next number.
LIGNES_MAX, OCTETS_MAX = 5000, 300 * 1024 * 1024


@action(Gesture.RETOUR_MANAGE)
def prepare_return(actor: Actor) -> Retour | None:
    """Take what waits into a new return; None when nothing does. Two calls at once: the second waits, then finds none."""
    agence_id = actor.agence_id
    lock_returns(agence_id)
    capture_shared_emails(agence_id)
    last = Retour.objects.visible_to(actor).filter(agence_id=agence_id).order_by("-sequence").first()
    moment = now()
    sources = _sources(actor)
    found: dict[str, list[dict[str, str]]] = {}
    pieces: list[dict[str, Any]] = []
    taken: list[tuple[TableRetour, list[UUID]]] = []
    for table in tables():
        rows = _waiting(actor, table)
        found[table.nom] = [_line(table, row, sources) for row in rows]
        pieces += [_piece(table.piece(row)) for row in rows] if table.piece else []
        taken.append((table, [row.id for row in rows]))
    total = sum(len(lines) for lines in found.values())
    if not total:
        return None
    depuis = last.jusqu_a if last else None
    content = {"tables": found, "pieces": pieces, "depuis": stored(depuis), "jusqu_a": stored(moment)}
    retour: Retour = Retour.objects.create(
        agence_id=agence_id,
        id=new_id(),
        sequence=last.sequence + 1 if last else 1,
        depuis=depuis,
        jusqu_a=moment,
        prepare_par=actor.account_id,
        contenu=content,
        lignes=total,
        empreinte=_digest(content),
    )
    _mark(actor, retour, taken, moment)
    journal.record(
        actor,
        Gesture.RETOUR_MANAGE,
        f"retour:{retour.sequence}",
        agence_id=agence_id,
        acte="preparation",
        lignes=total,
    )
    return retour


def _sources(actor: Actor) -> dict[UUID, tuple[str, str]]:
    rows = Source.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    return {row[0]: (row[1], row[2]) for row in rows.values_list("id", "logiciel", "base")}


def _waiting(actor: Actor, table: TableRetour) -> list[Retournable]:
    """Return the rows of a table that wait, oldest first, locked: one cancelled meanwhile is not among them."""
    rows: Iterable[Any] = (
        table.modele.objects.visible_to(actor)
        .filter(agence_id=actor.agence_id, etat=EtatRetour.DEMANDE)
        .select_related("acces__tiers", *table.liens)
        .select_for_update(of=("self",))
        .order_by("cree_le", "id")[:LIGNES_MAX]
    )
    kept: list[Retournable] = []
    octets = 0
    for row in rows:
        octets += getattr(row, "octets", 0)
        if kept and octets > OCTETS_MAX:
            break
        kept.append(row)
    return kept


def _line(table: TableRetour, row: Any, sources: dict[UUID, tuple[str, str]]) -> dict[str, str]:
    tiers = row.acces.tiers
    logiciel, base = sources.get(tiers.source_id, ("", ""))
    values = {
        "id": row.id, "logiciel": logiciel, "base": base, "tiers_id": tiers.reference, **table.ligne(row),
    }  # fmt: skip
    return {champ.nom: stored(values.get(champ.nom)) for champ in table.colonnes}


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "chemin": piece.chemin, "sha256": piece.sha256, "octets": piece.octets, "adresse": piece.adresse,
        "cle": piece.cle,
    }  # fmt: skip


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _mark(
    actor: Actor, retour: Retour, taken: list[tuple[TableRetour, list[UUID]]], moment: datetime
) -> None:
    for table, ids in taken:
        rows = table.modele.objects.visible_to(actor).filter(agence_id=actor.agence_id, id__in=ids)
        rows.update(etat=EtatRetour.TRANSMIS, retour_id=retour.id, transmis_le=moment)
