"""Who sees an agence's key, staff and invitations."""

from typing import Any

from django.db.models import QuerySet

from palier.agences.models import (
    CleAgence,
    Habilitation,
    InvitationEquipe,
    PointContact,
    RestrictionAgence,
)
from palier.core.access import register
from palier.core.actor import Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgenceClientsPolicy, AgencePolicy, is_inside


@register
class ClePolicy(AgenceClientsPolicy):
    """Whoever may read a file of the agence: the vault decrypts for him; a machine, to put its own in."""

    model = CleAgence

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            return rows.filter(agence_id__in=actor.agences)
        return super().visible(actor, rows)


@register
class HabilitationPolicy(AgencePolicy):
    """The staff, and the person himself."""

    model = Habilitation

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return super().visible(actor, rows)
        return rows.filter(account_id=actor.account_id) if actor.account_id else rows.none()


@register
class InvitationPolicy(AgencePolicy):
    """The staff."""

    model = InvitationEquipe


@register
class RestrictionPolicy(AgenceClientsPolicy):
    """The staff, and the clients whose pages are closed by them."""

    model = RestrictionAgence


@register
class PointContactPolicy(AgenceClientsPolicy):
    """The staff, and whoever holds an accès at the agence."""

    model = PointContact
