"""The few shapes of policy that every room uses: the same sentences as the row policies of ``tenancy``."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from palier.core.access import Policy
from palier.core.actor import STAFF, Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.portefeuille import condition


def is_inside(actor: Actor) -> bool:
    """Tell whether the actor works for an agence (its staff, or a task of ours for it)."""
    return actor.role in STAFF or actor.role in {Role.SYSTEME, Role.ASSISTANCE}


def of_agence(actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of the actor's agence, within his portfolio when he has one."""
    found = rows.filter(agence_id__in=actor.agences)
    if actor.portefeuille is None:
        return found
    return found.filter(condition(rows.model._meta.db_table, actor.portefeuille))


class AgencePolicy(Policy):
    """Rows for the agence's staff and tasks only."""

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        return of_agence(actor, rows) if is_inside(actor) else rows.none()


class OwnAccesPolicy(AgencePolicy):
    """Rows for the agence's staff, and those of the actor's own accès."""

    acces_field: ClassVar[str] = "acces_id"

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return of_agence(actor, rows)
        return rows.filter(**{f"{self.acces_field}__in": actor.acces_ids}) if actor.acces else rows.none()


class AgenceClientsPolicy(AgencePolicy):
    """Rows for the agence's staff, and for whoever holds an accès there (contact data of the agence)."""

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return of_agence(actor, rows)
        return rows.filter(agence_id__in={acces.agence_id for acces in actor.acces})


__all__ = ["AgenceClientsPolicy", "AgencePolicy", "OwnAccesPolicy", "is_inside", "of_agence"]
