"""The agence's key, unwrapped once per process: it is read at every download."""

from uuid import UUID

from palier.agences.models import CleAgence
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.vault import AgenceKey, unwrap_key

_kept: dict[tuple[UUID, bytes], AgenceKey] = {}


def agence_key(actor: Actor, agence_id: UUID) -> AgenceKey:
    """Return the key of an agence that ``actor`` reaches; raise ``Invisible`` otherwise.

    The wrapped key is read from the database each time: destroying that row closes the vault at once.
    """
    row = (
        CleAgence.objects.visible_to(actor).filter(agence_id=agence_id).only("cle_enveloppee", "sel").first()
    )
    if row is None:
        raise Invisible
    wrapped = bytes(row.cle_enveloppee)
    key = _kept.get((agence_id, wrapped))
    if key is None:
        key = unwrap_key(agence_id, wrapped, bytes(row.sel))
        if len(_kept) > 500:
            _kept.clear()
        _kept[(agence_id, wrapped)] = key
    return key
