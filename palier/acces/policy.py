"""Who sees accès, spaces, droits and codes."""

from typing import Any

from django.db.models import QuerySet

from palier.acces.models import Acces, Cercle, CodeAcces, Droit, Espace
from palier.core.access import register
from palier.core.actor import Actor
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy, OwnAccesPolicy


@register
class AccesPolicy(OwnAccesPolicy):
    """The agence's staff, and the person himself."""

    model = Acces
    acces_field = "id"


@register
class EspacePolicy(OwnAccesPolicy):
    """The person himself while the space is open; the staff always."""

    model = Espace

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        found = super().visible(actor, rows)
        return found if actor.agences else found.filter(du__lte=actor.today, au__gte=actor.today)


@register
class DroitPolicy(OwnAccesPolicy):
    """The person himself, and the staff."""

    model = Droit


@register
class CerclePolicy(AgencePolicy):
    """The staff; a client never needs the name of a cercle."""

    model = Cercle


@register
class CodePolicy(AgencePolicy):
    """The staff sees that a code exists, never its secret."""

    model = CodeAcces
