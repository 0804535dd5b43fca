"""Who sees keys, sendings and webhooks: the agence's tasks and staff; a machine, what is of its source."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from palier.api.models import CleApi, Crochet, DocumentRecu, EnvoiApi, Livraison, Morceau, RequeteRejouable
from palier.core.access import register
from palier.core.actor import Actor, Role
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy


class _OfTheSource(AgencePolicy):
    """The agence's staff and tasks; a machine, through ``field``."""

    field: ClassVar[str] = "source_id"

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            return rows.filter(agence_id__in=actor.agences, **{self.field: actor.source_id})
        return super().visible(actor, rows)


@register
class CleApiPolicy(_OfTheSource):
    """A machine sees the keys of its source: it writes when its own was used."""

    model = CleApi


@register
class EnvoiPolicy(_OfTheSource):
    """Every key of a source sees its sendings."""

    model = EnvoiApi


class _OfTheKeys(AgencePolicy):
    """Rows of the keys of the machine's source."""

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            keys = CleApi.objects.visible_to(actor).values("id")
            return rows.filter(agence_id__in=actor.agences, cle_id__in=keys)
        return super().visible(actor, rows)


@register
class RequetePolicy(_OfTheKeys):
    """Replays are by key; the query says which."""

    model = RequeteRejouable


@register
class DocumentRecuPolicy(_OfTheKeys):
    """Who sent it."""

    model = DocumentRecu


@register
class MorceauPolicy(AgencePolicy):
    """Parts of the sendings that are seen."""

    model = Morceau

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if actor.role is Role.MACHINE:
            seen = EnvoiApi.objects.visible_to(actor).values("id")
            return rows.filter(agence_id__in=actor.agences, envoi_id__in=seen)
        return super().visible(actor, rows)


@register
class CrochetPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Crochet


@register
class LivraisonPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Livraison
