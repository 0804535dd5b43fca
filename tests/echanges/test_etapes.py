"""The steps of an import: every one that is told is in the catalogue, and is read in the language of the reader."""

from pathlib import Path

import pytest
from django.utils import translation

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.etapes import ETAPES, reading_of, translate_step
from palier.echanges.execution import run_import
from palier.echanges.schemas import schemas
from tests.echanges.fabrique import AGENCE, make_dossier
from tests.factories import make_agence


def test_every_step_of_a_run_is_known(db: None, tmp_path: Path) -> None:
    with writing("fixtures"):
        agence = make_agence(AGENCE, "Agence d’essai").agence
    actor = Actor.system(agence.id, "test")
    path = make_dossier(tmp_path / "a.zip")
    with acting_as(actor), writing("test"):
        row = create_import(actor, path.name, depot="", octets=path.stat().st_size)
    told: list[str] = []
    run_import(actor, row.id, path, watch=lambda _share, step: told.append(step))
    assert set(told) - {reading_of(table) for table in schemas()} == ETAPES
    with translation.override("en"):
        assert [step for step in set(told) if translate_step(step) == step] == []


@pytest.mark.parametrize(
    ("etape", "said"),
    [
        ("lecture de comptes", "reading comptes"),
        ("contrôle des documents", "checking the documents"),
        ("mise en ligne des données", "putting the data online"),
        ("autre chose", "autre chose"),
        ("", ""),
    ],
)
def test_a_step_is_told_in_english(etape: str, said: str) -> None:
    assert translate_step(etape) == etape
    with translation.override("en"):
        assert translate_step(etape) == said
