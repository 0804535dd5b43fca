"""A task that forgot its actor sees nothing and writes nothing (T12)."""

import pytest
from django.db import transaction

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.ids import new_id
from palier.core.tenancy import open_actor
from palier.ged.models import Document
from palier.patrimoine.models import Tiers
from tests.cast import Cast


def test_task_without_an_actor_sees_nothing(cast: Cast, nobody: None) -> None:
    assert list(Document.objects.unguarded("a forgotten filter").all()) == []
    with writing("attack"):
        assert Tiers.objects.unguarded("a forgotten filter").update(nom="x") == 0


def test_forgotten_filter_stays_within_the_agence(cast: Cast) -> None:
    cast.system(cast.b)
    titles = {d.titre for d in Document.objects.unguarded("a forgotten filter").all()}
    assert titles == {d.titre for name, d in cast.documents.items() if name.startswith("b_")}


def test_python_and_database_say_the_same(cast: Cast) -> None:
    """The policy in Python and the row policy in PostgreSQL open exactly the same rows, for everybody."""
    for name in ("claire", "conrad", "fabien", "beatrice", "leo", "anna", "charlie", "sans"):
        actor = cast.actor(name)
        by_python = set(Document.objects.visible_to(actor).values_list("id", flat=True))
        by_database = set(Document.objects.unguarded("comparison").values_list("id", flat=True))
        assert (name, by_python) == (name, by_database)


def test_actor_settings_end_with_the_transaction(real_base: None) -> None:
    from django.db import connection

    with transaction.atomic():
        open_actor(Actor.system(new_id(), "test"))
    with connection.cursor() as cursor:
        cursor.execute("select nullif(current_setting('palier.agences', true), '')")
        assert cursor.fetchone() == (None,)


def test_open_actor_needs_a_transaction(real_base: None) -> None:
    with pytest.raises(RuntimeError):
        open_actor(Actor.anonymous())
