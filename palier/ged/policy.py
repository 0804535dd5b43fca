"""Who sees a document: décret 2019-502 for copropriétés, the parties for a lease or a mandate (law.md B1, B6)."""

from typing import Any

from django.db.models import Q, QuerySet

from palier.acces.cercles import CerclePolicy
from palier.core.access import register
from palier.core.actor import Actor
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy, OwnAccesPolicy, is_inside
from palier.ged.models import Document, Fichier, Lecture


@register
class DocumentPolicy(CerclePolicy):
    """Its cercle, within its dates of publication."""

    model = Document
    row_date = "le"

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        found = super().visible(actor, rows)
        if is_inside(actor):
            return found
        started = Q(publie_du__isnull=True) | Q(publie_du__lte=actor.today)
        not_ended = Q(publie_au__isnull=True) | Q(publie_au__gte=actor.today)
        return found.filter(started, not_ended)


@register
class FichierPolicy(AgencePolicy):
    """The staff and tasks; clients reach a file through a document, and the row policy checks it again."""

    model = Fichier

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return super().visible(actor, rows)
        documents = Document.objects.visible_to(actor)
        return rows.filter(id__in=documents.values("fichier_id"))


@register
class LecturePolicy(OwnAccesPolicy):
    """The reader, and the staff."""

    model = Lecture
