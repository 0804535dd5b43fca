"""The one idea, in Python: the same sentence as ``tenancy.cercle_visible`` says in SQL."""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from palier.acces.models import Droit
from palier.core.actor import Actor
from palier.core.guard import GuardedQuerySet
from palier.core.policies import AgencePolicy, is_inside, of_agence


class CerclePolicy(AgencePolicy):
    """Published rows: whoever holds the row's cercle today, or held it on the row's date (house.md, the one idea)."""

    row_date: ClassVar[str | None] = None

    def date_of_row(self, actor: Actor) -> Any:
        """Return the expression of the row's date; None when the row has none."""
        return OuterRef(self.row_date) if self.row_date else None

    def visible(self, actor: Actor, rows: GuardedQuerySet[Any]) -> QuerySet[Any]:
        if is_inside(actor):
            return of_agence(actor, rows)
        if not actor.acces:
            return rows.none()
        return rows.filter(self.held(actor), archive_le__isnull=True)

    def held(self, actor: Actor, field: str = "cercle_id", day: Any = None) -> Q:
        """Return the condition that the row's cercle opens it to this actor; ``day``: else ``date_of_row``."""
        droits: QuerySet[Droit] = GuardedQuerySet(Droit).filter(
            acces_id__in=actor.acces_ids, du__lte=actor.today
        )
        collective = Q(
            **{f"{field}__in": droits.filter(personnel=False, au__gte=actor.today).values("cercle_id")}
        )
        personal = droits.filter(personnel=True)
        day = day or self.date_of_row(actor)
        if day is None:
            return collective | Q(**{f"{field}__in": personal.values("cercle_id")})
        on_date = personal.filter(cercle_id=OuterRef(field), du__lte=day, au__gte=day)
        return collective | Q(Exists(on_date))
