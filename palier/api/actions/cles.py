"""Keys: made, revoked, marked as used."""

import ipaddress
import secrets
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.api.enums import Portee
from palier.api.models import CleApi
from palier.api.rules.secrets import MONTRE, digest, key_of, truncated
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.trousseau import note_later
from palier.echanges.chargement.identifiants import source_id
from palier.echanges.models import Source

CLES_MAX = 50


def ensure_source(actor: Actor, logiciel: str, base: str) -> UUID:
    """Return the id of a source, written when it has sent nothing yet. Only inside an action."""
    found = source_id(agence_key(actor, actor.agence_id).salt, logiciel, base)
    row = Source(agence_id=actor.agence_id, id=found, logiciel=logiciel, base=base)
    Source.objects.visible_to(actor).bulk_create([row], ignore_conflicts=True)
    present: UUID = (
        Source.objects.visible_to(actor)
        .values_list("id", flat=True)
        .get(agence_id=actor.agence_id, logiciel=logiciel, base=base)
    )
    return present


def networks_of(text: str) -> list[str]:
    """Return the networks written in a text, one a line or separated by commas. Raises BusinessError."""
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(str(ipaddress.ip_network(word, strict=False)))
        except ValueError as error:
            raise BusinessError(
                "reseau_mal_forme",
                _("« %(mot)s » n’est pas une adresse IP ni un réseau : écrivez par exemple 203.0.113.0/24.")
                % {"mot": word[:50]},
            ) from error
    return found


@action(Gesture.API_MANAGE)
def create_key(
    actor: Actor,
    *,
    nom: str,
    logiciel: str,
    base: str,
    portees: list[str],
    expire_le: datetime | None = None,
    reseaux: str = "",
) -> tuple[CleApi, str]:
    """Make a key for a source of the agence; return it and its secret, which nobody will ever read again."""
    present = CleApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, revoquee_le__isnull=True)
    if present.count() >= CLES_MAX:
        raise BusinessError(
            "trop_de_cles", _("Votre agence a déjà 50 clés : révoquez celles qui ne servent plus.")
        )
    if not portees or not set(portees) <= set(Portee.values):
        raise BusinessError("portees_vides", _("Choisissez au moins une chose que cette clé pourra faire."))
    if expire_le is not None and expire_le <= now():
        raise BusinessError("expiration_passee", _("La date de fin est passée : choisissez un jour à venir."))
    secret = key_of(secrets.token_bytes(32))
    row: CleApi = CleApi.objects.create(
        agence_id=actor.agence_id,
        id=new_id(),
        source_id=ensure_source(actor, logiciel, base),
        nom=nom,
        prefixe=secret[:MONTRE],
        empreinte=digest(secret),
        portees=sorted(portees),
        reseaux=networks_of(reseaux),
        creee_le=now(),
        creee_par=actor.account_id,
        expire_le=expire_le,
    )
    journal.record(
        actor, Gesture.API_MANAGE, f"cle:{row.id}", agence_id=actor.agence_id, acte="ajout",
        prefixe=row.prefixe, source=f"{logiciel}/{base}", portees=row.portees,
    )  # fmt: skip
    return row, secret


@action(Gesture.API_MANAGE)
def revoke_key(actor: Actor, cle_id: UUID) -> CleApi:
    """Close a key at once: its next request is refused. Quiet when it is closed already."""
    row: CleApi | None = (
        CleApi.objects.visible_to(actor)
        .select_for_update()
        .filter(agence_id=actor.agence_id, id=cle_id)
        .first()
    )
    if row is None:
        raise Invisible
    if row.revoquee_le is None:
        row.revoquee_le = now()
        row.save(update_fields=["revoquee_le"])
        journal.record(
            actor, Gesture.API_MANAGE, f"cle:{row.id}", agence_id=actor.agence_id, acte="retrait",
            prefixe=row.prefixe,
        )  # fmt: skip
        note_later(actor.agence_id)
    return row


def mark_used(actor: Actor, cle_id: UUID, address: str) -> None:
    """Note that a key was used, and from which network. Machinery: no gesture, no line of journal."""
    with writing("mark_used"):
        CleApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=cle_id).update(
            utilisee_le=now(), utilisee_de=truncated(address)
        )
