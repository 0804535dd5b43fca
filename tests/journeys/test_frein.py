"""The brake, as the agence meets it: a dossier that loses rows waits, says what would go, and is confirmed by hand."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.echanges.fabrique import make_dossier, sound_tables
from tests.factories import PASSWORD
from tests.journeys.conftest import DESKTOP, Town, Visitor

LIGNES, RESTE = 60, 20


def dossier(path: Path, lines: int) -> Path:
    """A dossier of Cabinet A with so many ledger lines."""
    tables = sound_tables()
    line = {"compte_id": "A2", "le": "2026-11-20", "libelle": "Frein", "debit": "1.00", "credit": "1.00"}
    tables["mouvements"] += [{**line, "id": f"F{rang}"} for rang in range(lines)]
    return make_dossier(path, tables, agence="cabinet-a")


def send(visitor: Visitor, path: Path) -> None:
    """Send a file by the page, then open the page of its import."""
    page = visitor.page
    visitor.go("/g/cabinet-a/imports")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Envoyer les fichiers").click()
    page.locator("#recus").get_by_role("link", name=path.name).first.click(timeout=30_000)
    page.wait_for_url("**/imports/*")


def test_dossier_that_loses_rows_waits_for_a_person(browser: Browser, town: Town, tmp_path: Path) -> None:
    adele = Visitor(browser, town, DESKTOP)
    adele.sign_in("adele@courriel.example", PASSWORD)
    page, main = adele.page, adele.page.locator("main")
    send(adele, dossier(tmp_path / "premier.zip", LIGNES))
    expect(main).to_contain_text("Par table", timeout=90_000)
    assert adele.axe() == []

    send(adele, dossier(tmp_path / "ampute.zip", RESTE))
    expect(main).to_contain_text("Cet import ferait disparaître des données", timeout=90_000)
    expect(main).to_contain_text(f"{LIGNES - RESTE} lignes sur {LIGNES + 2} seraient archivées")
    expect(main).to_contain_text("Rien n’a changé en ligne")
    assert adele.axe() == []
    assert adele.overflow() <= 0

    page.get_by_role("button", name="Confirmer ces disparitions").click()
    expect(main).to_contain_text("C’est confirmé : l’import reprend")
    expect(page.get_by_role("button", name="Confirmer ces disparitions")).to_have_count(0)
    expect(main).to_contain_text("Par table", timeout=90_000)
    expect(main).not_to_contain_text("ferait disparaître")
    assert adele.axe() == []
    adele.go("/g/cabinet-a/journal")
    expect(page.locator("main table")).to_contain_text("confirmation")
    adele.close()
