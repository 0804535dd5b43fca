"""Watched folders: taken once, given back whole, whatever dies and when; two ways in at once wait for each other."""

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections, transaction

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import cancel_import, create_import, receive_import
from palier.echanges.calendrier.models import Flux
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.models import Import
from palier.echanges.surveillance.models import Arrivee
from palier.echanges.surveillance.passage import look_everywhere
from tests.echanges.fabrique import AGENCE, make_dossier, sound_tables
from tests.echanges.tueur import in_a_process
from tests.factories import make_agence


@pytest.fixture
def actor(real_base: None, tmp_path: Path, settings: Any) -> Actor:
    """An agence with one watched folder, really committed."""
    settings.DEPOTS_DIR, settings.DEPOTS_DELAI = tmp_path / "depots", 0
    settings.DATA_DIR = tmp_path / "donnees"
    settings.DEPOTS_DIR.mkdir()
    with transaction.atomic(), writing("fixtures"):
        made = make_agence(AGENCE, "Agence d’essai").agence
    actor = Actor.system(made.id, "test")
    with acting_as(actor), writing("fixtures"):
        Flux.objects.create(agence_id=made.id, nom="Nuit", dossier="nuit")
    look_everywhere()
    return actor


def place(settings: Any, folder: str = "arrivee") -> Path:
    found: Path = settings.DEPOTS_DIR / AGENCE / "nuit" / folder
    return found


def drop(settings: Any, name: str, tables: Any = None, **changes: Any) -> Path:
    """Drop a dossier as a careful sender does."""
    temporary = place(settings) / f"{name}.part"
    make_dossier(temporary, tables, **changes)
    return temporary.rename(place(settings) / name)


