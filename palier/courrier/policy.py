"""Who sees the notices: the agence's staff; a person, those that are his."""

from typing import Any

from django.db.models import QuerySet

from palier.core.access import register
from palier.core.actor import Actor
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy, is_inside
from palier.courrier.models import Avis


@register
class AvisPolicy(AgencePolicy):
    """The staff and tasks, and the person himself."""

    model = Avis

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return super().visible(actor, rows)
        return rows.filter(acces_id__in=actor.acces_ids) if actor.acces else rows.none()
