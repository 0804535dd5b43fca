"""Who sees what privacy keeps of an agence: its notice (its clients too), its audience (its staff)."""

from typing import Any

from django.db.models import QuerySet

from palier.core.access import register
from palier.core.actor import Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgenceClientsPolicy, AgencePolicy, OwnAccesPolicy, is_inside
from palier.vie_privee.models import (
    Assistance,
    AudienceAgence,
    DemandeAgence,
    IncidentAgence,
    IncidentPersonne,
    Instruction,
    Limitation,
    NoticeAgence,
    Obligation,
    Opposition,
)


@register
class NoticePolicy(AgenceClientsPolicy):
    """The floor says the same (migration 0004)."""

    model = NoticeAgence


@register
class AudiencePolicy(AgencePolicy):
    """The staff."""

    model = AudienceAgence


class ContratPolicy(AgencePolicy):
    """Facts of the contract: the agence's staff, and the exploitant, who executes them."""

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        return rows.all() if actor.role is Role.EXPLOITANT else super().visible(actor, rows)


@register
class InstructionPolicy(ContratPolicy):
    """Written by the agence."""

    model = Instruction


@register
class OppositionPolicy(ContratPolicy):
    """Written by the agence."""

    model = Opposition


@register
class ObligationPolicy(ContratPolicy):
    """Written by the exploitant; the agence sees those that the law lets it know."""

    model = Obligation

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        found = super().visible(actor, rows)
        return found if actor.role is Role.EXPLOITANT else found.filter(secrete=False)


@register
class IncidentAgencePolicy(ContratPolicy):
    """Counts: the exploitant and the agence."""

    model = IncidentAgence


@register
class IncidentPersonnePolicy(AgencePolicy):
    """Names: the agence alone."""

    model = IncidentPersonne


@register
class AssistancePolicy(ContratPolicy):
    """The agence that calls, the exploitant who is called."""

    model = Assistance


@register
class LimitationPolicy(OwnAccesPolicy):
    """The staff, who must respect it, and the person."""

    model = Limitation


@register
class DemandeAgencePolicy(AgencePolicy):
    """The staff, and whoever made the request."""

    model = DemandeAgence

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return super().visible(actor, rows)
        return rows.filter(account_id=actor.account_id) if actor.account_id else rows.none()
