"""A key, and a program that uses it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from palier.api.actions.cles import create_key
from palier.api.enums import Portee
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as, open_actor
from tests.echanges.fabrique import AGENCE
from tests.factories import make_agence

TOUTES = list(Portee.values)
PREFIX = "/api/v1"


def make_key(
    agence_id: UUID,
    *,
    logiciel: str = "essai",
    base: str = "principale",
    portees: list[str] | None = None,
    expire_le: datetime | None = None,
    reseaux: str = "",
) -> tuple[UUID, str]:
    """Return (id, secret) of a new key."""
    with acting_as(Actor.system(agence_id, "test")) as actor:
        row, secret = create_key(
            actor, nom="Nuit", logiciel=logiciel, base=base,
            portees=TOUTES if portees is None else portees, expire_le=expire_le, reseaux=reseaux,
        )  # fmt: skip
    return row.id, secret


@dataclass
class Programme:
    """A program of an agence's back-office."""

    agence_id: UUID
    secret: str
    cle_id: UUID
    client: Client = field(default_factory=Client)

    def send(self, verb: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> Any:
        """Send one request with the key."""
        extra = {
            "Authorization": f"Bearer {self.secret}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        response: Any = self.client.generic(verb, PREFIX + path, body, content_type=kind, headers=extra)
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: bytes = b"", kind: str = "", **headers: str) -> Any:
        return self.send("POST", path, body, kind, **headers)

    def put(self, path: str, body: bytes, kind: str = "text/csv", **headers: str) -> Any:
        return self.send("PUT", path, body, kind, **headers)

    def actor(self) -> Actor:
        """Return a task's actor for the agence, opened."""
        actor = Actor.system(self.agence_id, "test")
        open_actor(actor)
        return actor


def problem(response: HttpResponse) -> dict[str, Any]:
    """Return a refusal, which must be a problem."""
    assert response["Content-Type"].startswith("application/problem+json"), response.content
    found: dict[str, Any] = json.loads(response.content)
    assert found["status"] == response.status_code
    assert found["requete"] == response["X-Request-Id"]
    return found


def run_jobs(*names: str) -> list[str]:
    """Run what waits in the queue, in order, until nothing of these names does; return what ran."""
    from procrastinate.contrib.django import app

    wanted = names or ("api.confier", "echanges.importer", "api.signaler")
    ran: list[str] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from procrastinate_jobs where id = (select id from procrastinate_jobs"
                " where status = 'todo' and task_name = any(%s) order by id limit 1) returning task_name, args",
                [list(wanted)],
            )
            row = cursor.fetchone()
        if row is None:
            return ran
        name, args = row
        app.tasks[name].func(**(json.loads(args) if isinstance(args, str) else args))
        ran.append(name)


@pytest.fixture
def agence_id(db: None) -> UUID:
    with writing("fixtures"):
        return make_agence(AGENCE, "Agence d’essai").agence.id


@pytest.fixture
def programme(agence_id: UUID) -> Iterator[Programme]:
    """A program whose key may do everything for essai/principale."""
    cle_id, secret = make_key(agence_id)
    yield Programme(agence_id, secret, cle_id)
