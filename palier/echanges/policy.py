"""Who sees imports: the staff. A client sees a source only for its freshness stamp."""

from typing import Any

from django.db.models import QuerySet

from palier.core.access import register
from palier.core.actor import Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgenceClientsPolicy, AgencePolicy
from palier.echanges.models import Alias, Anomalie, Fraicheur, Import, Source


def of_the_machine(actor: Actor, rows: GuardedQuerySet[Any], field: str) -> QuerySet[Any]:
    """The rows of the one source that a machine's key is made for."""
    return rows.filter(agence_id__in=actor.agences, **{field: actor.source_id})


@register
class SourcePolicy(AgenceClientsPolicy):
    """Freshness is for everyone at the agence; a machine sees its own source."""

    model = Source

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            return of_the_machine(actor, rows, "id")
        return super().visible(actor, rows)


@register
class FraicheurPolicy(AgenceClientsPolicy):
    """As the source is: for everyone at the agence."""

    model = Fraicheur


@register
class AliasPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Alias


@register
class ImportPolicy(AgencePolicy):
    """The staff and tasks; a machine, for its source."""

    model = Import

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            return of_the_machine(actor, rows, "source_id")
        return super().visible(actor, rows)


@register
class AnomaliePolicy(AgencePolicy):
    """The staff and tasks; a machine, for its source."""

    model = Anomalie

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            runs = Import.objects.visible_to(actor).values("id")
            return rows.filter(agence_id__in=actor.agences, import_id__in=runs)
        return super().visible(actor, rows)
