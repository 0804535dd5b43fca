"""Imports cut off while they ran, when another of the same agence comes before they go on."""

from pathlib import Path
from typing import Any

import pytest

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as, open_actor
from palier.echanges import execution
from palier.echanges.actions import create_import, receive_import
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.models import Import
from palier.patrimoine.models import Tiers
from tests.echanges.fabrique import make_dossier, sound_tables
from tests.echanges.test_import import actor, load, rows  # noqa: F401  (a fixture)

GERANCE = {"logiciel": "essai", "base": "gerance"}


def gerance() -> dict[str, Any]:
    return {"tiers": [{"id": "G1", "nature": "PP", "nom": "AUTRE SOURCE"}]}


class Killed(BaseException):
    """The process is no more: nothing of ours runs after it."""


def cut_off(
    actor: Actor, path: Path, monkeypatch: pytest.MonkeyPatch, where: str = "check_dossier"
) -> Import:
    """Receive a dossier as the worker does, and stop its run at a step as kill -9 would."""
    with acting_as(actor), path.open("rb") as file:
        row = receive_import(actor, file, path.name)

    def killed(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(execution, where, killed)
        with pytest.raises(Killed):
            run_import(actor, row.id)
    return state(actor, row)


def state(actor: Actor, row: Import) -> Import:
    open_actor(actor)
    found: Import = Import.objects.visible_to(actor).get(agence_id=actor.agence_id, id=row.id)
    return found


def names(**changes: str) -> dict[str, Any]:
    tables = sound_tables()
    tables["tiers"][0].update(changes)
    return tables


@pytest.mark.parametrize("where", ["convert_export", "check_dossier"])
@pytest.mark.parametrize("known", [True, False])
def test_an_import_of_another_source_leaves_the_one_cut_off(
    actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool, where: str
) -> None:
    if known:
        load(actor, make_dossier(tmp_path / "avant.zip", sequence=1))
    path = make_dossier(tmp_path / "a.zip", names(nom="NOUVEAU"), sequence=2)
    cut = cut_off(actor, path, monkeypatch, where)
    assert cut.etat == EtatImport.EN_COURS
    other = load(actor, make_dossier(tmp_path / "b.zip", gerance(), {}, source=GERANCE))
    assert other.etat == EtatImport.APPLIQUE
    assert (state(actor, cut).etat, state(actor, cut).depot) == (EtatImport.EN_COURS, cut.depot)
    done = run_import(actor, cut.id)
    assert done is not None
    assert done.etat == EtatImport.APPLIQUE
    assert {t.nom for t in rows(actor, Tiers).values()} >= {"NOUVEAU", "AUTRE SOURCE"}


def test_a_later_import_of_the_same_source_closes_the_one_cut_off(
    actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(actor, make_dossier(tmp_path / "avant.zip", sequence=1))
    cut = cut_off(actor, make_dossier(tmp_path / "a.zip", names(nom="ANCIEN"), sequence=2), monkeypatch)
    assert load(actor, make_dossier(tmp_path / "b.zip", names(nom="NEUF"), sequence=3)).etat == "applique"
    closed = state(actor, cut)
    assert (closed.etat, closed.depot) == (EtatImport.ABANDONNE, "")
    assert "rien n’a changé" in closed.message
    assert run_import(actor, cut.id) is None


@pytest.mark.parametrize("known", [True, False])
def test_one_cut_off_before_its_source_was_known_never_undoes_a_later_one(
    actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        load(actor, make_dossier(tmp_path / "avant.zip", sequence=None))
    cut = cut_off(
        actor,
        make_dossier(tmp_path / "a.zip", names(nom="ANCIEN"), sequence=None),
        monkeypatch,
        "convert_export",
    )
    assert load(actor, make_dossier(tmp_path / "b.zip", names(nom="NEUF"), sequence=None)).etat == "applique"
    done = run_import(actor, cut.id)
    assert done is not None
    assert (done.etat, done.depot) == (EtatImport.PERIME, "")
    assert "plus récent" in done.message
    assert rows(actor, Tiers)["T1"].nom == "NEUF"


def test_a_run_without_a_kept_copy_is_closed_whatever_its_source(actor: Actor, tmp_path: Path) -> None:
    with acting_as(actor), writing("test"):
        row = create_import(actor, "a.zip", depot="", octets=1)
        row.etat = EtatImport.EN_COURS
        row.save(update_fields=["etat"])
    load(actor, make_dossier(tmp_path / "b.zip", gerance(), {}, source=GERANCE))
    assert state(actor, row).etat == EtatImport.ABANDONNE


def test_a_check_alone_closes_no_import(
    actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(actor, make_dossier(tmp_path / "avant.zip", sequence=1))
    path = make_dossier(tmp_path / "a.zip", names(nom="NOUVEAU"), sequence=2)
    cut = cut_off(actor, path, monkeypatch)
    with acting_as(actor), path.open("rb") as file:
        check = receive_import(actor, file, "b.zip", check_only=True)
    assert run_import(actor, check.id, check_only=True).etat == EtatImport.VERIFIE  # type: ignore[union-attr]
    assert state(actor, cut).etat == EtatImport.EN_COURS
