"""Keys: shown once, kept as a digest, refused with one and the same answer."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from palier.agences.models import Agence
from palier.api.actions.cles import create_key, revoke_key
from palier.api.machine import DEBIT, REFUS
from palier.api.models import CleApi
from palier.core import throttle
from palier.core.access import Gesture, may
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Forbidden
from palier.core.tenancy import acting_as, open_actor
from palier.patrimoine.models import Tiers
from tests.api.conftest import Programme, make_key, problem
from tests.api.test_imports import manifest
from tests.cast import Cast
from tests.factories import make_agence


def test_a_key_opens_its_source_and_nothing_is_kept_of_it_but_a_digest(programme: Programme) -> None:
    response = programme.get("/imports/courant")
    assert (response.status_code, response.json()["source"]) == (
        200,
        {"logiciel": "essai", "base": "principale"},
    )
    row = CleApi.objects.visible_to(programme.actor()).get(agence_id=programme.agence_id, id=programme.cle_id)
    assert programme.secret.startswith(row.prefixe)
    assert programme.secret not in str(row.__dict__)
    assert (row.utilisee_le is not None, row.utilisee_de) == (True, "127.0.0.0/24")


def test_every_refused_key_gets_the_same_answer(programme: Programme, agence_id: UUID) -> None:
    _id, late = make_key(agence_id, expire_le=now() + timedelta(seconds=60))
    with writing("test"), connection.cursor() as cursor:
        cursor.execute(
            "update api_cleapi set expire_le = now() - interval '1 second' where expire_le is not null"
        )
    gone_id, gone = make_key(agence_id)
    with acting_as(Actor.system(agence_id, "test")) as actor:
        revoke_key(actor, gone_id)
    _id, elsewhere = make_key(agence_id, reseaux="203.0.113.0/24")
    answers = set()
    for secret in (late, gone, elsewhere, "palier_" + "a" * 43, "x", ""):
        response = Client().get(
            "/api/v1/imports", headers={"Authorization": f"Bearer {secret}", "X-Request-Id": "r"}
        )
        assert response["WWW-Authenticate"] == 'Bearer realm="palier"'
        answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_a_key_of_a_closed_agence_opens_nothing(programme: Programme, agence_id: UUID) -> None:
    with writing("test"):
        Agence.objects.filter(id=agence_id).update(statut="suspendue")
    assert programme.get("/imports").status_code == 401


def test_the_row_of_a_key_shows_to_its_digest_alone(programme: Programme, nobody: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from api_cleapi")
        assert cursor.fetchone() == (0,)


def test_a_scope_opens_its_own_gesture_only(agence_id: UUID) -> None:
    _id, secret = make_key(agence_id, portees=["imports:lire"])
    reader = Programme(agence_id, secret, _id)
    assert reader.get("/imports").status_code == 200
    for verb, path in (("POST", "/imports"), ("PUT", "/documents/" + "0" * 64)):
        found = problem(reader.send(verb, path, b"x", "application/zip"))
        assert (found["status"], found["code"]) == (403, "portee_absente")


def test_a_machine_sees_nobody_and_manages_nothing(programme: Programme, cast: Cast) -> None:
    machine = Actor.machine(cast.a.agence.id, cast.a.agence.id, frozenset({Gesture.IMPORT_READ}), "clé")
    open_actor(machine)
    assert not Tiers.objects.visible_to(machine).exists()
    for gesture in set(Gesture) - {Gesture.IMPORT_READ}:
        assert not may(machine, gesture)


def test_no_cookie_opens_the_api(cast: Cast) -> None:
    assert cast.client("adele").get("/api/v1/imports").status_code == 401


def test_only_the_administrator_makes_keys(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        make = cast.staff("gaston")
        create_key(make, nom="x", logiciel="l", base="b", portees=["imports:lire"])


@pytest.mark.parametrize(
    ("reseaux", "portees"), [("pas-un-reseau", ["imports:lire"]), ("", []), ("", ["tout"])]
)
def test_a_wrong_key_is_refused_with_a_sentence(agence_id: UUID, reseaux: str, portees: list[str]) -> None:
    with pytest.raises(BusinessError):
        make_key(agence_id, reseaux=reseaux, portees=portees)


def test_limits_are_told_and_held(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    first = programme.get("/imports")
    assert (first["RateLimit-Limit"], int(first["RateLimit-Remaining"])) == (str(DEBIT), DEBIT - 1)
    monkeypatch.setattr("palier.api.machine.DEBIT", 1)
    found = programme.get("/imports")
    assert problem(found)["code"] == "trop_de_demandes"
    assert 1 <= int(found["Retry-After"]) <= 60
    throttle.forget("api", str(programme.cle_id))


def test_guessing_is_slowed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palier.api.machine.REFUS", 2)
    assert REFUS > 2
    throttle.forget("api_refus", "127.0.0.1")
    codes = [
        Client().get("/api/v1/imports", headers={"Authorization": f"Bearer palier_{n:043}"}).status_code
        for n in range(3)
    ]
    throttle.forget("api_refus", "127.0.0.1")
    assert codes == [401, 401, 429]


def test_the_key_of_another_agence_or_source_finds_nothing(programme: Programme, agence_id: UUID) -> None:
    opened = programme.post("/imports", manifest(), "application/json").json()["id"]
    with writing("fixtures"):
        other = make_agence("autre", "Autre").agence.id
    strangers = [make_key(other), make_key(agence_id, logiciel="autre")]
    for cle_id, secret in strangers:
        stranger = Programme(agence_id, secret, cle_id)
        for verb, path in (
            ("GET", ""), ("GET", "/rapport"), ("POST", "/controler"), ("POST", "/appliquer"), ("POST", "/annuler"),
        ):  # fmt: skip
            found = problem(stranger.send(verb, f"/imports/{opened}{path}"))
            assert (found["status"], found["code"]) == (404, "introuvable")
        assert problem(stranger.put(f"/imports/{opened}/tables/tiers", b"id;nom\n1;A\n"))["status"] == 404
        assert stranger.get("/imports").json()["imports"] == []
