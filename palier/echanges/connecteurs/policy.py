"""Who sees calibrations: the staff of the agence; those that an agence shares, the staff of every other one."""

from typing import Any

from django.db.models import Q, QuerySet

from palier.core.access import register
from palier.core.actor import STAFF, Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy

from .models import Calibrage, ProfilCalibre


@register
class CalibragePolicy(AgencePolicy):
    """The staff and tasks."""

    model = Calibrage

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        return rows.none() if actor.role is Role.MACHINE else super().visible(actor, rows)


@register
class ProfilCalibrePolicy(AgencePolicy):
    """The staff and tasks; what is shared, for the staff of the other agences too."""

    model = ProfilCalibre

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role in STAFF:
            return rows.filter(Q(agence_id__in=actor.agences) | Q(partage=True, retire_le__isnull=True))
        return rows.filter(agence_id__in=actor.agences) if actor.role is Role.SYSTEME else rows.none()
