"""Sending a mail: deferred in the transaction that causes it, sent by the worker, logged without its text."""

from typing import Any
from uuid import UUID

from palier.courrier.chiffre import address_digest, seal
from palier.courrier.modeles import MODELES
from palier.courrier.models import Envoi


def send_later(
    modele: str,
    *,
    to: str,
    agence_id: UUID | None = None,
    account_id: UUID | None = None,
    langue: str = "fr",
    **faits: Any,
) -> Envoi:
    """Queue the mail ``modele`` for one recipient; nothing leaves if the present transaction is undone.

    ``faits`` are the words that the template needs; they travel sealed. Returns the log's row.
    Raises ``KeyError`` for an unknown template.
    """
    if modele not in MODELES:
        raise KeyError(modele)
    envoi = Envoi.objects.create(
        modele=modele, agence_id=agence_id, account_id=account_id, destinataire=address_digest(to)
    )
    content: dict[str, Any] = {"modele": modele, "to": to, "langue": langue, "faits": faits}
    if agence_id is not None:
        content["agence_id"] = str(agence_id)
    defer("courrier.envoyer", envoi_id=str(envoi.id), charge=seal(content))
    return envoi


def defer(task: str, **arguments: Any) -> None:
    """Queue a task by its name: the tasks stand above the actions that cause them."""
    from procrastinate.contrib.django import app

    app.configure_task(task, queue="courrier").defer(**arguments)
