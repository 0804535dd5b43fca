"""What a client says reaches the agence: on a phone, without JavaScript for the forms, axe on every page."""

import zipfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.factories import PASSWORD, pdf
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor


def clean(visitor: Visitor) -> None:
    """Nothing that axe finds, nothing wider than the screen."""
    assert visitor.axe() == []
    assert visitor.overflow() <= 0


def test_details_consent_and_proof_go_back_to_the_agence(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    claire = Visitor(browser, town, PHONE)
    claire.sign_in("claire@courriel.example", PASSWORD)
    page = claire.page
    claire.go("/mes-acces")
    page.locator("article", has_text="Cabinet A").get_by_role("link", name="Mes coordonnées").click()
    clean(claire)
    page.get_by_role("button", name="Oui, tout est juste").click()
    expect(page.locator("main")).to_contain_text("vous avez confirmé")
    page.get_by_role("link", name="Proposer un changement").click()
    clean(claire)
    page.get_by_label("Téléphone mobile").fill("06 12")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("Ce numéro n’est pas complet")
    clean(claire)
    page.get_by_label("Téléphone mobile").fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("Votre demande est enregistrée")
    clean(claire)
    claire.close()

    leo = Visitor(browser, town, PHONE, javascript=False)
    leo.sign_in("leo@courriel.example", PASSWORD)
    page = leo.page
    leo.go(f"/e/{town.facts['espaces']['leo']}/plus")
    page.get_by_role("link", name="Mes accords").click()
    page.get_by_role("button", name="J’accepte ce texte").click()
    expect(page.locator("main")).to_contain_text("C’est noté")
    leo.go(f"/e/{town.facts['espaces']['leo']}/assurance")
    sent = tmp_path / "attestation.pdf"
    sent.write_bytes(pdf("assurance"))
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_label("Valable du").fill("2026-09-01")
    page.get_by_label("Jusqu’au").fill("2027-08-31")
    page.get_by_role("button", name="Envoyer l’attestation").click()
    expect(page.locator("main")).to_contain_text("Votre attestation est envoyée")
    leo.close()

    seen = Visitor(browser, town, PHONE)
    seen.sign_in("leo@courriel.example", PASSWORD)
    for path in (f"/e/{town.facts['espaces']['leo']}/assurance", f"/e/{town.facts['espaces']['leo']}/plus"):
        seen.go(path)
        clean(seen)
    seen.page.get_by_role("link", name="Mes accords").click()
    clean(seen)
    seen.close()

    desk = Visitor(browser, town, DESKTOP)
    desk.sign_in("adele@courriel.example", PASSWORD)
    page = desk.page
    desk.go("/g/cabinet-a/retours")
    expect(page.locator("main")).to_contain_text("06 12 34 56 78")
    clean(desk)
    page.get_by_role("link", name="Refuser").first.click()
    clean(desk)
    desk.go("/g/cabinet-a/retours/accords")
    clean(desk)
    desk.go("/g/cabinet-a/retours")
    page.get_by_role("button", name="Préparer le retour n° 1").click()
    expect(page.locator("main")).to_contain_text("Le retour n° 1 est prêt : 3 lignes")
    clean(desk)
    with page.expect_download() as taken:
        page.get_by_role("link", name="excel-fr").first.click()
    target = tmp_path / "retour.zip"
    taken.value.save_as(target)
    names = zipfile.ZipFile(target).namelist()
    assert "retours_coordonnees.csv" in names and any(n.startswith("documents/") for n in names)
    page.get_by_role("button", name="Acquitter").click()
    expect(page.locator("main")).to_contain_text("est acquitté")
    desk.go("/g/cabinet-a/retours?etat=transmis")
    clean(desk)
    desk.close()
    phone = Visitor(browser, town, PHONE)
    phone.sign_in("adele@courriel.example", PASSWORD)
    for path in (
        "/g/cabinet-a/retours?etat=transmis",
        "/g/cabinet-a/retours/fichiers",
        "/g/cabinet-a/retours/accords",
    ):
        phone.go(path)
        clean(phone)
    phone.close()
