"""What went back to the agence goes away when its choice says so; what waits, and what proves, stays."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from palier.core.action import writing
from palier.retours.models import (
    ChangementCoordonnees,
    Consentement,
    CoordonneesVerifiees,
    Justificatif,
    Retour,
)
from palier.retours.purge import purge_everywhere
from palier.vie_privee.conservation.execution import execute_all
from tests.cast import Cast
from tests.retours.outils import ask, prepare_return, send

pytestmark = pytest.mark.django_db


def age(cast: Cast, months: int, **states: str) -> None:
    """Make every row of the returns older, and settle those that ``states`` names."""
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        for table, state in states.items():
            cursor.execute(f"update retours_{table} set etat = %s", [state])
        old = f"now() - interval '{months} months'"
        cursor.execute(f"update retours_changementcoordonnees set cree_le = {old}, transmis_le = {old}")
        cursor.execute(f"update retours_justificatif set du = {old} - interval '1 year', au = {old}")
        cursor.execute(f"update retours_retour set acquitte_le = {old}")


def counts(cast: Cast) -> tuple[int, ...]:
    actor = cast.system()
    models: tuple[Any, ...] = (ChangementCoordonnees, Justificatif, Retour)
    return tuple(model.objects.visible_to(actor).count() for model in models)


def test_settled_rows_files_and_returns_go_after_the_months_chosen(
    cast: Cast, vault_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    ask(cast)
    send(cast)
    files = sum(1 for path in vault_folder.rglob("*") if path.is_file())
    prepare_return(cast.staff("adele"))
    age(cast, 61)  # received: the next one carries what came since
    ask(cast, valeurs={"telephone_mobile": {"telephone_mobile": "0698765432"}})
    prepare_return(cast.staff("adele"))
    age(cast, 61, changementcoordonnees="applique", justificatif="acquitte")
    assert counts(cast) == (2, 1, 2)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_everywhere() == 4
    assert counts(cast) == (0, 0, 1)  # the last return gives the next one its number
    assert sum(1 for path in vault_folder.rglob("*") if path.is_file()) == files - 1


def test_the_choice_of_the_agence_decides(cast: Cast) -> None:
    ask(cast)
    age(cast, 20, changementcoordonnees="refuse")
    assert purge_everywhere() == 0
    with writing("test"):
        type(cast.a.agence).objects.filter(id=cast.a.agence.id).update(retours_mois=12)
    assert execute_all()["retours"] == 1


def test_what_waits_and_what_proves_stays_whatever_its_age(cast: Cast) -> None:
    ask(cast)
    send(cast)
    cast.system()
    with writing("test"):
        for _ in range(2):
            CoordonneesVerifiees.objects.create(
                agence_id=cast.a.agence.id, acces_id=cast.acces["claire"].id, le="2015-01-01T00:00:00Z"
            )
    before = Consentement.objects.visible_to(cast.system()).count()
    age(cast, 200)
    purge_everywhere()
    assert counts(cast)[:2] == (1, 1)
    assert Consentement.objects.visible_to(cast.system()).count() == before
    assert (
        CoordonneesVerifiees.objects.visible_to(cast.system()).count() == 2
    )  # the same instant: none is older
