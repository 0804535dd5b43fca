"""« Flux », as the agence meets it: sources and changes, a row between two imports, and going back; without a script too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.echanges.fabrique import make_dossier, sound_tables
from tests.factories import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor

SOURCE = {"logiciel": "parcours", "base": "flux"}


def dossier(path: Path, amount: str) -> Path:
    """A dossier of Cabinet A, from a source of its own, where the first account owes this."""
    tables = sound_tables()
    tables["comptes"][0]["solde"] = amount
    tables["mouvements"][0]["debit"] = amount
    return make_dossier(path, tables, agence="cabinet-a", source=SOURCE)


def send(visitor: Visitor, path: Path) -> None:
    """Send a file by the page, then follow its import to its end."""
    page = visitor.page
    visitor.go("/g/cabinet-a/imports")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Envoyer les fichiers").click()
    if "/imports/" not in page.url:
        page.locator("main").get_by_role("link", name=path.name).first.click(timeout=30_000)
    page.wait_for_url("**/imports/*")


@pytest.mark.parametrize(
    ("size", "script"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone-no-script"]
)
def test_the_exchange_is_read_compared_and_taken_back(
    browser: Browser, town: Town, tmp_path: Path, size: dict[str, int], script: bool
) -> None:
    sender = Visitor(browser, town, DESKTOP)
    sender.sign_in("adele@courriel.example", PASSWORD)
    name = "script" if script else "sans"
    for file, amount in ((f"lundi-{name}.zip", "152.30"), (f"mardi-{name}.zip", "99.10")):
        send(sender, dossier(tmp_path / file, amount))
        expect(sender.page.locator("main")).to_contain_text("Par table", timeout=90_000)
    sender.close()

    adele = Visitor(browser, town, size, javascript=script)
    adele.sign_in("adele@courriel.example", PASSWORD)
    page, main = adele.page, adele.page.locator("main")

    def sound() -> None:
        if script:
            assert adele.axe() == []
            assert adele.overflow() <= 0

    adele.go("/g/cabinet-a/flux")
    expect(main).to_contain_text("parcours, flux")
    expect(main).to_contain_text(f"mardi-{name}.zip")
    sound()
    page.get_by_role("link", name="Par copropriété et mandat").click()
    expect(main).to_contain_text("Résidence Un")
    sound()
    page.locator('main a[href*="/changements/comptes/modifie"]').first.click()
    expect(main).to_contain_text("lignes modifiées")
    sound()
    page.get_by_role("link", name="A1", exact=True).click()
    expect(page.locator("#comparaison")).to_contain_text("152,30")
    expect(page.locator("#comparaison")).to_contain_text("99,10")
    sound()
    adele.go("/g/cabinet-a/flux")
    page.get_by_label("Chercher une ligne").fill("A1")
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_contain_text("A1")
    sound()
    adele.go("/g/cabinet-a/flux")
    page.locator("#change + p ~ .actions").get_by_role("link", name="Revenir à l’état d’avant").click()
    expect(main).to_contain_text("Ce qui changerait en ligne")
    sound()
    page.get_by_label("Je veux revenir à l’état d’avant cet import").check()
    page.get_by_role("button", name="Revenir à l’état d’avant").click()
    expect(main).to_contain_text("L’état d’avant est revenu")
    adele.go("/g/cabinet-a/flux")
    expect(main).to_contain_text("Annulé")
    sound()
    adele.close()


@pytest.mark.parametrize(
    ("size", "script"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone-no-script"]
)
def test_files_that_go_together_are_one_sending(
    browser: Browser, town: Town, tmp_path: Path, size: dict[str, int], script: bool
) -> None:
    """Two files dragged at once, said to go together: one line, one import that names both."""
    paths = [tmp_path / "balance.csv", tmp_path / "contacts.csv"]
    for path in paths:
        path.write_text("Colonne A;Colonne B\n1;2\n")
    adele = Visitor(browser, town, size, javascript=script)
    adele.sign_in("adele@courriel.example", PASSWORD)
    page = adele.page
    adele.go("/g/cabinet-a/imports")
    page.locator("input[type=file]").set_input_files(paths)
    page.get_by_role("radio", name="Ils forment ensemble un seul envoi").check()
    page.get_by_role("button", name="Envoyer les fichiers").click()
    if script:
        line = page.locator("[data-envois-suivi] li")
        expect(line).to_have_count(1)
        expect(line).to_contain_text("balance.csv (+ 1)")
        line.get_by_role("link", name="Suivre").click(timeout=30_000)
    page.wait_for_url("**/imports/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("balance.csv + contacts.csv")
    adele.close()
