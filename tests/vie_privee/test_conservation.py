"""The retention table misses no field, and is executed."""

from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.test import Client

from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import now
from palier.core.journal import PORTAL, verify
from palier.courrier.models import Envoi
from palier.vie_privee.comptes.demande import handle_inactive
from palier.vie_privee.conservation.execution import EXECUTEURS, execute_all
from palier.vie_privee.conservation.regles import REGLES, SANS_PERSONNE, rule_of
from palier.vie_privee.models import AvertissementInactivite, CompteEfface, ExecutionRegle
from tests.cast import Cast
from tests.factories import make_account


def test_every_field_of_every_model_has_a_rule_or_a_reason() -> None:
    missing = [
        f"{m._meta.app_label}.{m.__name__}.{f.name}"
        for m in apps.get_models()
        if f"{m._meta.app_label}.{m.__name__}" not in SANS_PERSONNE
        for f in m._meta.concrete_fields
        if rule_of(m._meta.app_label, m.__name__, f.name) is None
    ]
    assert missing == []


def test_no_rule_names_what_does_not_exist() -> None:
    real = {f"{m._meta.app_label}.{m.__name__}" for m in apps.get_models()}
    named = {c for r in REGLES for c in r.champs if not c.endswith(".*")} | set(SANS_PERSONNE)
    assert {n for n in named if ".".join(n.split(".")[:2]) not in real} == set()


def test_every_rule_says_who_ends_it() -> None:
    assert {r.executeur for r in REGLES} - set(EXECUTEURS) == {"contrat", "agence"}
    assert len({r.cle for r in REGLES}) == len(REGLES)
    assert all(
        (r.donnees, r.finalite, r.base, r.duree, r.declencheur, r.article, r.confiance in "HML")
        for r in REGLES
    )


def test_each_run_leaves_its_proof_and_the_page_shows_it(db: None) -> None:
    done = execute_all()
    assert set(done) == set(EXECUTEURS)
    assert set(ExecutionRegle.objects.values_list("regle", flat=True)) == set(EXECUTEURS)
    assert set(ExecutionRegle.objects.order_by("regle").values_list("erreur", flat=True)) == {""}
    assert "CNIL" in Client().get("/conservation").content.decode()


def _last_seen(account: Account, days: int) -> None:
    with writing("fixtures"):
        Account.objects.filter(pk=account.pk).update(derniere_visite=now() - timedelta(days=days))


def test_an_inactive_account_is_warned_twice_then_erased(cast: Cast) -> None:
    account = make_account("dort@longtemps.example")
    _last_seen(account, 705)
    assert handle_inactive() == 0
    assert Envoi.objects.filter(modele="compte_inactif").count() == 1
    handle_inactive()
    assert Envoi.objects.filter(modele="compte_inactif").count() == 1
    _last_seen(account, 725)
    handle_inactive()
    assert Envoi.objects.filter(modele="compte_inactif").count() == 2
    _last_seen(account, 731)
    assert handle_inactive() == 0  # the second warning is not a week old
    with writing("fixtures"):
        AvertissementInactivite.objects.filter(rang=2).delete()
        AvertissementInactivite.objects.create(
            account_id=account.pk, rang=2, envoye_le=now() - timedelta(days=8)
        )
    assert handle_inactive() == 1
    assert not Account.objects.filter(pk=account.pk).exists()
    assert CompteEfface.objects.get().raison == "inactivite"


def test_a_visit_starts_the_two_years_again(cast: Cast) -> None:
    account = make_account("revient@bientot.example")
    _last_seen(account, 705)
    handle_inactive()
    _last_seen(account, 0)
    handle_inactive()
    assert not AvertissementInactivite.objects.exists()


def test_staff_and_exploitant_are_not_erased_for_want_of_visits(cast: Cast) -> None:
    for name in ("edgar", "adele"):
        with writing("fixtures"):
            Account.objects.filter(pk=cast.accounts[name].pk).update(equipe=name == "adele")
        _last_seen(cast.accounts[name], 900)
    handle_inactive()
    assert not AvertissementInactivite.objects.exists()


def test_the_journal_forgets_whole_months_and_its_chain_still_holds(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select palier_journal_oublier(12)")
        assert cursor.fetchone()[0] == 0
    assert verify(PORTAL)[1] is None
    assert verify(cast.a.agence.id)[1] is None


def test_the_journal_is_kept_six_months_at_least(db: None) -> None:
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select palier_journal_oublier(1)")
    except DatabaseError as error:
        assert "six mois" in str(error)
    else:
        raise AssertionError("a month is too short")
