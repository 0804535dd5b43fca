"""A restriction stops everything but keeping, in the database; an objection, notices and statistics."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from palier.acces.codes import issue_code, issue_codes
from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import now
from palier.core.errors import BusinessError
from palier.courrier.avis import write_notices
from palier.courrier.models import Avis, Envoi
from palier.vie_privee.models import Limitation, LimitationCompte
from palier.vie_privee.temoins.middleware import _refuses
from tests.cast import Cast

PAGE = "/mon-compte/donnees/limites"


def limit(cast: Cast, who: str = "claire", cible: Any = None, genre: str = "limitation") -> Any:
    cible = cible or cast.acces[who].id
    facts = {"cible": str(cible), "genre": genre, "motif": "exactitude"}
    return cast.client(who).post(PAGE, facts)


def running(cast: Cast) -> list[Limitation]:
    return list(Limitation.objects.visible_to(cast.system()).filter(agence_id=cast.a.agence.id))


def test_a_restriction_is_in_force_at_once_and_shown_to_staff(cast: Cast) -> None:
    assert limit(cast)["Location"] == PAGE
    assert "Lever" in cast.client("claire").get(PAGE).content.decode()
    desk = cast.client("gaston")
    assert (
        "Données limitées" in desk.get(f"/g/cabinet-a/personnes/{cast.acces['claire'].id}").content.decode()
    )
    assert "données limitées" in desk.get("/g/cabinet-a/personnes").content.decode()
    assert "Lefèvre" in cast.client("adele").get("/g/cabinet-a/droits").content.decode()
    assert Envoi.objects.filter(modele="limitation_posee").exists()
    assert Envoi.objects.filter(modele="limitation_agence").exists()


def test_two_clicks_are_one_restriction(cast: Cast) -> None:
    for _ in range(2):
        limit(cast)
    assert len(running(cast)) == 1


def test_nobody_restricts_another_person(cast: Cast) -> None:
    assert limit(cast, "charlie", cast.acces["claire"].id).status_code == 404
    assert running(cast) == []
    limit(cast)
    row = running(cast)[0]
    assert cast.client("charlie").post(PAGE, {"lever": str(row.id)}).status_code == 404
    assert (
        cast.client("bruno").post("/g/cabinet-a/droits", {"lever": str(row.id), "motif": "x"}).status_code
        == 404
    )


def test_a_ground_is_needed(cast: Cast) -> None:
    answer = cast.client("claire").post(PAGE, {"cible": str(cast.acces["claire"].id), "genre": "limitation"})
    assert answer.status_code == 422


def test_the_staff_edits_nothing(cast: Cast) -> None:
    limit(cast)
    desk, acces = cast.client("adele"), cast.acces["claire"].id
    answer = desk.post(f"/g/cabinet-a/personnes/{acces}/dissocier")
    assert answer.status_code == 409
    assert "article 18" in answer.content.decode()


def free_and_restrict(cast: Cast) -> Any:
    """Take Claire's accès off her account, restricted."""
    limit(cast)
    cast.system()
    with writing("fixtures"), connection.cursor() as cursor:
        cursor.execute("update acces_acces set account_id = null where id = %s", [cast.acces["claire"].id])
    return cast.acces["claire"].id


def test_no_code_is_issued_and_a_batch_leaves_the_person_out(cast: Cast) -> None:
    acces = free_and_restrict(cast)
    staff = cast.staff("gaston")
    with pytest.raises(BusinessError, match="limitation"):
        issue_code(staff, acces)
    with connection.cursor() as cursor:
        cursor.execute("select a.id from acces_acces a where a.account_id is null and a.id <> %s", [acces])
        others = [row[0] for row in cursor.fetchall()]
    issued = issue_codes(staff, [acces, *others])
    assert others and {one.acces_id for one in issued} == set(others)


def test_the_floor_refuses_a_code_by_itself(cast: Cast) -> None:
    acces = free_and_restrict(cast)
    cast.staff("gaston")
    with (
        pytest.raises(DatabaseError, match="policy"),
        transaction.atomic(),
        writing("x"),
        connection.cursor() as c,
    ):
        c.execute(
            "insert into acces_codeacces (agence_id, id, acces_id, identifiant, secret, canal, emis_le, expire_le)"
            " values (%s, gen_random_uuid(), %s, 'X', 'x', 'liste', now(), now())",
            [cast.a.agence.id, acces],
        )


def notices(cast: Cast) -> set[Any]:
    actor = cast.system()
    with writing("fixtures"), connection.cursor() as cursor:
        cursor.execute(
            "update ged_document set le = %s where agence_id = %s", [actor.today, cast.a.agence.id]
        )
        cursor.execute("create temp table if not exists avis_document (id uuid) on commit drop")
        cursor.execute(
            "insert into pg_temp.avis_document select id from ged_document where titre like 'CANARI-A-TOUS%%'"
        )
        write_notices(cast.a.agence.id, cast.a.agence.id, actor.today)
    return set(Avis.objects.visible_to(actor).order_by("id").values_list("acces_id", flat=True))


def test_without_restriction_the_notice_is_written(cast: Cast) -> None:
    assert cast.acces["claire"].id in notices(cast)


@pytest.mark.parametrize("genre", ["limitation", "opposition"])
def test_no_notice_is_written(cast: Cast, genre: str) -> None:
    limit(cast, genre=genre)
    found = notices(cast)
    assert cast.acces["conrad"].id in found and cast.acces["claire"].id not in found


def test_no_notice_for_a_restricted_account(cast: Cast) -> None:
    limit(cast, cible="compte", genre="opposition")
    assert LimitationCompte.objects.count() == 1
    assert cast.acces["claire"].id not in notices(cast)


def test_statistics_leave_the_person_out_until_it_is_lifted(cast: Cast) -> None:
    limit(cast, genre="opposition")
    account = Account.objects.get(pk=cast.accounts["claire"].pk)
    assert account.hors_statistiques

    class Request:
        user = account

    assert _refuses(Request())  # type: ignore[arg-type]
    cast.client("claire").post(PAGE, {"lever": str(running(cast)[0].id)})
    assert not Account.objects.get(pk=account.pk).hors_statistiques


def test_a_lift_is_announced_a_week_before(cast: Cast) -> None:
    limit(cast)
    row, desk = running(cast)[0], cast.client("adele")
    assert desk.post("/g/cabinet-a/droits", {"lever": str(row.id), "motif": " "}).status_code == 422
    desk.post("/g/cabinet-a/droits", {"lever": str(row.id), "motif": "L’adresse est corrigée."})
    row = running(cast)[0]
    assert row.fin_le is not None and row.fin_le > now() + timedelta(days=6)
    assert Envoi.objects.filter(modele="limitation_levee").exists()
    assert cast.client("gaston").post(f"/g/cabinet-a/personnes/{row.acces_id}/code/lettre").status_code in {
        409,
        422,
    }
    assert desk.post(f"/g/cabinet-a/personnes/{row.acces_id}/dissocier").status_code == 409
    with writing("fixtures"):
        row.fin_le = now() - timedelta(days=1)
        row.save()
    assert desk.post(f"/g/cabinet-a/personnes/{row.acces_id}/dissocier").status_code == 302


def test_her_own_spaces_and_copy_stay_open(cast: Cast) -> None:
    limit(cast)
    claire = cast.client("claire")
    assert claire.get(f"/e/{cast.espace_id('claire')}/").status_code == 200
    assert claire.post(reverse("mes_exports")).status_code == 302
