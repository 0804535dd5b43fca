"""The role that serves the pages can lift no wall, by itself or through another; a base that is somebody's is in earnest."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from config import exploitant
from config.lanceur import database, manage
from config.lanceur.production import _of_role
from palier.core.embedded_postgres import with_user

ROLE = "palier_essai"


@pytest.fixture
def role(superuser: psycopg.Connection[Any]) -> Iterator[str]:
    """A role that may connect, as the application's own; dropped afterwards."""
    name = sql.Identifier(ROLE)
    superuser.execute(sql.SQL("drop role if exists {}").format(name))
    superuser.execute(sql.SQL("create role {} login in role palier_app").format(name))
    yield with_user(os.environ["DATABASE_SUPERUSER_URL"], ROLE)
    superuser.execute(sql.SQL("drop role {}").format(name))


def test_role_of_the_application_serves(role: str) -> None:
    assert _of_role(role) == [] and _of_role(os.environ["DATABASE_URL"]) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("superuser", "superutilisateur"),
        ("bypassrls", "BYPASSRLS"),
        ("createrole", "CREATEROLE"),
        ("in role palier_owner", "possède des tables"),
    ],
)
def test_role_that_could_lift_a_wall_is_refused(
    role: str, superuser: psycopg.Connection[Any], given: str, said: str
) -> None:
    grant = f"grant palier_owner to {ROLE}" if given.startswith("in role") else f"alter role {ROLE} {given}"
    superuser.execute(grant)  # type: ignore[arg-type]
    found = _of_role(role)
    assert len(found) == 1 and said in found[0]


@pytest.mark.parametrize(("mode", "expected"), [(None, "production"), ("developpement", "developpement")])
def test_somebody_s_base_is_managed_in_earnest(
    monkeypatch: pytest.MonkeyPatch, mode: str | None, expected: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://palier_app@base.example/palier")
    monkeypatch.delenv("PALIER_MODE")
    if mode:
        monkeypatch.setenv("PALIER_MODE", mode)
    seen: list[str] = []

    def run(env: dict[str, str], *arguments: str, owner: bool = False) -> int:
        seen.append(env["PALIER_MODE"])
        return 0

    monkeypatch.setattr(database, "manage", run)
    assert manage.run(["textes", "verifier"]) == 0 and seen == [expected]


def test_production_invents_no_company() -> None:
    assert set(exploitant.read({}, production=True).values()) == {""}
    assert all(exploitant.read({}, production=False).values())
    given = {"PALIER_EXPLOITANT_NOM": "Portail du Val SAS"}
    assert exploitant.read(given, production=True)["nom"] == "Portail du Val SAS"
    assert "PALIER_EXPLOITANT_NOM" not in exploitant.missing(given) and len(exploitant.missing(given)) == 13
