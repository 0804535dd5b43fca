"""The floor, attacked as somebody who reached the application's own database connection would."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from palier.acces.models import Espace
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.ids import new_id
from palier.core.tenancy import open_actor
from tests.cast import Cast


def tenant_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'agence_id'"
            " and not a.attisdropped order by 1"
        )
        return [row[0] for row in cursor.fetchall()]


# Tables that name an agence but are reached before anybody is known: they hold no data of a person of an agence.
OUTSIDE = {"acces_codeindex", "acces_activation", "courrier_envoi"}
# The exploitant's own papers about an agence: when its contract ends, and the proof that everything was erased, which
# outlives it. Dates and counts, nothing of a person.
CONTRACT = {"agences_fincontrat", "agences_certificateffacement"}


def test_every_tenant_table_forces_row_security(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity"
            " and relnamespace = 'public'::regnamespace"
        )
        forced = {row[0] for row in cursor.fetchall()}
    assert set(tenant_tables()) - forced == OUTSIDE | CONTRACT


def test_application_role_is_plain(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute(
            "select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)


def test_nothing_set_shows_no_row(cast: Cast, nobody: None) -> None:
    with connection.cursor() as cursor:
        for table in sorted(set(tenant_tables()) - OUTSIDE - CONTRACT):
            cursor.execute(f"select count(*) from {table}")
            assert (table, cursor.fetchone()) == (table, (0,))


def test_nothing_set_writes_nothing(cast: Cast, nobody: None) -> None:
    with connection.cursor() as cursor, writing("attack"):
        for table in sorted(set(tenant_tables()) - OUTSIDE - CONTRACT - {"agences_agence"}):
            cursor.execute("select has_table_privilege(current_user, %s, 'delete')", [table])
            if cursor.fetchone() == (False,):  # proofs: the table refuses before its rows do
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"delete from {table}")
                continue
            cursor.execute(f"delete from {table}")
            assert (table, cursor.rowcount) == (table, 0)


def test_client_actor_sees_only_own_rows(cast: Cast) -> None:
    cast.actor("claire")
    with connection.cursor() as cursor:
        cursor.execute("select titre from ged_document order by titre")
        assert [row[0] for row in cursor.fetchall()] == [
            "CANARI-A-CLAIRE appel",
            "CANARI-A-OCCUPANTS affichage",
            "CANARI-A-TOUS procès-verbal 2026",
            "CANARI-B-CLAIRE bail",
        ]
        cursor.execute("select count(*) from patrimoine_tiers")
        assert cursor.fetchone() == (2,)
        cursor.execute("select intitule from patrimoine_compteclient order by 1")
        assert [row[0] for row in cursor.fetchall()] == ["LEFEVRE Claire", "LEFÈVRE Claire"]


def test_client_actor_writes_no_imported_row(cast: Cast) -> None:
    cast.actor("claire")
    with connection.cursor() as cursor, writing("attack"):
        cursor.execute("update patrimoine_compteclient set solde = 0")
        assert cursor.rowcount == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute(
                "insert into acces_droit (agence_id, id, acces_id, espace_id, cercle_id, du, au, personnel)"
                " select %s, gen_random_uuid(), id, id, id, '0001-01-01', '9999-12-31', true from acces_acces limit 1",
                [cast.a.agence.id],
            )


def test_staff_of_one_agence_reaches_no_row_of_another(cast: Cast) -> None:
    cast.staff("gaston")
    with connection.cursor() as cursor:
        for table in sorted(set(tenant_tables()) - OUTSIDE - CONTRACT):
            cursor.execute(f"select count(*) from {table} where agence_id = %s", [cast.b.agence.id])
            assert (table, cursor.fetchone()) == (table, (0,))


def test_staff_cannot_insert_for_another_agence(cast: Cast) -> None:
    cast.staff("gaston")
    with (
        connection.cursor() as cursor,
        writing("attack"),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        cursor.execute(
            "insert into acces_cercle (agence_id, id, genre, objet_id) values (%s, %s, 'compte', %s)",
            [cast.b.agence.id, new_id(), new_id()],
        )


def test_link_to_a_row_of_another_agence_is_refused(cast: Cast) -> None:
    """A plain foreign key would accept this: its check bypasses the row policies."""
    foreign = cast.rows["comptes"]["claire"].id
    cast.system(cast.b)
    row = (
        Espace.objects.visible_to(Actor.system(cast.b.agence.id, "test"))
        .filter(agence_id=cast.b.agence.id)
        .order_by("id")[0]
    )
    row.compte_client_id = foreign
    with pytest.raises(IntegrityError), transaction.atomic(), writing("attack"):
        row.save()


def test_every_link_of_a_tenant_table_is_composite(db: None) -> None:
    """Every foreign key between tenant tables starts with agence_id, on both sides; a table of the exploitant has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.conname, array_length(c.conkey, 1), c.confrelid::regclass::text from pg_constraint c"
            " join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'agence_id'"
            " where c.contype = 'f' and c.connamespace = 'public'::regnamespace"
        )
        tables = set(tenant_tables()) - {"agences_agence"}
        bad = [row for row in cursor.fetchall() if row[1] != 2 and row[2] in tables]
    assert bad == []


