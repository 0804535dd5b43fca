"""The four connectors in a real browser: an export that nobody knows, the assistant, and a client's page."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.cast import PASSWORD
from tests.echanges.connecteurs.echantillons import DONNEES
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor

BUREAU = "/g/cabinet-a"


class Calibration:
    """Gaston in front of the assistant; every page of the way is held against axe and the width of the screen."""

    def __init__(
        self, browser: Browser, town: Town, size: dict[str, int], *, javascript: bool = True, axe: bool = True
    ) -> None:
        self.visitor = Visitor(browser, town, size, javascript=javascript)
        self.page, self.checked = self.visitor.page, javascript and axe
        self.faults: list[str] = []
        self.visitor.sign_in("gaston@courriel.example", PASSWORD)

    def check(self) -> None:
        """Gather what is wrong with the present page."""
        if self.checked:
            self.faults += self.visitor.axe()
            wide = self.visitor.overflow()
            self.faults += [f"{self.page.url}: {wide} px too wide"] if wide > 0 else []

    def press(self, words: str) -> None:
        """Press a button of the page, by what it says."""
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state("load")

    def start(self, connecteur: str, nom: str, export: Path) -> None:
        self.visitor.go(f"{BUREAU}/connecteurs/")
        self.check()
        self.page.locator(f'main a[href$="/logiciel/{connecteur}"]').click()
        self.page.wait_for_url(f"**/logiciel/{connecteur}")
        self.check()
        self.page.locator("input[name=nom]").fill(nom)
        self.press("Commencer")
        self.page.wait_for_url("**/calibrage/*")
        self.check()
        self.page.locator("input[name=export]").set_input_files(str(export))
        self.press("Envoyer cet export")

    def read(self, nature: str, **choices: str) -> None:
        """First step: what it is, and how it is read."""
        self.page.wait_for_url("**/lecture")
        self.page.locator("select[name=nature]").select_option(nature)
        for name, value in choices.items():
            self.page.locator(f"select[name={name}]").select_option(value)
        if choices:
            self.press("Relire ainsi")
            self.page.wait_for_url("**/lecture")
        self.check()
        self.press("Continuer")

    def settle(self, **choices: str) -> None:
        """Second and third steps: accept the suggestions, then say what the file does not."""
        if not choices.pop("pdf", ""):
            self.page.wait_for_url("**/colonnes")
            self.check()
            self.press("Continuer")
        self.page.wait_for_url("**/reglages")
        self.check()
        for name, value in choices.items():
            field = self.page.locator(f"main [name={name}]")
            (field.select_option if field.evaluate("e => e.tagName") == "SELECT" else field.fill)(value)
        self.press("Enregistrer ces réglages")
        self.page.wait_for_url(re.compile(r"/calibrage/[0-9a-f-]+$"))
        self.check()

    def save(self, *shown: str) -> None:
        """Last step: what clients will read, then the profile."""
        self.page.locator("main a", has_text="Voir ce que cela donne").click()
        self.page.wait_for_url("**/resultat")
        for text in shown:
            expect(self.page.locator("main")).to_contain_text(text)
        self.check()
        self.page.locator("input[name=reel]").check()
        self.press("Enregistrer le profil")
        self.page.wait_for_url("**/profil/*")
        expect(self.page.locator("main")).to_contain_text("Vérifié sur un export réel de cette agence")
        self.check()

    def night(self, export: Path, person: str, seen: str) -> None:
        """The same export goes in without a click more; a client's page shows it."""
        self.visitor.go(f"{BUREAU}/imports")
        self.page.locator("input[name=dossier]").set_input_files(str(export))
        self.page.locator("form[enctype] button[type=submit]").first.click()
        row = self.page.locator("main tr", has_text=export.name).first
        for _attempt in range(60):
            self.page.wait_for_timeout(500)
            self.visitor.go(f"{BUREAU}/imports")
            if row.count() and "En ligne" in row.inner_text():
                break
        expect(row).to_contain_text("En ligne")
        self.visitor.go(f"{BUREAU}/personnes?q={person.split()[0]}")
        links = self.page.locator("main a[href*='/personnes/']", has_text=person)
        expect(links.first).to_be_visible()
        for address in [link.get_attribute("href") for link in links.all()]:
            self.visitor.go(str(address))
            self.page.locator("form[action$='/voir'] button").first.click()
            self.page.wait_for_url("**/vue/**")
            self.page.locator("main a[href$='/compte']").first.click()
            self.page.wait_for_url("**/compte")
            if seen in self.page.locator("main").inner_text():
                return
        raise AssertionError(f"no page of {person} says {seen}")

    def end(self) -> None:
        self.visitor.close()
        assert "\n".join(self.faults) == ""


def test_spilasuite_a_delimited_list_on_a_phone(browser: Browser, town: Town) -> None:
    export = DONNEES / "spilasuite-locataires.csv"
    one = Calibration(browser, town, PHONE)
    one.start("spilasuite", "Gérance", export)
    one.read("locataires")
    one.settle()
    one.save("Mme Chloé Garnier", "L00001", "Niveau N0")
    one.night(export, "Métayer", "689,32")
    one.end()


def test_sdgi_fixed_width_without_javascript(browser: Browser, town: Town) -> None:
    export = DONNEES / "sdgi-balance.txt"
    one = Calibration(browser, town, DESKTOP, javascript=False)
    one.start("sdgi", "Syndic", export)
    one.read("coproprietaires")
    one.settle()
    one.save("Danièle CRÉTIN", "Le Petit Puits")
    one.night(export, "DOS SANTOS", "71,00")
    one.end()


def test_gpi_a_workbook_with_titles_and_totals(browser: Browser, town: Town) -> None:
    export = DONNEES / "gpi-soldes.xlsx"
    one = Calibration(browser, town, DESKTOP, axe=False)
    one.start("gpi", "Cabinet", export)
    one.read("comptes", feuille="Soldes")
    one.settle()
    one.save("Crétin Danièle", "450001")
    one.night(export, "Dos Santos Hélène", "71,00")
    one.end()


def test_login_a_zip_of_several_files(browser: Browser, town: Town) -> None:
    export = DONNEES / "login-envoi.zip"
    one = Calibration(browser, town, DESKTOP)
    one.start("login", "Envoi", export)
    expect(one.page.locator("main")).to_contain_text("grand_livre.txt")
    home = one.page.url
    kinds = {
        "comptes.txt": ("comptes", {"role": "coproprietaire"}),
        "contacts.csv": ("contacts", {}),
        "grand_livre.txt": ("ecritures", {}),
    }
    for rank in (1, 2, 3):
        one.page.goto(f"{home}/fichier/{rank}/lecture")
        title = one.page.locator("h1").inner_text().removeprefix("Lire ")
        nature, choices = kinds[title]
        one.read(nature)
        one.settle(**choices)
    one.page.goto(f"{home}/fichier/4/reglages")
    one.settle(pdf="1", compte="2", date="3", titre="1", categorie="appel_de_fonds")
    one.save("Danièle Crétin", "Niveau N1", "Appel de fonds")
    one.night(export, "Crétin", "Prélèvement SEPA")
    one.end()
