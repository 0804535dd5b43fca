"""The door and the key: what is not declared does not open, what is not asked for somebody is not answered."""

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404

from palier.core.access import ALLOWED, Gesture, require
from palier.core.action import WriteOutsideAction, action
from palier.core.actor import Actor
from palier.core.errors import Forbidden
from palier.core.guard import UnguardedQuery
from palier.core.ids import new_id
from palier.core.middleware import Door
from palier.core.screens import Screen, UndeclaredAccess
from palier.ged.models import Document
from palier.patrimoine.models import Tiers


def test_screen_without_gesture_fails_at_import() -> None:
    with pytest.raises(UndeclaredAccess):
        type("Nu", (Screen,), {})


def test_every_address_declares_its_gesture() -> None:
    call_command("check", fail_level="ERROR")


def test_undeclared_view_is_refused_at_run_time() -> None:
    def slipped(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    door = Door(lambda _request: HttpResponse())
    with pytest.raises(Resolver404):
        door.process_view(RequestFactory().get("/"), slipped, (), {})


def test_every_gesture_says_who_may() -> None:
    assert set(ALLOWED) == set(Gesture)


def test_manager_refuses_a_query_without_an_actor(db: None) -> None:
    for call in (Document.objects.all, Tiers.objects.count, lambda: Tiers.objects.filter(nom="x")):
        with pytest.raises(UnguardedQuery):
            call()


def test_write_outside_an_action_is_refused(db: None) -> None:
    with pytest.raises(WriteOutsideAction):
        Tiers(agence_id=new_id(), nom="X").save()
    with pytest.raises(WriteOutsideAction):
        Tiers.objects.unguarded("test").update(nom="x")


def test_action_asks_first() -> None:
    ran = []

    @action(Gesture.CODE_ISSUE)
    def issue(actor: Actor) -> None:
        ran.append(actor)

    with pytest.raises(Forbidden):
        issue(Actor.anonymous())
    assert ran == []


def test_system_actor_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Actor.system(new_id(), "")


def test_require_denies_by_default() -> None:
    for gesture in set(Gesture) - {Gesture.PUBLIC, Gesture.PUBLIC_ONLY, Gesture.MACHINE}:
        with pytest.raises(Forbidden):
            require(Actor.anonymous(), gesture)
