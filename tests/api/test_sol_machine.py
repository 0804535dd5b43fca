"""A program that reached the application's own connection: its source, and nothing else of the agence, by raw SQL."""

from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from palier.api.machine import GESTES
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import new_id
from palier.core.tenancy import acting_as, open_actor
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.models import Anomalie, Import
from palier.retours.models import Retour
from tests.api.conftest import Programme, make_key, run_jobs
from tests.echanges.fabrique import make_dossier

#: Tables of an agence of which a machine sees the rows of its source; every other one shows none at all.
OUVERTES = {
    "agences_cleagence", "api_cleapi", "api_envoi", "api_morceau", "api_requeterejouable", "echanges_anomalie",
    "echanges_import", "echanges_source",
}  # fmt: skip


def raw(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with writing("attaque"), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def machine(programme: Programme) -> Actor:
    """The machine's actor, opened as its requests open it."""
    programme.actor()
    ((source,),) = raw("select source_id from api_cleapi where id = %s", programme.cle_id)
    actor = Actor.machine(programme.agence_id, source, frozenset().union(*GESTES.values()), "attaque")
    open_actor(actor)
    return actor


@pytest.fixture
def two(programme: Programme, tmp_path: Path) -> tuple[Programme, Programme]:
    """Two programs of one agence, each with an import on line, its report, a replay and parts on the way."""
    cle_id, secret = make_key(programme.agence_id, logiciel="autre", base="seconde")
    other = Programme(programme.agence_id, secret, cle_id)
    for name, one in (("essai", programme), ("autre", other)):
        source = {"logiciel": name, "base": "principale" if name == "essai" else "seconde"}
        content = make_dossier(tmp_path / f"{name}.zip", source=source).read_bytes()
        sent = one.post("/imports?suite=appliquer", content, "application/zip", Idempotency_Key=f"cle-{name}")
        assert sent.status_code == 202, sent.content
        run_jobs()
    with acting_as(Actor.system(programme.agence_id, "test")) as system, writing("fixtures"):
        for row in Import.objects.visible_to(system).filter(agence_id=system.agence_id):
            Anomalie.objects.create(
                agence_id=row.agence_id, id=new_id(), import_id=row.id, rang=9999, gravite="LIGNE", code="canari",
                message="canari",
            )  # fmt: skip
        Retour.objects.create(
            agence_id=programme.agence_id, id=new_id(), sequence=1, contenu={"tables": {}, "pieces": []},
            jusqu_a=now(), lignes=0, empreinte="0" * 64,
        )  # fmt: skip
    return programme, other


def tenant_tables() -> list[str]:
    return [
        name
        for (name,) in raw(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'agence_id' "
            "where c.relkind in ('r', 'p') and c.relrowsecurity and c.relnamespace = 'public'::regnamespace order by 1"
        )
    ]


def test_a_machine_reads_its_source_alone_of_every_table(two: tuple[Programme, Programme]) -> None:
    programme, _other = two
    programme.actor()
    held = {t: raw(f"select count(*) from {t}")[0][0] for t in tenant_tables()}
    for table in ("echanges_import", "echanges_anomalie", "api_envoi", "api_cleapi", "api_requeterejouable"):
        assert held[table] >= 2, table  # there is something to leak
    assert all(held[c.table] for c in (CIBLES["tiers"], CIBLES["comptes"], CIBLES["mouvements"]))
    assert held["retours_retour"] == 1
    actor = machine(programme)
    seen = {t: raw(f"select count(*) from {t}")[0][0] for t in tenant_tables()}
    assert {t for t, n in seen.items() if n} <= OUVERTES
    for table, column in (("echanges_source", "id"), ("echanges_import", "source_id"), ("api_envoi", "source_id"),
                          ("api_cleapi", "source_id")):  # fmt: skip
        assert raw(f"select distinct {column} from {table}") == [(actor.source_id,)], table
    assert seen["api_requeterejouable"] == 1
    assert 0 < seen["echanges_anomalie"] < held["echanges_anomalie"]
    assert seen["agences_cleagence"] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update echanges_import set message = 'x' where source_id <> %(mine)s",
        "delete from echanges_anomalie where import_id not in (select id from echanges_import)",
        "update api_cleapi set revoquee_le = null where source_id <> %(mine)s",
        "delete from api_envoi where source_id <> %(mine)s",
        "update patrimoine_tiers set nom = 'x'",
        "delete from retours_retour",
        "update agences_habilitation set role = 'administrateur'",
    ],
)
def test_a_machine_changes_nothing_of_another_source(
    two: tuple[Programme, Programme], statement: str
) -> None:
    actor = machine(two[0])
    with writing("attaque"), connection.cursor() as cursor:
        cursor.execute(statement, {"mine": actor.source_id})
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update echanges_import set source_id = %(other)s",
        "update api_cleapi set source_id = %(other)s",
        "insert into echanges_source (agence_id, id, logiciel, base, fichiers, en_attente) values "
        "(%(agence)s, gen_random_uuid(), 'x', 'x', '{}', '[]')",
        "insert into patrimoine_etablissement (agence_id, id) values (%(agence)s, gen_random_uuid())",
    ],
)
def test_a_machine_gives_nothing_to_another_source(two: tuple[Programme, Programme], statement: str) -> None:
    programme, other = two
    programme.actor()
    ((source,),) = raw("select source_id from api_cleapi where id = %s", other.cle_id)
    machine(programme)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        _run(statement, {"other": source, "agence": programme.agence_id})


def _run(statement: str, params: dict[str, Any]) -> None:
    with writing("attaque"), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_the_next_actor_of_the_transaction_is_no_machine(two: tuple[Programme, Programme]) -> None:
    machine(two[0])
    open_actor(Actor.anonymous())
    assert raw("select count(*) from echanges_import") == [(0,)]
    two[0].actor()
    assert raw("select count(*) from echanges_import")[0][0] == 2
