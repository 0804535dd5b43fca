"""Calibrations handed over, drafts given up or forgotten, and who may come near."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from palier.agences.cles import agence_key
from palier.core.action import writing
from palier.core.dates import now
from palier.core.vault import DamagedFile, StoredFile
from palier.echanges.connecteurs.models import Calibrage, ProfilCalibre
from palier.echanges.connecteurs.nettoyage import purge_drafts
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import Parcours, spilasuite


def at(name: str, slug: str = "cabinet-a", **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": slug, **kwargs})


def upload(content: bytes, nom: str = "profil.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, content)


def exported(cast: Cast) -> bytes:
    """The file of a calibration of Cabinet A."""
    one = spilasuite(cast.client("gaston"))
    return bytes(one.client.get(one.save() + "/exporter").content)


def changed(content: bytes, name: str, new: bytes) -> bytes:
    """The same file with another member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for member in before.namelist():
            after.writestr(member, new if member == name else before.read(member))
    return out.getvalue()


def test_a_calibration_goes_to_another_agence_as_a_template(cast: Cast) -> None:
    content = exported(cast)
    bruno = cast.client("bruno")
    answer = bruno.post(at("profil_importer", "agence-b"), {"paquet": upload(content)})
    assert answer.status_code == 302
    page = bruno.get(answer.url).content.decode()
    assert "Gabarit" in page
    replayed = bruno.post(answer.url + "/eprouver", follow=True).content.decode()
    assert "L’épreuve réussit" in replayed


def test_what_is_shared_is_seen_and_taken_by_the_other_agences(cast: Cast) -> None:
    one = spilasuite(cast.client("gaston"))
    address = one.save()
    bruno = cast.client("bruno")
    assert "Partagés par d’autres agences" not in bruno.get(at("connecteurs", "agence-b")).content.decode()
    assert one.client.post(address + "/partager", {"partage": "oui"}).status_code == 302
    page = bruno.get(at("connecteurs", "agence-b")).content.decode()
    assert "Cabinet A" in page
    profil = address.rsplit("/", 1)[1]
    taken = bruno.post(at("profil_reprendre", "agence-b", profil=profil))
    assert taken.status_code == 302
    assert "Cabinet A" in bruno.get(taken.url).content.decode()
    one.client.post(address + "/partager", {"partage": "non"})
    assert bruno.post(at("profil_reprendre", "agence-b", profil=profil)).status_code == 404


def test_hostile_packages_are_refused_in_words(cast: Cast) -> None:
    content = exported(cast)
    gaston = cast.client("gaston")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        expected = json.loads(archive.read("attendu.json"))
    expected["tiers"].pop()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fiche.json", b"0" * 20_000_000)
    cases = {
        "pas un zip": b"bonjour",
        "incomplet": changed(content, "rien", b"")[:200],
        "python": changed(content, "profil.yaml", b"!!python/object/apply:os.system ['true']"),
        "ancres": changed(content, "profil.yaml", b"profil: &a x\nversion: *a\n"),
        "attendu": changed(content, "attendu.json", json.dumps(expected).encode()),
        "liste": changed(content, "attendu.json", b"[1]"),
        "fiche": changed(
            content, "fiche.json", b'{"format": "palier-profil-calibre", "connecteur": "../../x"}'
        ),
        "bombe": bomb.getvalue(),
    }
    for name, bad in cases.items():
        answer = gaston.post(at("profil_importer"), {"paquet": upload(bad)})
        assert answer.status_code == 422, name
    assert ProfilCalibre.objects.visible_to(cast.system()).count() == 1


def test_nobody_of_elsewhere_comes_near(cast: Cast) -> None:
    one = spilasuite(cast.client("gaston"))
    addresses = [one.home, one.home + "/resultat", one.home + "/fichier/1/lecture", one.home + "/fichier/1/colonnes",
                 one.home + "/fichier/1/reglages", at("connecteurs"), at("connecteur", connecteur="gpi")]  # fmt: skip
    saved = spilasuite(cast.client("adele")).save()
    addresses += [saved, saved + "/exporter", saved + "/retirer"]
    for who in ("charlie", "bruno", "claire", "edgar", "sans"):
        client = cast.client(who)
        assert {a: client.get(a).status_code for a in addresses} == dict.fromkeys(addresses, 404), who
        for name in ("abandonner", "envoyer", "fichier/1/retirer"):
            assert client.post(f"{one.home}/{name}").status_code == 404
        for name in ("eprouver", "verifier", "partager", "retirer", "reprendre"):
            assert client.post(f"{saved}/{name}").status_code == 404
    foreign = one.home.replace("cabinet-a", "agence-b")
    assert cast.client("bruno").get(foreign).status_code == 404


