"""The key: a manager that refuses a query without an actor.

``Model.objects.all()`` raises. ``Model.objects.visible_to(actor)`` asks the policy. ``unguarded(reason)`` is for
core and migrations; a test caps how many there are.
"""

from typing import Any, NoReturn, TypeVar

from django.db import models

from palier.core.access import policy_of
from palier.core.action import require_action
from palier.core.actor import Actor

M = TypeVar("M", bound=models.Model)


class UnguardedQuery(RuntimeError):
    """A query was made without saying for whom."""


class GuardedQuerySet(models.QuerySet[M]):
    """A queryset whose bulk writes are refused outside an action."""

    def update(self, **kwargs: Any) -> int:
        require_action(f"{self.model.__name__}.update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_action(f"{self.model.__name__}.delete")
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        require_action(f"{self.model.__name__}.bulk_create")
        return super().bulk_create(objs, *args, **kwargs)


class GuardedManager(models.Manager[M]):
    """The default manager of every model of an agence."""

    def get_queryset(self) -> NoReturn:
        raise UnguardedQuery(
            f"{self.model.__name__}.objects needs an actor: use visible_to(actor) (house.md, wall 3)."
        )

    def visible_to(self, actor: Actor) -> GuardedQuerySet[M]:
        """Return the rows that ``actor`` sees, as the model's policy says."""
        rows: GuardedQuerySet[M] = GuardedQuerySet(self.model, using=self._db)
        return policy_of(self.model).visible(actor, rows)  # type: ignore[return-value]

    def unguarded(self, reason: str) -> GuardedQuerySet[M]:
        """Return all rows that the database lets through; ``reason`` is for the reader of the code."""
        if not reason:
            raise UnguardedQuery("unguarded() needs a reason.")
        return GuardedQuerySet(self.model, using=self._db)

    def create(self, **kwargs: Any) -> M:
        """Create a row; only inside an action."""
        row = self.model(**kwargs)
        row.save(force_insert=True)
        return row
