"""Rows that measures need and that no dossier holds."""

from uuid import UUID

from django.db import connections

from palier.acces.models import Droit, Espace
from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now, today
from palier.core.ids import new_id
from palier.core.tenancy import acting_as
from palier.core.vault import store
from palier.echanges.models import Source
from palier.ged.models import Document, Fichier

REASON = "banc d'essai"


def publish_document(espace_id: str, content: bytes) -> UUID:
    """Put ``content`` in the vault and address it to the first personal cercle of a space; return the document."""
    try:
        return _published(espace_id, content)
    finally:
        connections.close_all()  # a database is copied only while nobody is connected to it


def _published(espace_id: str, content: bytes) -> UUID:
    for agence in Agence.objects.order_by("slug"):
        with acting_as(Actor.system(agence.id, REASON)) as actor, writing(REASON):
            espace = Espace.objects.visible_to(actor).filter(id=UUID(espace_id)).first()
            if espace is not None:
                return _publish(actor, espace, content)
    raise LookupError(espace_id)


def _publish(actor: Actor, espace: Espace, content: bytes) -> UUID:
    agence_id = espace.agence_id
    droit = Droit.objects.visible_to(actor).filter(espace_id=espace.id, personnel=True).order_by("id")[0]
    source = Source.objects.visible_to(actor).order_by("id")[0]
    sha256, address, length = store(agence_key(actor, agence_id), content)
    fichier = Fichier.objects.create(
        agence_id=agence_id,
        sha256=sha256,
        octets=length,
        mime="application/pdf",
        adresse=address,
        pages=1,
        analyse_le=now(),
    )
    document_id = new_id()
    Document.objects.create(
        agence_id=agence_id,
        id=document_id,
        source_id=source.id,
        reference=f"banc-{document_id}",
        unite_id=agence_id,
        empreinte=document_id,
        cercle_id=droit.cercle_id,
        fichier_id=fichier.id,
        titre="Document du banc",
        categorie="courrier",
        le=min(today(), droit.au),
        portee="compte",
        audience="compte",
        recu_le=now(),
    )
    return document_id
