"""The seventh day: what goes, what stays, what proves it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from palier.accounts.models import Account
from palier.agences.models import Agence, CertificatEffacement, FinContrat
from palier.core import dates
from palier.core.errors import BusinessError
from palier.core.tenancy import enter, open_actor
from palier.courrier.models import Envoi
from palier.vie_privee.contrats import passage
from palier.vie_privee.contrats.actions import end_contract, resume_contract, set_term, suspend, unsuspend
from palier.vie_privee.effacement import catalogue, certificat, fichiers
from palier.vie_privee.effacement.etapes import NotYet, run
from tests.cast import Cast
from tests.vie_privee.effacement.outils import OPERATEUR, checksums, end


@pytest.fixture(autouse=True)
def keyring(tmp_path: Any, settings: Any) -> None:
    settings.TROUSSEAU_DIR = tmp_path / "trousseau"


def test_every_table_that_names_an_agence_is_in_the_catalogue(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct table_name from information_schema.columns where table_schema = 'public' "
            "and column_name in ('agence_id', 'chaine_id') and table_name not in "
            "(select c.relname from pg_class c where c.relispartition)"
        )
        named = {row[0] for row in cursor.fetchall()}
    assert named == set(catalogue.columns()) | catalogue.GARDEES
    assert set(catalogue.deletion_order()) == set(catalogue.columns())


def test_a_table_added_tomorrow_is_erased_too(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temp table nouvelle (agence_id uuid)")
        cursor.execute("select count(*) from pg_class where relname = 'nouvelle'")
        assert cursor.fetchone()[0] == 1
    assert "nouvelle" not in catalogue.columns()  # temporary tables are nobody's


def test_everything_goes_and_nothing_of_another_agence_changes(
    cast: Cast, monkeypatch: Any, vault_folder: Any
) -> None:
    a, b = cast.a.agence.id, cast.b.agence.id
    row = end(a, monkeypatch)
    cast.system(cast.b)
    before = checksums(b, connection)
    proof = run(row.id)
    cast.system(cast.b)
    assert checksums(b, connection) == before
    cast.system(cast.a)
    assert catalogue.total(catalogue.counts(a)) == 0
    assert not Agence.objects.filter(id=a).exists()
    assert fichiers.measure(a) == (0, 0)
    assert fichiers.measure(b)[0] > 0
    faits = json.loads(proof.contenu)
    assert faits["tables"]["ged_document"] == {
        "avant": len([d for d in cast.documents if not d.startswith("b_")]),
        "apres": 0,
    }
    assert faits["fichiers"]["avant"] > 0
    assert len(faits["cle"]["empreinte"]) == 64
    assert "Cabinet A" not in proof.contenu
    assert FinContrat.objects.get(id=row.id).adieux == ""


def test_accounts_left_without_access_are_told_and_erased(cast: Cast, monkeypatch: Any) -> None:
    pytest.importorskip("palier.vie_privee.comptes.effacement")
    run(end(cast.a.agence.id, monkeypatch).id)
    left = {name for name, account in cast.accounts.items() if Account.objects.filter(id=account.id).exists()}
    assert {"claire", "charlie", "bruno", "edgar", "sans"} <= left  # Claire has an accès at B
    assert not {"conrad", "leo", "beatrice", "gaston", "adele"} & left
    assert Envoi.objects.filter(modele="compte_sans_acces").count() >= 5


def test_before_the_seventh_day_nothing_goes(cast: Cast, monkeypatch: Any) -> None:
    row = end(cast.a.agence.id, monkeypatch, days_ago=6)
    with pytest.raises(NotYet):
        run(row.id)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select palier_effacer_lignes(%s, 'ged_document')", [cast.a.agence.id])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select palier_effacer_lignes(%s, 'ged_document')", [cast.b.agence.id])


def test_on_the_seventh_day_it_goes(cast: Cast, monkeypatch: Any) -> None:
    end(cast.a.agence.id, monkeypatch, days_ago=7)
    assert passage.erase_those_due(dates.today()) == 1
    assert passage.erase_those_due(dates.today()) == 0


def test_the_journal_still_refuses_everybody_else(cast: Cast, monkeypatch: Any) -> None:
    end(cast.a.agence.id, monkeypatch)
    for statement in ("delete from core_journal", "update core_journal set objet = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('palier.effacement', %s, true)", [str(cast.b.agence.id)])
            cursor.execute(statement)


def test_signing_again_on_the_fifth_day_calls_it_off(cast: Cast, monkeypatch: Any) -> None:
    row = end(cast.a.agence.id, monkeypatch, days_ago=5)
    assert not enter(cast.accounts["conrad"].pk).acces
    open_actor(OPERATEUR)
    resume_contract(OPERATEUR, cast.a.agence.id)
    assert enter(cast.accounts["conrad"].pk).acces
    with pytest.raises(NotYet):
        run(row.id)
    assert passage.erase_those_due(dates.today() + timedelta(days=30)) == 0


def test_an_erasure_that_began_is_not_taken_back(cast: Cast, monkeypatch: Any) -> None:
    row = end(cast.a.agence.id, monkeypatch)

    class Stop(Exception):
        pass

    def watch(step: str) -> None:
        raise Stop

    with pytest.raises(Stop):
        run(row.id, watch)
    open_actor(OPERATEUR)
    with pytest.raises(BusinessError):
        resume_contract(OPERATEUR, cast.a.agence.id)


def test_spaces_close_on_day_0_and_clients_are_told(cast: Cast, monkeypatch: Any) -> None:
    row = end(cast.a.agence.id, monkeypatch, days_ago=0)
    assert row.efface_le == dates.today() + timedelta(days=7)
    assert {r.agence_id for r in enter(cast.accounts["claire"].pk).acces} == {cast.b.agence.id}
    passage.tell_next(str(row.id), "00000000-0000-0000-0000-000000000000")
    told = Envoi.objects.filter(modele="fin_contrat_client")
    assert {e.account_id for e in told} >= {cast.accounts[n].id for n in ("claire", "conrad", "leo")}
    page = cast.client("conrad").get("/mes-acces").content.decode()
    assert "Suspendu" in page
    assert cast.client("conrad").get(f"/e/{cast.espace_id('conrad')}/").status_code == 404


def test_a_term_that_passed_ends_the_contract(cast: Cast) -> None:
    jour = dates.today()
    open_actor(OPERATEUR)
    set_term(OPERATEUR, cast.a.agence.id, debut=None, fin=jour)
    assert passage.end_those_due(jour) == 0
    assert passage.end_those_due(jour + timedelta(days=1)) == 1
    assert FinContrat.objects.get(agence_id=cast.a.agence.id).efface_le == jour + timedelta(days=7)


def test_suspending_closes_the_spaces_and_erases_nothing(cast: Cast) -> None:
    open_actor(OPERATEUR)
    suspend(OPERATEUR, cast.a.agence.id)
    assert not enter(cast.accounts["conrad"].pk).acces
    assert enter(cast.accounts["gaston"].pk).habilitations
    open_actor(OPERATEUR)
    unsuspend(OPERATEUR, cast.a.agence.id)
    assert enter(cast.accounts["conrad"].pk).acces
    assert not FinContrat.objects.exists()


def test_ending_twice_changes_nothing(cast: Cast, monkeypatch: Any) -> None:
    first = end(cast.a.agence.id, monkeypatch, days_ago=3)
    open_actor(OPERATEUR)
    assert end_contract(OPERATEUR, cast.a.agence.id) == first


def test_the_certificate_is_verified_and_a_changed_one_refused(
    cast: Cast, monkeypatch: Any, tmp_path: Any, capsys: Any
) -> None:
    proof = run(end(cast.a.agence.id, monkeypatch).id)
    good = tmp_path / "certificat.json"
    good.write_bytes(certificat.envelope(proof))
    call_command("certificat", "verifier", str(good))
    assert "Authentique" in capsys.readouterr().out
    bad = tmp_path / "faux.json"
    bad.write_bytes(certificat.envelope(proof).replace(b'\\"apres\\":0', b'\\"apres\\":1', 1))
    with pytest.raises(CommandError, match="signature"):
        call_command("certificat", "verifier", str(bad))
    pdf = tmp_path / "certificat.pdf"
    pdf.write_bytes(bytes(CertificatEffacement.objects.get(id=proof.id).pdf))
    call_command("certificat", "verifier", str(pdf))
    pdf.write_bytes(pdf.read_bytes() + b" ")
    with pytest.raises(CommandError, match="octet pour octet"):
        call_command("certificat", "verifier", str(pdf))
