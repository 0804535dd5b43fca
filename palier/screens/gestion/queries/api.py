"""Reads of the desk about the API: keys, webhooks, deliveries, each list in one query."""

from palier.api.models import CleApi, Crochet, Livraison
from palier.core.actor import Actor
from palier.echanges.models import Source

LIVRAISONS = 50


def keys(actor: Actor) -> list[CleApi]:
    """Return every key of the agence: those that open something first, newest first."""
    rows = CleApi.objects.visible_to(actor).filter(agence_id=actor.agence_id).select_related("source")
    return sorted(rows.order_by("-creee_le", "-id")[:200], key=lambda row: row.revoquee_le is not None)


def one_key(actor: Actor, cle_id: object) -> CleApi | None:
    """Return a key that is not revoked yet."""
    rows = CleApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=cle_id, revoquee_le=None)
    found: CleApi | None = rows.select_related("source").first()
    return found


def crochets(actor: Actor) -> list[Crochet]:
    """Return every webhook, those taken away included, newest first."""
    rows = Crochet.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    return list(rows.select_related("source").order_by("-cree_le", "-id"))


def livraisons(actor: Actor) -> list[Livraison]:
    """Return the last deliveries."""
    rows = Livraison.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    return list(rows.select_related("crochet").order_by("-creee_le", "-id")[:LIVRAISONS])


def last_source(actor: Actor) -> dict[str, str]:
    """Return the source that fed the agence last: what a new key is most likely for."""
    rows = Source.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    found = rows.order_by("-importe_le", "logiciel", "id").first()
    return {"logiciel": found.logiciel, "base": found.base} if found else {}