def import_all() -> None:
    """Run what is queued, in its order, as the worker does."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select args from procrastinate_jobs where task_name = 'echanges.importer' order by id"
        )
        jobs = [json.loads(a) if isinstance(a, str) else a for (a,) in cursor.fetchall()]
    for job in jobs:
        run_import(Actor.system(UUID(job["agence_id"]), "test"), UUID(job["import_id"]))


def everything() -> None:
    """A whole night: look, import, look again."""
    look_everywhere()
    import_all()
    look_everywhere()


def states(superuser: psycopg.Connection[Any]) -> list[str]:
    rows = superuser.execute("select etat from echanges_import order by recu_le, id").fetchall()
    return [etat for (etat,) in rows]


def count(superuser: psycopg.Connection[Any], sql: str) -> int:
    row = superuser.execute(sql).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])


def test_a_file_is_taken_imported_and_given_back(actor: Actor, settings: Any) -> None:
    drop(settings, "nuit.zip")
    look_everywhere()
    assert os.listdir(place(settings)) == []  # noqa: PTH208
    assert os.listdir(place(settings, "rapports")) == []  # noqa: PTH208
    import_all()
    look_everywhere()
    reports = {path.name: path.read_text("utf-8-sig") for path in place(settings, "rapports").iterdir()}
    assert set(reports) == {"nuit.zip.rapport.csv", "nuit.zip.rapport.json", "nuit.zip.ok"}
    assert json.loads(reports["nuit.zip.rapport.json"])["etat"] == "applique"
    assert "lignes en ligne" in reports["nuit.zip.ok"]
    assert [*place(settings, "en_cours").iterdir(), *place(settings, "traites").iterdir()] == []
    with acting_as(actor):
        row = Import.objects.visible_to(actor).get(agence_id=actor.agence_id)
        flux = Flux.objects.visible_to(actor).get(agence_id=actor.agence_id)
        assert (row.voie, row.nom_fichier) == ("dossier_surveille", "nuit.zip")
        assert (flux.source_id, flux.recu_le) == (row.source_id, row.fin_le)
        assert flux.vu_le is not None


def test_a_refused_file_is_marked_so(actor: Actor, settings: Any) -> None:
    (place(settings) / "note.txt").write_text("bonjour")
    everything()
    assert (place(settings, "rapports") / "note.txt.erreur").read_text().startswith("Refusé.")
    assert not (place(settings, "rapports") / "note.txt.ok").exists()


def test_a_decision_is_waited_for_then_the_mark_changes(actor: Actor, settings: Any) -> None:
    many = sound_tables()
    many["tiers"] += [{"id": f"P{i}", "nature": "PP", "nom": "N"} for i in range(40)]
    drop(settings, "a.zip", many)
    everything()
    drop(settings, "b.zip", arrete_au="2026-11-23", sequence=2)
    everything()
    reports = place(settings, "rapports")
    assert (reports / "b.zip.attente").exists()
    assert len(list(place(settings, "en_cours").iterdir())) == 1
    with acting_as(actor):
        row = Import.objects.visible_to(actor).get(agence_id=actor.agence_id, etat=EtatImport.A_CONFIRMER)
        cancel_import(actor, row.id)
    look_everywhere()
    assert not (reports / "b.zip.attente").exists()
    assert (reports / "b.zip.erreur").exists()
    assert list(place(settings, "en_cours").iterdir()) == []


def test_several_dropped_together_go_by_sequence(actor: Actor, settings: Any) -> None:
    for name, sequence in (("a.zip", 3), ("b.zip", 1), ("c.zip", 2)):
        drop(settings, name, sequence=sequence)
    look_everywhere()
    with acting_as(actor):
        rows = Arrivee.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("arrive_le")
        assert [row.nom for row in rows] == ["b.zip", "c.zip", "a.zip"]


def test_what_is_left_aside_is_told_to_both(actor: Actor, settings: Any, tmp_path: Path) -> None:
    (place(settings) / "lien.zip").symlink_to(tmp_path)
    look_everywhere()
    assert "fichier ordinaire" in (place(settings, "rapports") / "lien.zip.erreur").read_text()
    with acting_as(actor):
        flux = Flux.objects.visible_to(actor).get(agence_id=actor.agence_id)
        assert "lien.zip" in flux.probleme
    (place(settings) / "lien.zip").unlink()
    look_everywhere()
    with acting_as(actor):
        assert Flux.objects.visible_to(actor).get(agence_id=actor.agence_id).probleme == ""


def test_a_folder_that_cannot_be_used_says_so(actor: Actor, settings: Any) -> None:
    place(settings, "en_cours").chmod(0o777)
    look_everywhere()
    with acting_as(actor):
        assert "chmod 700" in Flux.objects.visible_to(actor).get(agence_id=actor.agence_id).probleme


@pytest.mark.parametrize("what", ["tuer", "base"])
def test_dying_at_any_step_loses_and_doubles_nothing(
    actor: Actor, superuser: psycopg.Connection[Any], settings: Any, what: str
) -> None:
    """Each step of a whole night (look, import, look) is the last one of a process once; the next one finishes.

    The import between the looks is closed by hand: what it loses when it dies itself is ``test_panne``'s.
    """

    def night() -> None:
        look_everywhere()
        with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as apart:
            apart.execute("update echanges_import set etat = 'refuse', fin_le = now() where etat = 'recu'")
        look_everywhere()

    dead, rank = 0, 0
    for fatal in range(1, 2_000):
        rank = fatal
        (place(settings) / f"{fatal}.txt").write_text("bonjour")
        ended = in_a_process(night, fatal, what)
        if ended == 0:
            break
        dead += 1
        assert in_a_process(night) == 0
        mark = place(settings, "rapports") / f"{fatal}.txt.erreur"
        assert mark.exists(), (what, fatal, sorted(p.name for p in place(settings, "rapports").iterdir()))
        assert [*place(settings).iterdir(), *place(settings, "en_cours").iterdir()] == [], (what, fatal)
    assert dead > 40
    assert count(superuser, "select count(*) from echanges_import") == rank
    assert count(superuser, "select count(*) from echanges_arrivee where rendu_le is not null") == rank
    jobs = "select count(*) from procrastinate_jobs where task_name = 'echanges.importer'"
    assert count(superuser, jobs) == rank
    assert set(states(superuser)) == {"refuse"}


@pytest.mark.parametrize("fatal", [4, 12, 20, 30, 45, 60])
def test_a_dossier_whose_night_is_cut_short_goes_on_line_once(
    actor: Actor, superuser: psycopg.Connection[Any], settings: Any, fatal: int
) -> None:
    drop(settings, "nuit.zip")
    in_a_process(everything, fatal)
    assert in_a_process(everything) == 0
    assert states(superuser) == ["applique"]
    assert count(superuser, "select count(*) from patrimoine_tiers") == 3
    assert (place(settings, "rapports") / "nuit.zip.ok").exists()


def _fork(gesture: Callable[[], None]) -> Any:
    process = multiprocessing.get_context("fork").Process(target=gesture)
    process.start()
    return process


def test_two_ways_in_at_once_wait_for_each_other(
    actor: Actor, superuser: psycopg.Connection[Any], settings: Any, tmp_path: Path
) -> None:
    tables = sound_tables()
    line = {"compte_id": "A2", "le": "2026-11-22", "libelle": "L", "debit": "1.00", "credit": "1.00"}
    tables["mouvements"] += [{**line, "id": f"N{i}"} for i in range(5_000)]
    by_hand = make_dossier(tmp_path / "main.zip", tables, arrete_au="2026-11-23", sequence=2)
    with acting_as(actor), by_hand.open("rb") as content:
        hand = receive_import(actor, content, "main.zip").id
    drop(settings, "nuit.zip", arrete_au="2026-11-23", sequence=1)
    look_everywhere()
    watched = superuser.execute("select import_id from echanges_arrivee").fetchone()
    assert watched is not None
    connections.close_all()
    running = [_fork(lambda i=i: run_import(actor, i)) for i in (hand, watched[0])]  # type: ignore[misc]
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    rows = superuser.execute("select debut_le, fin_le, etat from echanges_import order by fin_le").fetchall()
    assert len(rows) == 2
    assert all(etat in {"applique", "deja_applique", "a_confirmer", "perime"} for *_when, etat in rows)
    assert rows[1][0] >= rows[0][1], "they overlapped"


def waiting(actor: Actor, path: Path) -> UUID:
    with acting_as(actor), writing("test"):
        return UUID(str(create_import(actor, path.name, depot="", octets=1).id))


def names(superuser: psycopg.Connection[Any]) -> set[str]:
    rows = superuser.execute("select nom from patrimoine_tiers where archive_le is null").fetchall()
    return {nom for (nom,) in rows}


@pytest.mark.parametrize(("share", "checks"), [(0.0, True), (0.6, True), (0.6, False)])
def test_a_running_import_stops_with_nothing_changed(
    actor: Actor,
    superuser: psycopg.Connection[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    checks: bool,
) -> None:
    before = make_dossier(tmp_path / "a.zip")
    run_import(actor, waiting(actor, before), before)
    tables = sound_tables()
    tables["tiers"][0]["nom"] = "CHANGE"
    after = make_dossier(tmp_path / "b.zip", tables, arrete_au="2026-11-23", sequence=2)
    second = waiting(actor, after)
    # Without its checks on the way, the last safe point alone must stop it.
    monkeypatch.setattr("palier.echanges.suivi.PAS", 0.0 if checks else 1e9)
    asked: list[float] = []

    def watch(done: float, _step: str) -> None:
        if done >= share and not asked:
            asked.append(done)
            superuser.execute("update echanges_import set annulation_le = now() where id = %s", [second])

    found = run_import(actor, second, after, watch)
    assert asked, found and (found.etat, found.message)
    assert found is not None
    assert found.etat == EtatImport.ABANDONNE
    assert "annulé" in found.message
    assert "EXEMPLE" in names(superuser)
    assert "CHANGE" not in names(superuser)


def test_a_waiting_import_is_given_up_at_once(
    actor: Actor, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    path = make_dossier(tmp_path / "a.zip")
    with acting_as(actor), path.open("rb") as content:
        row = receive_import(actor, content, "a.zip")
    with acting_as(actor):
        assert cancel_import(actor, row.id).depot == ""
    assert run_import(actor, row.id) is None
    assert states(superuser) == ["abandonne"]


def test_a_cut_off_import_that_somebody_stopped_does_not_start_again(
    actor: Actor, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    path = make_dossier(tmp_path / "a.zip")
    import_id = waiting(actor, path)
    superuser.execute("update echanges_import set etat = 'en_cours', annulation_le = now()")
    assert run_import(actor, import_id, path) is None
    assert states(superuser) == ["abandonne"]
    assert names(superuser) == set()
