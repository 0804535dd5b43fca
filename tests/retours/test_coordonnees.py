"""Contact details: ask, replace, cancel, confirm; the shared e-mail; what an import closes."""

import threading
from typing import Any

import pytest
from django.db import connection, connections

from palier.acces.rattachement import dissociate
from palier.core.action import writing
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import enter
from palier.echanges.retours.actions import prepare_return
from palier.patrimoine.models import Tiers
from palier.retours.actions_coordonnees import cancel_change, confirm_details, propose_changes
from palier.retours.constat import note_applied
from palier.retours.models import ChangementCoordonnees, Retour
from palier.retours.partages import share_and_tell
from palier.retours.queries import contact_sheet, stale_acces
from tests.cast import Cast, build_cast
from tests.retours.outils import MOBILE, ask, opened, prepare, zip_of

ADRESSE = {
    "adresse": {"adresse_1": "8 rue des Lilas", "adresse_2": "", "code_postal": "31500", "ville": "Toulouse", "pays": "FR"}
}  # fmt: skip


def requests(cast: Cast, who: str = "claire") -> list[ChangementCoordonnees]:
    rows = ChangementCoordonnees.objects.visible_to(cast.actor(who)).filter(acces_id=cast.acces[who].id)
    return list(rows.order_by("cree_le", "id"))


def test_a_request_keeps_the_old_and_the_new(cast: Cast) -> None:
    row = ask(cast, valeurs={"email": {"email": "neuve@poste.example"}})
    assert (row.etat, row.ancien, row.nouveau) == (
        "demande",
        {"email": "claire.lefevre@poste.example"},
        {"email": "neuve@poste.example"},
    )
    assert row.account_id == cast.accounts["claire"].pk


def test_the_same_again_is_nothing_and_another_takes_its_place(cast: Cast) -> None:
    ask(cast)
    actor = cast.actor("claire")
    assert propose_changes(actor, cast.acces["claire"].id, MOBILE) == []
    propose_changes(actor, cast.acces["claire"].id, {"telephone_mobile": {"telephone_mobile": "0700000000"}})
    assert [(r.nouveau["telephone_mobile"], r.etat) for r in requests(cast)] == [
        ("0612345678", "annule"),
        ("0700000000", "demande"),
    ]


def test_giving_back_what_the_agence_holds_cancels_the_request(cast: Cast) -> None:
    ask(cast, valeurs={"email": {"email": "neuve@poste.example"}})
    propose_changes(
        cast.actor("claire"), cast.acces["claire"].id, {"email": {"email": "Claire.Lefevre@poste.example"}}
    )
    assert [r.etat for r in requests(cast)] == ["annule"]


def test_a_newer_request_replaces_one_already_sent(cast: Cast) -> None:
    ask(cast)
    prepare(cast)
    ask(cast, valeurs={"telephone_mobile": {"telephone_mobile": "0700000000"}})
    assert [r.etat for r in requests(cast)] == ["remplace", "demande"]


def test_cancel_only_while_it_waits(cast: Cast) -> None:
    row = ask(cast)
    cancel_change(cast.actor("claire"), cast.acces["claire"].id, row.id)
    assert prepare_return(cast.staff("gaston")) is None
    row = ask(cast)
    prepare(cast)
    with pytest.raises(BusinessError) as refusal:
        cancel_change(cast.actor("claire"), cast.acces["claire"].id, row.id)
    assert refusal.value.code == "deja_transmis"


@pytest.mark.parametrize("who", ["charlie", "conrad", "sans"])
def test_nobody_speaks_for_another(cast: Cast, who: str) -> None:
    row = ask(cast)
    actor = cast.actor(who)
    acces = cast.acces["claire"].id
    with pytest.raises(Invisible):
        propose_changes(actor, acces, MOBILE)
    with pytest.raises(Invisible):
        cancel_change(actor, acces, row.id)
    with pytest.raises(Invisible):
        confirm_details(actor, acces)
    assert contact_sheet(actor, acces) is None
    assert not ChangementCoordonnees.objects.visible_to(actor).filter(id=row.id).exists()


def test_the_floor_hides_and_refuses_what_is_not_ones_own(cast: Cast) -> None:
    """The same walls in SQL, without the application's."""
    row = ask(cast)
    for actor in (cast.actor("charlie"), cast.actor("conrad"), cast.staff("bruno", cast.b)):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from retours_changementcoordonnees where id = %s", [row.id])
            assert cursor.fetchone() == (0,), actor


def test_claire_at_b_is_another_person_for_a(cast: Cast) -> None:
    """One account, two agences: what she says to B never shows at A."""
    actor = cast.actor("claire")
    propose_changes(actor, cast.acces["claire_b"].id, MOBILE)
    assert prepare_return(cast.staff("gaston")) is None
    retour = prepare_return(cast.staff("bruno", cast.b))
    assert retour is not None and retour.lignes == 1


def test_confirmation_and_reminder(cast: Cast) -> None:
    actor = cast.actor("claire")
    assert stale_acces(actor) == []
    cast.system()
    with connection.cursor() as cursor, writing("test"):
        cursor.execute("update acces_acces set rattache_le = now() - interval '400 days'")
    actor = cast.actor("claire")
    assert stale_acces(actor) == [cast.acces["claire"].id]
    confirm_details(actor, cast.acces["claire"].id)
    assert stale_acces(actor) == []
    fiche = contact_sheet(actor, cast.acces["claire"].id)
    assert fiche is not None and not fiche.a_verifier