def test_exploitant_role_reaches_no_tenant_table(db: None) -> None:
    with connection.cursor() as cursor:
        for table in sorted(set(tenant_tables()) - CONTRACT):
            cursor.execute(
                "select has_table_privilege('palier_exploitant', %s, 'select, insert, update, delete')",
                [table],
            )
            assert (table, cursor.fetchone()) == (table, (False,))


def test_former_owner_keeps_own_past_rows_and_loses_the_building(cast: Cast) -> None:
    cast.actor("fabien")
    with connection.cursor() as cursor:
        cursor.execute("select titre from ged_document order by titre")
        assert [row[0] for row in cursor.fetchall()] == ["CANARI-A-FABIEN appel"]


def test_former_tenant_sees_only_the_own_lease(cast: Cast) -> None:
    cast.actor("anna")
    with connection.cursor() as cursor:
        cursor.execute("select titre from ged_document order by titre")
        assert [row[0] for row in cursor.fetchall()] == ["CANARI-A-ANNA quittance"]


def test_new_tenant_inherits_nothing_personal(cast: Cast) -> None:
    cast.actor("leo")
    with connection.cursor() as cursor:
        cursor.execute("select titre from ged_document order by titre")
        assert [row[0] for row in cursor.fetchall()] == ["CANARI-A-LEO bail", "CANARI-A-OCCUPANTS affichage"]


def test_council_documents_open_to_members_in_their_term_only(cast: Cast) -> None:
    conrad = cast.actor("conrad")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ged_document where titre like 'CANARI-A-CONSEIL%%'")
        assert cursor.fetchone() == (1,)
        open_actor(replace(conrad, today=date(2028, 1, 1)))
        cursor.execute("select count(*) from ged_document where titre like 'CANARI-A-CONSEIL%%'")
        assert cursor.fetchone() == (0,)


def test_journal_is_append_only(cast: Cast) -> None:
    from palier.core import journal
    from palier.core.access import Gesture

    actor = cast.system()
    journal.record(actor, Gesture.GESTION, "essai:1", agence_id=cast.a.agence.id)
    with connection.cursor() as cursor:
        for statement in (
            "update core_journal set objet = 'x'",
            "delete from core_journal",
            "truncate core_journal",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)


def test_journal_chain_shows_a_changed_line(real_base: None, superuser: psycopg.Connection[object]) -> None:
    from palier.core import journal
    from palier.core.access import Gesture

    chain = new_id()
    with transaction.atomic():
        actor = Actor.system(chain, "test")
        open_actor(actor)
        for rank in range(4):
            journal.record(actor, Gesture.GESTION, f"essai:{rank}", agence_id=chain)
        assert journal.verify(chain) == (4, None)
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update core_journal set objet = 'faux' where chaine_id = %s and sequence = 3", [chain])
    with transaction.atomic():
        open_actor(actor)
        assert journal.verify(chain) == (4, 3)
    superuser.execute("delete from core_journal where chaine_id = %s and sequence > 2", [chain])
    superuser.execute("set session_replication_role = default")
    with transaction.atomic():
        open_actor(actor)
        assert journal.verify(chain) == (2, 3)
