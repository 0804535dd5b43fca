"""Consents and proofs: given, withdrawn, never rewritten; sent, replaced, deleted, read by the right people only."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import InternalError

from palier.agences.cles import agence_key
from palier.core import vault
from palier.core.action import writing
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.ids import new_id
from palier.core.vault import DamagedFile
from palier.patrimoine.models import Tiers
from palier.retours.actions_consentements import choose_consent, set_proposed
from palier.retours.actions_justificatifs import Depot, delete_proof, open_proof, proof_key, send_proof
from palier.retours.constat import note_applied
from palier.retours.models import Consentement, ConsentementPropose, Justificatif
from palier.retours.queries import consents
from palier.retours.rules.consentements import REGLES
from tests.cast import Cast
from tests.factories import pdf
from tests.retours.outils import AU, DU, prepare, send


def choose(cast: Cast, who: str, genre: str, sens: str, version: str = "") -> bool:
    return choose_consent(cast.actor(who), cast.acces[who].id, genre, sens, version or REGLES[genre].version)


def acts(cast: Cast, who: str) -> list[tuple[str, str]]:
    rows = Consentement.objects.visible_to(cast.actor(who)).filter(acces_id=cast.acces[who].id)
    return list(rows.order_by("cree_le", "id").values_list("genre", "sens"))


def test_consent_is_given_withdrawn_and_kept_with_its_text(cast: Cast) -> None:
    assert choose(cast, "leo", "quittance", "donne")
    assert not choose(cast, "leo", "quittance", "donne")  # a second click says nothing new
    assert choose(cast, "leo", "quittance", "retire")
    assert acts(cast, "leo") == [("quittance", "donne"), ("quittance", "retire")]
    row = Consentement.objects.visible_to(cast.actor("leo")).order_by("cree_le")[0]
    assert (row.texte, row.texte_empreinte) == (REGLES["quittance"].texte, REGLES["quittance"].empreinte)


def test_notifications_are_electronic_until_the_post_is_asked(cast: Cast) -> None:
    assert not choose(cast, "claire", "notification", "donne")
    assert choose(cast, "claire", "notification", "retire")
    assert choose(cast, "claire", "notification", "donne")


@pytest.mark.parametrize(
    ("who", "genre", "sens"),
    [("leo", "appel_de_fonds", "donne"), ("claire", "quittance", "donne"), ("leo", "inconnu", "donne"),
     ("leo", "quittance", "peut-être")],
)  # fmt: skip
def test_a_consent_follows_the_capacity(cast: Cast, who: str, genre: str, sens: str) -> None:
    with pytest.raises(Invisible):
        choose_consent(cast.actor(who), cast.acces[who].id, genre, sens, "1")


def test_a_text_that_changed_is_read_again(cast: Cast) -> None:
    with pytest.raises(BusinessError) as refusal:
        choose(cast, "leo", "quittance", "donne", "0")
    assert refusal.value.code == "texte_change"


@pytest.mark.parametrize("who", ["charlie", "conrad", "sans", "anna"])
def test_nobody_consents_for_another(cast: Cast, who: str) -> None:
    actor = cast.actor(who)
    with pytest.raises(Invisible):
        choose_consent(actor, cast.acces["leo"].id, "quittance", "donne", "1")
    assert consents(actor, cast.acces["leo"].id) is None
    with pytest.raises(Forbidden):
        choose_consent(cast.staff("gaston"), cast.acces["leo"].id, "quittance", "donne", "1")


def test_the_base_refuses_to_rewrite_or_delete_a_consent(cast: Cast) -> None:
    choose(cast, "leo", "quittance", "donne")
    cast.system()
    statements = (
        "update retours_consentement set sens = 'retire'",
        "update retours_consentement set cree_le = now()",
        "update retours_consentement set texte = 'autre'",
        "delete from retours_consentement",
    )
    for statement in statements:
        with (
            pytest.raises((InternalError, ProgrammingError, IntegrityError)),
            transaction.atomic(),
            writing("test"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_agence_chooses_what_is_asked(cast: Cast) -> None:
    set_proposed(cast.staff("adele"), {"annexes"})
    set_proposed(cast.staff("adele"), {"annexes", "quittance"})
    rows = ConsentementPropose.objects.visible_to(cast.staff("adele"))
    assert {r.genre for r in rows.order_by("genre") if r.propose} == {"annexes", "quittance"}
    assert rows.count() == len(REGLES)
    found = consents(cast.actor("claire"), cast.acces["claire"].id)
    assert found is not None and found.choix["annexes"] is True and found.choix["appel_de_fonds"] is False
    with pytest.raises(Forbidden):
        set_proposed(cast.staff("gaston"), set())


def test_an_import_takes_a_consent_over_and_not_a_silence(cast: Cast) -> None:
    choose(cast, "leo", "quittance", "donne")
    choose(cast, "claire", "notification", "retire")
    prepare(cast)

    def says(le: date | None) -> int:
        system = cast.system()
        with writing("test"):
            Tiers.objects.visible_to(system).filter(id=cast.rows["tiers"]["leo"].id).update(
                consentement_demat_le=le
            )
            return note_applied(cast.a.agence.id, new_id())

    assert says(None) == 0  # nothing there before, nothing there after: asking for the post is not seen in it
    assert says(date(2020, 1, 1)) == 0  # an older consent is not this one
    assert says(date(2099, 1, 1)) == 1
    choose(cast, "leo", "quittance", "retire")
    prepare(cast)
    assert says(None) == 1


# --- Proofs --------------------------------------------------------------------------------------------------


def stored(cast: Cast, row: Any) -> bytes:
    key = agence_key(cast.staff("gaston"), row.agence_id)
    return vault.read(proof_key(key, str(row.id)), row.adresse, row.octets)


def test_a_proof_is_kept_encrypted_under_a_key_of_its_own(cast: Cast, vault_folder: Any) -> None:
    row = send(cast)
    assert stored(cast, row) == pdf("assurance")
    assert (row.mime, row.nom_fichier, row.bail_id) == (
        "application/pdf",
        "attestation-2026.pdf",
        cast.rows["bail_leo"].id,
    )
    assert all(b"%PDF" not in p.read_bytes() for p in vault_folder.rglob("*") if p.is_file())
    with pytest.raises(DamagedFile):
        vault.read(agence_key(cast.staff("gaston"), row.agence_id), row.adresse, row.octets)


def test_the_same_file_twice_is_one_proof(cast: Cast) -> None:
    assert send(cast).id == send(cast).id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 zip", "fichier_nature"),
        (b"<svg onload=x>", "fichier_nature"),
        (b"%PDF-1.4 cut", "fichier_coupe"),
        (b"%PDF-1.4" + b"0" * (10 * 1024 * 1024) + b"%%EOF", "fichier_lourd"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(cast: Cast, content: bytes, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        send(cast, content=content)
    assert refusal.value.code == code


def test_an_empty_file_and_a_bad_period_are_refused(cast: Cast) -> None:
    compte = cast.rows["comptes"]["leo"].id
    for depot, code in (
        (Depot("a.pdf", b"", DU, AU), "fichier_vide"),
        (Depot("a.pdf", pdf("x"), AU, DU), "periode"),
        (Depot("a.pdf", pdf("x"), date(2024, 1, 1), date(2024, 12, 31)), "periode"),
    ):
        with pytest.raises(BusinessError) as refusal:
            send_proof(cast.actor("leo"), cast.acces["leo"].id, compte, depot)
        assert refusal.value.code == code


def test_a_former_tenant_sends_no_more_and_reaches_no_other_lease(cast: Cast) -> None:
    with pytest.raises(BusinessError) as refusal:
        send(cast, "anna")
    assert refusal.value.code == "bail_termine"
    depot = Depot("a.pdf", pdf("x"), DU, AU)
    leo = cast.rows["comptes"]["leo"].id
    for who in ("anna", "claire", "beatrice"):
        with pytest.raises((Invisible, BusinessError)):
            send_proof(cast.actor(who), cast.acces["leo"].id, leo, depot)
    # His own accès, the compte of another: no lease there for him. The landlord sees the lease, and sends nothing.
    for who in ("anna", "claire"):
        with pytest.raises(BusinessError):
            send_proof(cast.actor(who), cast.acces[who].id, leo, depot)


def test_the_landlord_sends_no_proof_for_his_tenant(cast: Cast) -> None:
    with pytest.raises((BusinessError, Invisible)):
        send_proof(
            cast.actor("beatrice"),
            cast.acces["beatrice"].id,
            cast.rows["comptes"]["leo"].id,
            Depot("a.pdf", pdf("x"), DU, AU),
        )


def test_replace_and_delete_while_it_waits(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    first = send(cast)
    with django_capture_on_commit_callbacks(execute=True):
        second = send(cast, content=pdf("nouvelle"), remplace=first.id)
    rows = Justificatif.objects.visible_to(cast.actor("leo"))
    assert rows.get(id=first.id).etat == "annule" and second.remplace_id == first.id
    with pytest.raises(DamagedFile):
        stored(cast, first)
    assert stored(cast, second) == pdf("nouvelle")
    compte = cast.rows["comptes"]["leo"].id
    with django_capture_on_commit_callbacks(execute=True):
        delete_proof(cast.actor("leo"), cast.acces["leo"].id, compte, second.id)
    with pytest.raises(DamagedFile):
        stored(cast, second)
    with pytest.raises(Invisible):
        delete_proof(cast.actor("leo"), cast.acces["leo"].id, compte, second.id)


def test_once_it_left_it_is_replaced_and_not_deleted(cast: Cast) -> None:
    first = send(cast)
    prepare(cast)
    compte = cast.rows["comptes"]["leo"].id
    with pytest.raises(BusinessError) as refusal:
        delete_proof(cast.actor("leo"), cast.acces["leo"].id, compte, first.id)
    assert refusal.value.code == "deja_transmis"
    send(cast, content=pdf("nouvelle"), remplace=first.id)
    assert Justificatif.objects.visible_to(cast.actor("leo")).get(id=first.id).etat == "remplace"
    assert stored(cast, first) == pdf("assurance")
    with pytest.raises(BusinessError):
        send(cast, content=pdf("encore"), remplace=first.id)


def test_only_that_tenant_and_that_agence_read_it(cast: Cast) -> None:
    row = send(cast)
    assert open_proof(cast.actor("leo"), row.id).id == row.id
    assert open_proof(cast.staff("gaston"), row.id).id == row.id
    for actor in (
        lambda: cast.actor("anna"), lambda: cast.actor("beatrice"), lambda: cast.actor("claire"),
        lambda: cast.actor("charlie"), lambda: cast.staff("bruno", cast.b),
    ):  # fmt: skip
        with pytest.raises(Invisible):
            open_proof(actor(), row.id)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from retours_justificatif")
            assert cursor.fetchone() == (0,)