def import_says(cast: Cast, **values: Any) -> int:
    """Have an import bring values for Claire; return what it closed."""
    system = cast.system()
    with writing("test"):
        Tiers.objects.visible_to(system).filter(id=cast.rows["tiers"]["claire"].id).update(**values)
        return note_applied(cast.a.agence.id, new_id())


def test_an_import_that_brings_the_value_closes_the_request(cast: Cast) -> None:
    ask(cast)
    ask(cast, valeurs=ADRESSE)
    prepare(cast)
    assert import_says(cast, telephone_mobile="+33 (0)6 12 34 56 78") == 1
    mobile, adresse = requests(cast)
    assert (mobile.etat, adresse.etat) == ("applique", "transmis")
    assert mobile.import_id is not None and mobile.applique_le is not None
    assert Retour.objects.visible_to(cast.staff("gaston")).get(sequence=1).acquitte_le is None
    assert import_says(cast, adresse_1="8 RUE  DES LILAS", code_postal="31500", ville="toulouse") == 1
    cast.staff("gaston")
    retour = Retour.objects.visible_to(cast.staff("gaston")).get(sequence=1)
    assert (retour.moyen, retour.acquitte_le is None) == ("import", False)
    assert import_says(cast) == 0


def test_another_value_closes_nothing(cast: Cast) -> None:
    ask(cast)
    prepare(cast)
    assert import_says(cast, telephone_mobile="06 12 34 56 79") == 0
    assert requests(cast)[0].etat == "transmis"


def test_erasing_a_number_is_applied_when_it_is_gone(cast: Cast) -> None:
    import_says(cast, telephone_fixe="05 61 00 00 00")
    ask(cast, valeurs={"telephone_fixe": {"telephone_fixe": ""}})
    assert import_says(cast, telephone_fixe="05 61 00 00 00") == 0
    assert import_says(cast, telephone_fixe="") == 1


def test_sharing_the_account_e_mail_goes_back_and_withdrawing_it_too(cast: Cast) -> None:
    acces = cast.acces["claire"].id
    share_and_tell(cast.actor("claire"), acces, True)
    share_and_tell(cast.actor("claire"), acces, True)
    head, tables, _files = opened(zip_of(cast, prepare(cast)))
    assert tables["retours_coordonnees.csv"].count("claire@courriel.example") == 1
    assert ";partage;email;" in tables["retours_coordonnees.csv"] and head["sequence"] == 1
    assert prepare_return(cast.staff("gaston")) is None
    share_and_tell(cast.actor("claire"), acces, False)
    _head, tables, _files = opened(zip_of(cast, prepare(cast)))
    assert ";retrait;email;" in tables["retours_coordonnees.csv"]
    assert "claire@courriel.example" not in tables["retours_coordonnees.csv"]
    assert all(r.nouveau == {} for r in requests(cast))


def test_sharing_taken_back_before_it_left_leaves_nothing(cast: Cast) -> None:
    acces = cast.acces["claire"].id
    share_and_tell(cast.actor("claire"), acces, True)
    share_and_tell(cast.actor("claire"), acces, False)
    assert prepare_return(cast.staff("gaston")) is None
    assert [(r.etat, r.nouveau) for r in requests(cast)] == [("annule", {})]


def test_dissociating_the_account_withdraws_the_address_too(cast: Cast) -> None:
    share_and_tell(cast.actor("claire"), cast.acces["claire"].id, True)
    prepare(cast)
    dissociate(cast.staff("gaston"), cast.acces["claire"].id)
    _head, tables, _files = opened(zip_of(cast, prepare(cast)))
    assert ";retrait;email;" in tables["retours_coordonnees.csv"]


def test_cancel_against_prepare_one_of_the_two_wins(real_base: None) -> None:
    """Two clicks at once, in two real transactions: never both sent and cancelled, never neither."""
    cast = build_cast()
    from django.db import transaction

    for _round in range(4):
        with transaction.atomic():
            row = ask(cast)
        results: dict[str, Any] = {}
        gate = threading.Barrier(2)

        def cancel(row: Any = row, results: Any = results, gate: Any = gate) -> None:
            try:
                with transaction.atomic():
                    actor = enter(cast.accounts["claire"].pk)
                    gate.wait()
                    cancel_change(actor, cast.acces["claire"].id, row.id)
                results["cancelled"] = True
            except BusinessError:
                results["cancelled"] = False
            finally:
                connections.close_all()

        def send(results: Any = results, gate: Any = gate) -> None:
            try:
                with transaction.atomic():
                    actor = cast.staff("gaston")
                    gate.wait()
                    results["sent"] = prepare_return(actor) is not None
            finally:
                connections.close_all()

        threads = [threading.Thread(target=cancel), threading.Thread(target=send)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert results["cancelled"] != results["sent"], results


def test_two_returns_prepared_at_once_send_each_thing_once(real_base: None) -> None:
    from django.db import transaction

    cast = build_cast()
    with transaction.atomic():
        ask(cast)
        ask(cast, "conrad")
    found: list[Any] = []
    gate = threading.Barrier(2)

    def send() -> None:
        try:
            with transaction.atomic():
                actor = cast.staff("gaston")
                gate.wait()
                retour = prepare_return(actor)
                found.append(retour and (retour.sequence, retour.lignes))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found, key=str) == [(1, 2), None]


def test_now_is_used(cast: Cast) -> None:
    """The moment of a request is the moment it was made."""
    before = now()
    assert before <= ask(cast).cree_le <= now()
