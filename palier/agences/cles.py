"""The agence's key, unwrapped once per process: it is read at every download."""

from uuid import UUID

from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.sql import prepared_cursor
from palier.core.vault import AgenceKey, unwrap_key

_READ = "select cle_enveloppee, sel from agences_cleagence where agence_id = %s"
_kept: dict[tuple[UUID, bytes], AgenceKey] = {}


def agence_key(actor: Actor, agence_id: UUID) -> AgenceKey:
    """Return the key of an agence that ``actor`` reaches; raise ``Invisible`` otherwise.

    The wrapped key is read from the database each time: destroying that row closes the vault at once.
    """
    # What ClePolicy says, without the cost of a queryset at every download; the row policy stands below.
    if agence_id not in actor.agences and all(acces.agence_id != agence_id for acces in actor.acces):
        raise Invisible
    with prepared_cursor() as cursor:
        cursor.execute(_READ, [agence_id])
        row = cursor.fetchone()
    if row is None:
        raise Invisible
    wrapped, salt = bytes(row[0]), bytes(row[1])
    key = _kept.get((agence_id, wrapped))
    if key is None:
        key = unwrap_key(agence_id, wrapped, salt)
        if len(_kept) > 500:
            _kept.clear()
        _kept[(agence_id, wrapped)] = key
    return key
