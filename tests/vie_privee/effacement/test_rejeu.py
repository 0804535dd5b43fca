"""What was stopped or taken back after a backup is stopped again by its restore: a real backup, a real restore."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from palier.acces.rattachement import dissociate
from palier.agences.actions import revoke_staff
from palier.agences.models import Agence, FinContrat, Habilitation
from palier.core import trousseau
from palier.core.action import writing
from palier.core.dates import now
from palier.courrier.preferences import choose_notices
from palier.retours.actions_consentements import choose_consent
from palier.retours.partages import share_and_tell
from palier.retours.rules.consentements import REGLES
from palier.vie_privee.comptes.demande import ask_deletion, undo_deletion, undo_token
from palier.vie_privee.contrats.actions import end_contract, resume_contract, suspend
from palier.vie_privee.droits_personnes.directives import withdraw_directives, write_directive
from palier.vie_privee.droits_personnes.limitation import lift_own, set_restriction
from palier.vie_privee.models import Limitation, LimitationCompte, SuppressionDemandee
from palier.vie_privee.sauvegarde.rejeu import forget_erased, note_everything, replay_decisions
from palier.vie_privee.tasks import noter
from tests.cast import Cast
from tests.vie_privee.effacement.outils import OPERATEUR, command, environment


def _work() -> None:
    """Do what the worker would: the notes that the acts have queued."""
    jobs = ProcrastinateJob.objects.filter(task_name="vie_privee.noter").order_by("id")
    asked = {job.args["agence_id"] for job in jobs}
    assert asked
    for agence_id in sorted(asked):
        noter(agence_id)


def _consent(cast: Cast, who: str, sens: str) -> None:
    with transaction.atomic():
        assert choose_consent(
            cast.actor(who), cast.acces[who].id, "quittance", sens, REGLES["quittance"].version
        )


def _before(cast: Cast) -> None:
    """What the backup will hold: a consent, an e-mail shared, a directive, restrictions that will be lifted."""
    _consent(cast, "leo", "donne")
    with transaction.atomic():
        share_and_tell(cast.actor("conrad"), cast.acces["conrad"].id, True)
    with transaction.atomic():
        write_directive(
            cast.actor("conrad"), sort="effacer", destinataire_nom="", destinataire_email="", precisions="", accord="oui"
        )  # fmt: skip
    with transaction.atomic():
        set_restriction(cast.actor("conrad"), cast.acces["conrad"].id, "limitation", "exactitude")
    with transaction.atomic():
        ask_deletion(cast.actor("beatrice"))


def _after(cast: Cast) -> None:
    """What came later, and that a restore must not undo."""
    for cible, genre, motif in (
        (cast.acces["claire"].id, "limitation", "justice"),
        (cast.acces["claire"].id, "opposition", "situation"),
        (None, "opposition", "situation"),
    ):
        with transaction.atomic():
            set_restriction(cast.actor("claire"), cible, genre, motif)
    with transaction.atomic():
        actor = cast.actor("conrad")
        row = Limitation.objects.visible_to(actor).get(acces_id=cast.acces["conrad"].id)
        lift_own(actor, row.id)
    with transaction.atomic():
        set_restriction(cast.actor("conrad"), cast.acces["conrad"].id, "limitation", "illicite")
    _consent(cast, "leo", "retire")
    with transaction.atomic():
        share_and_tell(cast.actor("conrad"), cast.acces["conrad"].id, False)
    with transaction.atomic():
        withdraw_directives(cast.actor("conrad"))
    with transaction.atomic():
        choose_notices(cast.actor("claire"), False)
    with transaction.atomic():
        undo_deletion(cast.actor("beatrice"))
    with transaction.atomic():
        ask_deletion(cast.actor("claire"))
    with transaction.atomic():
        dissociate(cast.staff("gaston"), cast.acces["fabien"].id)
    with transaction.atomic():
        adele = cast.staff("adele")
        held = Habilitation.objects.visible_to(adele).get(account_id=cast.accounts["gaston"].pk)
        revoke_staff(adele, held.id)
    with transaction.atomic():
        end_contract(OPERATEUR, cast.b.agence.id)


_ETAT = {
    "limites": "select acces_id::text || genre || motif || (fin_le is null)::text from vie_privee_limitation order by 1",
    "compte": "select account_id::text || genre || motif from vie_privee_limitationcompte order by 1",
    "accords": "select acces_id::text || genre || sens || texte_empreinte || cree_le from retours_consentement order by 1",
    "partages": "select id::text from acces_acces where email_partage <> '' order by 1",
    "detaches": "select id::text from acces_acces where account_id is null order by 1",
    "directives": "select id::text || (retiree_le is null)::text from vie_privee_directive order by 1",
    "avis": "select account_id::text || avis from courrier_preference order by 1",
    "suppressions": "select account_id::text || demandee_le from vie_privee_suppressiondemandee order by 1",
    "equipe": "select id::text from agences_habilitation where revoquee_le is null order by 1",
    "contrats": "select slug || statut || coalesce(contrat_fin::text, '') from agences_agence order by 1",
    "fins": "select agence_id::text || fin || efface_le || (annule_le is null)::text from agences_fincontrat order by 1",
    "statistiques": "select id::text from accounts_account where sans_statistiques_jusqu_au is not null order by 1",
}


def _state(base: Any) -> dict[str, list[str]]:
    return {name: [row[0] for row in base.execute(query).fetchall()] for name, query in _ETAT.items()}


def test_a_restore_undoes_nothing_that_was_stopped_since_the_backup(
    committed: Cast, here: dict[str, str], elsewhere: str, tmp_path: Path, keyring: Path
) -> None:
    _before(committed)
    backup = tmp_path / "avant.palier"
    made = command(here, "sauvegarde", "creer", str(backup))
    assert made.returncode == 0, made.stderr
    _after(committed)
    _work()
    there = environment(elsewhere, tmp_path / "la-bas", keyring)
    back = command(there, "sauvegarde", "restaurer", str(backup))
    assert back.returncode == 0, back.stderr
    with (
        psycopg.connect(here["DATABASE_SUPERUSER_URL"]) as origin,
        psycopg.connect(there["DATABASE_SUPERUSER_URL"], autocommit=True) as restored,
    ):
        wanted = _state(origin)
        assert [len(rows) for rows in wanted.values()] == [4, 1, 2, 0, 2, 1, 1, 1, 2, 2, 1, 2]
        assert _state(restored) == wanted
        jobs = "select args ->> 'agence_id' from procrastinate_jobs where task_name = 'echanges.restituer'"
        assert restored.execute(jobs).fetchall() == [(str(committed.b.agence.id),)]
        again = command(there, "sauvegarde", "rejouer")
        assert "0 décisions" in again.stdout, again.stdout + again.stderr
        assert _state(restored) == wanted
    told = (keyring / trousseau.SUITES).read_text()
    for secret in ("@", "Lefèvre", "Cabinet A", "cabinet-a"):
        assert secret not in told  # identifiers, dates and public texts


@pytest.fixture
def list_of_suites(tmp_path: Path, settings: Any) -> Path:
    settings.TROUSSEAU_DIR = tmp_path / "trousseau"
    return tmp_path / "trousseau" / trousseau.SUITES


def test_the_link_of_the_mail_still_undoes_a_deletion_replayed(cast: Cast, list_of_suites: Path) -> None:
    row = ask_deletion(cast.actor("claire"))
    link = undo_token(row.account_id, row.demandee_le.isoformat())
    noter("")
    with writing("fixtures"):
        SuppressionDemandee.objects.all().delete()
    assert replay_decisions() == 1
    cast.client("claire").post(f"/garder-mon-compte/{link}")
    assert not SuppressionDemandee.objects.exists()
    noter("")
    replay_decisions()
    assert not SuppressionDemandee.objects.exists()


def test_what_a_base_just_restored_lacks_is_not_taken_for_lifted(cast: Cast, list_of_suites: Path) -> None:
    set_restriction(cast.actor("claire"), None, "limitation", "justice")
    ask_deletion(cast.actor("claire"))
    noter("")
    with writing("fixtures"):
        LimitationCompte.objects.all().delete()
        SuppressionDemandee.objects.all().delete()
    note_everything()
    assert replay_decisions() == 2
    assert LimitationCompte.objects.count() == SuppressionDemandee.objects.count() == 1


def test_a_contract_signed_again_after_the_backup_stays_signed(cast: Cast, list_of_suites: Path) -> None:
    fin = end_contract(OPERATEUR, cast.a.agence.id)
    suspend(OPERATEUR, cast.b.agence.id)
    resume_contract(OPERATEUR, cast.a.agence.id)
    noter("")
    with writing("fixtures"), connection.cursor() as cursor:
        cursor.execute("update agences_fincontrat set annule_le = null")
        cursor.execute("update agences_agence set statut = 'terminee' where id = %s", [cast.a.agence.id])
        cursor.execute("update agences_agence set statut = 'active' where id = %s", [cast.b.agence.id])
    replay_decisions()
    assert FinContrat.objects.get(id=fin.id).annule_le is not None
    states = dict(Agence.objects.order_by("slug").values_list("slug", "statut"))
    assert states == {"agence-b": "suspendue", "cabinet-a": "active"}


def test_the_list_forgets_the_agences_and_accounts_that_are_erased(cast: Cast, list_of_suites: Path) -> None:
    from palier.vie_privee.comptes.effacement import digest

    for who in ("claire", "charlie"):
        set_restriction(cast.actor(who), cast.acces[who].id, "limitation", "justice")
        set_restriction(cast.actor(who), None, "limitation", "justice")
    note_everything()
    trousseau.record(trousseau.AGENCE, str(cast.a.agence.id), now())
    trousseau.record(trousseau.COMPTE, digest(cast.accounts["charlie"].pk), now())
    assert forget_erased() > 0
    text = list_of_suites.read_text()
    assert str(cast.a.agence.id) not in text
    assert str(cast.accounts["charlie"].pk) not in text
    assert str(cast.acces["charlie"].id) in text
    assert str(cast.accounts["claire"].pk) in text


def test_a_line_cut_by_a_crash_loses_no_other(list_of_suites: Path) -> None:
    trousseau.note({("limitation", "1"): {"fin_le": None}})
    with list_of_suites.open("a") as file:
        file.write('{"genre": "limi')
    moment = (now() + timedelta(days=1)).isoformat()
    assert (
        trousseau.note({("limitation", "2"): {"fin_le": None}, ("limitation", "1"): {"fin_le": moment}}) == 2
    )
    assert trousseau.note({("limitation", "2"): {"fin_le": None}}) == 0
    assert trousseau.noted() == {
        ("limitation", "1"): {"fin_le": moment},
        ("limitation", "2"): {"fin_le": None},
    }
    assert all(json.loads(line) for line in list_of_suites.read_text().splitlines() if line.endswith("}"))
