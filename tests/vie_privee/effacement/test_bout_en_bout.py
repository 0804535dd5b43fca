"""With real commits: killed at each step, backups made before, and every byte looked for after."""

from pathlib import Path
from typing import Any

import psycopg
from django.core.files.storage import default_storage
from django.db import connection, transaction

from palier.agences.models import CertificatEffacement, FinContrat
from palier.vie_privee.effacement import catalogue, preuve
from palier.vie_privee.effacement.etapes import run
from tests.cast import Cast
from tests.echanges.tueur import in_a_process
from tests.vie_privee.effacement.outils import checksums, command, end, environment, whole_dump

#: Words of agence A that agence B has not, and that must have gone everywhere.
MOTS = {
    b"CANARI-A-TOUS", b"CANARI-A-CLAIRE", b"CANARI-A-INTERNE", b"Cabinet A", b"cabinet-a", b"conrad.", b"LE GOFF",
    b"beatrice", b"Gaston Morel",
}  # fmt: skip


def _words(cast: Cast) -> set[bytes]:
    """Canaries and names that the base holds now: a leak test must contain something that could leak."""
    with transaction.atomic():
        found = preuve.words_of(cast.a.agence.id, cast.a.key)
        return preuve.only_its_own(found, cast.a.agence.id, [cast.b.agence.id])


def test_killed_at_any_step_it_ends_in_the_same_state(
    committed: Cast, monkeypatch: Any, superuser: psycopg.Connection[Any]
) -> None:
    a, b = committed.a.agence.id, committed.b.agence.id
    fin = end(a, monkeypatch)
    with transaction.atomic():
        committed.system(committed.b)
        before = checksums(b, connection)
    words = _words(committed)
    deaths = 0
    for fatal in range(5, 400, 12):  # further each time: the steps done are not done again
        code = in_a_process(lambda: _run(fin), fatal)
        if code == 0:
            break
        assert code == -9, code
        deaths += 1
    row = FinContrat.objects.get(id=fin.id)
    assert deaths >= 5
    assert row.termine_le is not None
    assert CertificatEffacement.objects.filter(agence_id=a).count() == 1
    with transaction.atomic():
        committed.system(committed.b)
        assert checksums(b, connection) == before
        committed.system(committed.a)
        assert catalogue.total(catalogue.counts(a)) == 0
    assert preuve.in_blocks(words, [whole_dump(superuser)]) == set()
    assert preuve.in_storage(words, a) == set()


def _run(fin: FinContrat) -> None:
    run(fin.id)


def test_a_backup_gives_every_row_and_file_back(
    committed: Cast, here: dict[str, str], elsewhere: str, tmp_path: Path, keyring: Path
) -> None:
    backup = tmp_path / "avant.palier"
    made = command(here, "sauvegarde", "creer", str(backup))
    assert made.returncode == 0, made.stderr
    checked = command(here, "sauvegarde", "verifier", str(backup))
    assert "2 agences lisibles" in checked.stdout, checked.stderr
    assert preuve.in_file(_words(committed), backup) == set()  # nothing is read without the keys
    there = environment(elsewhere, tmp_path / "la-bas", keyring)
    back = command(there, "sauvegarde", "restaurer", str(backup))
    assert back.returncode == 0, back.stderr
    assert "2 agences" in back.stdout
    with psycopg.connect(there["DATABASE_SUPERUSER_URL"]) as restored:
        for maison in (committed.a, committed.b):
            with transaction.atomic():
                committed.system(maison)
                mine = checksums(maison.agence.id, connection)
            assert checksums(maison.agence.id, restored) == mine
    again = command(there, "sauvegarde", "restaurer", str(backup))
    assert "base neuve" in again.stderr
    assert command(there, "journal", "verifier").returncode == 0


def test_an_erased_agence_does_not_come_back_from_an_older_backup(
    committed: Cast, here: dict[str, str], elsewhere: str, tmp_path: Path, keyring: Path, monkeypatch: Any
) -> None:
    backup, words = tmp_path / "avant.palier", _words(committed)
    assert len(words) > 20
    assert command(here, "sauvegarde", "creer", str(backup)).returncode == 0
    conrad = committed.accounts["conrad"].email.encode()
    run(end(committed.a.agence.id, monkeypatch).id)
    _copy_digests()
    checked = command(here, "sauvegarde", "verifier", str(backup))
    assert "1 agences lisibles, 1 dont la clé" in checked.stdout, checked.stderr
    there = environment(elsewhere, tmp_path / "la-bas", keyring)
    back = command(there, "sauvegarde", "restaurer", str(backup))
    assert back.returncode == 0, back.stderr
    with psycopg.connect(there["DATABASE_SUPERUSER_URL"], autocommit=True) as restored:
        dump = whole_dump(restored)
        assert restored.execute("select slug from agences_agence").fetchall() == [("agence-b",)]
    assert preuve.in_blocks({*words, conrad}, [dump]) == set()
    stored = b"".join(p.read_bytes() for p in (tmp_path / "la-bas").rglob("*") if p.is_file())
    assert preuve.in_blocks(words, [stored]) == set()
    assert str(committed.a.agence.id) not in {p.name for p in (tmp_path / "la-bas" / "coffre").iterdir()}


def _copy_digests() -> None:
    from palier.vie_privee.contrats.passage import copy_erased_accounts

    copy_erased_accounts()


def test_a_cut_or_altered_backup_is_refused_and_changes_nothing(
    committed: Cast, here: dict[str, str], elsewhere: str, tmp_path: Path, keyring: Path
) -> None:
    backup = tmp_path / "avant.palier"
    assert command(here, "sauvegarde", "creer", str(backup)).returncode == 0
    content = bytearray(backup.read_bytes())
    content[len(content) // 3] ^= 1
    (tmp_path / "altere.palier").write_bytes(content)
    (tmp_path / "coupe.palier").write_bytes(backup.read_bytes()[:-2000])
    there = environment(elsewhere, tmp_path / "la-bas", keyring)
    assert command(there, "sauvegarde", "restaurer", str(tmp_path / "coupe.palier")).returncode == 1
    assert command(here, "sauvegarde", "verifier", str(tmp_path / "altere.palier")).returncode == 1
    thief = {**there, "PALIER_VAULT_KEY": "ab" * 32}
    assert "autre clé" in command(thief, "sauvegarde", "restaurer", str(backup)).stderr
    with psycopg.connect(there["DATABASE_SUPERUSER_URL"]) as restored:
        assert restored.execute("select count(*) from accounts_account").fetchone() == (0,)


def test_the_command_proves_it(committed: Cast, here: dict[str, str], tmp_path: Path) -> None:
    backup = tmp_path / "avant.palier"
    assert command(here, "sauvegarde", "creer", str(backup)).returncode == 0
    app = {**here, "PALIER_DB_ROLE": "app"}
    done = command(
        app, "effacement", "prouver", "--agence", "cabinet-a", "--jusqu-au-bout", "--sauvegarde", str(backup)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Rien de cette agence ne reste" in done.stdout
    assert default_storage is not None