def _kept(cast: Cast) -> list[tuple[str, int]]:
    row = Calibrage.objects.visible_to(cast.system()).get()
    return [(row.plan, row.plan_octets), *((a, n) for a, n in row.depots)]


@pytest.fixture
def on_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the commit is done at once."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_k: call())


def test_cancel_erases_the_files_and_the_choices(cast: Cast, on_commit: None) -> None:
    one = spilasuite(cast.client("gaston"))
    kept = _kept(cast)
    key = agence_key(cast.system(), cast.a.agence.id)
    for address, size in kept:
        StoredFile(key, address, size).close()
    assert "seront effacés" in one.page(one.home + "/abandonner")
    assert one.client.post(one.home + "/abandonner").status_code == 302
    for address, size in kept:
        with pytest.raises(DamagedFile):
            StoredFile(key, address, size)
    assert not Calibrage.objects.visible_to(cast.system()).exists()


def test_a_draft_is_found_again_then_forgotten_after_thirty_days(cast: Cast, on_commit: None) -> None:
    one = Parcours(cast.client("gaston"), "gpi", "À reprendre")
    assert "À reprendre" in one.page(at("connecteurs"))
    assert purge_drafts() == 0
    cast.system()
    with writing("test"):
        rows = Calibrage.objects.visible_to(cast.system())
        rows.update(modifie_le=now() - timedelta(days=31))
    assert purge_drafts() == 1
    assert not Calibrage.objects.visible_to(cast.system()).exists()


def test_the_command_replays_the_tests(cast: Cast, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    content = exported(cast)
    call_command("profil", "verifier", "--agence", "cabinet-a")
    assert "épreuve réussie" in capsys.readouterr().out
    path = tmp_path / "p.zip"
    path.write_bytes(content)
    call_command("profil", "verifier", str(path))
    assert "épreuve réussie" in capsys.readouterr().out
    with writing("test"):
        ProfilCalibre.objects.visible_to(cast.system()).update(attendu={"tiers": []})
    with pytest.raises(CommandError, match="1 épreuves en échec"):
        call_command("profil", "verifier", "--agence", "cabinet-a")


def test_a_retired_calibration_converts_nothing(cast: Cast) -> None:
    one = spilasuite(cast.client("gaston"))
    address = one.save()
    assert "refusés" in one.page(address + "/retirer")
    assert one.client.post(address + "/retirer").status_code == 302
    assert "retiré" in one.page(address)
    assert one.client.post(address + "/partager", {"partage": "oui"}).status_code == 409


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("x.csv", b"", "Choisissez"),
    "one huge field": ("x.csv", b'a;b\n1;"' + b"x" * 3_000_000 + b'"\n', "Ligne de plus d"),
    "nul": ("x.csv", b"a;b\n1;\x00\n2;3\n", "octet nul"),
    "old workbook": ("x.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "lu"),
    "program": ("x.exe", b"MZ" + b"0" * 600, "n’est pas lu"),
    "broken zip": ("x.zip", b"PK\x03\x04" + b"0" * 200, "zip"),
}


@pytest.mark.parametrize("case", BAD)
def test_hostile_exports_are_refused_in_words(cast: Cast, case: str) -> None:
    nom, content, sentence = BAD[case]
    one = Parcours(cast.client("gaston"), "gpi")
    answer = one.send(nom, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode(), answer.content.decode()[-3000:]


def test_hostile_zips_are_refused(cast: Cast) -> None:
    one = Parcours(cast.client("gaston"), "gpi")
    for name, content in (("../x.csv", b"a;b\n1;2\n"), ("a.zip", b"PK"), ("lien", b"/etc/passwd")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 << 16) if name == "lien" else 0
            archive.writestr(info, content)
        assert one.send("x.zip", out.getvalue()).status_code == 422, name


def test_formulas_of_a_workbook_are_not_run(cast: Cast) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Compte", "Nom", "Solde"],
        ["450001", "=CMD|' /C calc'!A0", "=1+1"],
        ["450002", "Dupont", 3],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    one = Parcours(cast.client("gaston"), "gpi")
    assert one.send("f.xlsx", out.getvalue()).status_code == 302
    page = one.page(one.home + "/fichier/1/lecture")
    assert "CMD" not in page
    assert "Dupont" in page
