"""A worker that dies, or a base that goes away, at any step: one import of each sending, one delivery of each event."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from palier.api.actions.confier import entrust
from palier.api.actions.crochets import announce, create_crochet, deliver, try_crochet
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.execution import run_import
from palier.echanges.historique.annulation import cancel_import, run_cancel
from tests.api.conftest import Programme, make_key, problem
from tests.api.test_crochets import Ecoute, ecoute
from tests.api.test_imports import NDJSON, open_tables
from tests.echanges.fabrique import AGENCE, csv_bytes, make_dossier, sound_tables
from tests.echanges.tueur import in_a_process
from tests.factories import make_agence

__all__ = ["ecoute"]
Base = psycopg.Connection[Any]


@pytest.fixture
def programme(real_base: None, tmp_path: Path, settings: Any) -> Programme:
    """A program whose commits are real."""
    settings.DATA_DIR = tmp_path / "donnees"
    with transaction.atomic(), writing("fixtures"):
        agence_id = UUID(str(make_agence(AGENCE, "Agence d’essai").agence.id))
    cle_id, secret = make_key(agence_id)
    return Programme(agence_id, secret, cle_id)


def system(programme: Programme) -> Actor:
    return Actor.system(programme.agence_id, "test")


def count(base: Base, table: str, where: str = "true") -> int:
    row = base.execute(f"select count(*) from {table} where {where}").fetchone()  # type: ignore[call-overload]
    return int(row[0]) if row else -1


def dying(gesture: Callable[[], None], what: str, most: int = 80, pas: int = 1) -> int:
    """Run a gesture so that each of its steps is the last one once, then whole; return how many times it died.

    The gesture is run again after each death, as the queue does: it is the same one, not a new one.
    """
    for fatal in range(1, most, pas):
        if in_a_process(gesture, fatal, what) == 0:
            assert in_a_process(gesture) == 0
            return fatal - 1
    raise AssertionError("it never ends")


@pytest.mark.parametrize("what", ["tuer", "base"])
def test_parts_become_one_import_whatever_dies(programme: Programme, superuser: Base, what: str) -> None:
    number = open_tables(programme)
    tables: dict[str, Any] = {**sound_tables(), "documents": []}
    for table, rows in tables.items():
        assert programme.put(f"/imports/{number}/tables/{table}", csv_bytes(table, rows)).status_code == 201
    assert programme.post(f"/imports/{number}/appliquer").status_code == 202
    assert dying(lambda: entrust(system(programme), UUID(number)), what) > 5
    assert count(superuser, "echanges_import") == 1
    assert count(superuser, "procrastinate_jobs", "task_name = 'echanges.importer'") == 1
    ((args,),) = superuser.execute(
        "select args from procrastinate_jobs where task_name = 'echanges.importer'"
    ).fetchall()
    import_id = UUID((json.loads(args) if isinstance(args, str) else args)["import_id"])
    dying(lambda: void(run_import(system(programme), import_id)), what, 400, 13)
    assert superuser.execute("select etat from echanges_import").fetchall() == [("applique",)]
    assert count(superuser, "patrimoine_tiers") == len(tables["tiers"])
    assert count(superuser, "comptabilite_mouvement") == len(tables["mouvements"])
    working = Path(os.environ["PALIER_DATA"])
    assert not list(working.glob("travail/envoi-*/*"))


def void(_result: object) -> None: ...


def applied(programme: Programme, path: Path, **changes: Any) -> UUID:
    with acting_as(system(programme)) as actor, writing("test"):
        row = create_import(actor, "a.zip", depot="", octets=1)
    done = run_import(system(programme), row.id, make_dossier(path, **changes))
    assert done is not None
    assert done.etat == "applique"
    return UUID(str(row.id))


@pytest.mark.parametrize("what", ["tuer", "base"])
def test_an_event_is_written_once_and_told_under_one_number(
    programme: Programme, superuser: Base, tmp_path: Path, ecoute: Ecoute, what: str
) -> None:
    with acting_as(system(programme)) as actor:
        create_crochet(actor, url=ecoute.url, logiciel="essai", base="principale")
    done = applied(programme, tmp_path / "a.zip")

    def tell() -> None:
        with acting_as(system(programme)) as actor:
            announce(actor, done)

    assert dying(tell, what) >= 2
    assert count(superuser, "api_livraison") == 1
    assert count(superuser, "procrastinate_jobs", "task_name = 'api.livrer'") == 1
    ((row,),) = superuser.execute("select id from api_livraison").fetchall()
    assert dying(lambda: deliver(system(programme), row), what) >= 2
    assert superuser.execute("select etat from api_livraison").fetchall() == [("livree",)]
    # Cut after the answer and before it is noted, the event goes out again: under the number that says it is the same.
    assert {headers["webhook-id"] for headers, _body in ecoute.recus} == {str(row)}
    assert len({body for _headers, body in ecoute.recus}) == 1


def test_a_receiver_that_hangs_up_is_told_again(
    programme: Programme, superuser: Base, ecoute: Ecoute
) -> None:
    with acting_as(system(programme)) as actor:
        row, _secret = create_crochet(actor, url=ecoute.url, logiciel="essai", base="principale")
        delivery = try_crochet(actor, row.id)
    ecoute.server.shutdown()
    ecoute.server.server_close()
    deliver(system(programme), delivery.id)
    assert superuser.execute("select etat, essais from api_livraison").fetchall() == [("en_attente", 1)]
    assert count(superuser, "procrastinate_jobs", "task_name = 'api.livrer' and scheduled_at > now()") == 1


@pytest.mark.parametrize("what", ["tuer", "base"])
def test_a_rollback_is_done_once_whatever_dies(
    programme: Programme, superuser: Base, tmp_path: Path, what: str
) -> None:
    applied(programme, tmp_path / "a.zip")
    tables: dict[str, Any] = sound_tables()
    tables["tiers"][0]["nom"] = "CHANGE"
    tables["tiers"].append({"id": "T9", "nature": "PP", "nom": "NOUVEAU"})
    second = applied(programme, tmp_path / "b.zip", tables=tables, arrete_au="2026-11-23")
    with acting_as(system(programme)) as actor:
        asked = cancel_import(actor, second, in_background=True)

    def undo() -> None:
        from palier.echanges.suivi import exclusive

        with exclusive(programme.agence_id), acting_as(system(programme)) as actor:
            run_cancel(actor, asked.id)

    assert dying(undo, what) >= 2
    assert superuser.execute("select etat from echanges_annulation").fetchall() == [("faite",)]
    names = superuser.execute(
        "select nom from patrimoine_tiers where archive_le is null order by reference"
    ).fetchall()
    assert [n for (n,) in names] == [r["nom"] for r in sound_tables()["tiers"]]
    assert count(superuser, "echanges_import", "etat = 'annule'") == 1


@pytest.mark.parametrize("line", [b'{"id": "1", "nom": "\\ud800"}', b'{"\\udfff": "1"}', b'{"id": "1", "nom": "a\\u0000b"}',
                                  b'{"id": 1e400}', b'{"id": NaN}', b'{"id": ' + b"9" * 5000 + b"}", b"[" * 60_000])  # fmt: skip
def test_bent_lines_of_json_are_refused_and_named(programme: Programme, line: bytes) -> None:
    number = open_tables(programme)
    answer = programme.put(f"/imports/{number}/tables/tiers", line + b"\n", NDJSON)
    if b"u0000" in line:  # told by the checks of the import, as in a file
        assert answer.status_code == 201
        return
    assert answer.status_code == 422
    found = problem(answer)
    assert found["erreurs"][0]["ou"] == "ligne 1"
