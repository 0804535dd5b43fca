"""The main job, as a person does it: a letter, an account, the papers; a second agency; another browser; and Charlie."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor

DENIS_PASSWORD = "la mirabelle du vieux perron"


def type_code(visitor: Visitor, code: list[str]) -> None:
    """Type a code as a person would: lower case, spaces."""
    visitor.go("/activer")
    page = visitor.page
    page.locator("input[name=identifiant]").fill(code[0].lower())
    page.locator("input[name=secret]").fill(f" {code[1][:5]} {code[1][5:]} ")
    page.locator("main form button[type=submit]").first.click()


def submit(visitor: Visitor) -> None:
    visitor.page.locator("main form button[type=submit]").first.click()


def test_from_a_letter_to_both_agencies(browser: Browser, town: Town, tmp_path: Path) -> None:
    email = "denis@courriel.example"
    phone = Visitor(browser, town, PHONE)
    page = phone.page
    type_code(phone, town.facts["codes"]["a"])
    page.wait_for_url("**/activer/compte")
    assert phone.axe() == []
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(DENIS_PASSWORD)
    page.locator("input[name=cgu]").check()
    page.locator("input[name=politique]").check()
    submit(phone)
    page.wait_for_url("**/activer/verification")
    assert phone.axe() == []
    link = town.mailbox.link(town.mailbox.wait_for(email))
    page.goto(link)
    assert phone.axe() == []
    submit(phone)
    page.wait_for_url("**/e/**")
    first_space = "/" + page.url.removeprefix(town.url).split("/", 1)[1].split("?")[0]

    # Reads and downloads the minutes of the last meeting.
    page.goto(town.url + first_space.rstrip("/") + "/documents")
    page.locator("main a", has_text="CANARI-A-TOUS").first.click()
    expect(page.locator("h1")).to_contain_text("CANARI-A-TOUS")
    document = "/" + page.url.removeprefix(town.url).split("/", 1)[1].split("?")[0]
    with page.expect_download() as waiting:
        page.locator('main a[href*="telecharger"]').first.click()
    saved = tmp_path / "pv.pdf"
    waiting.value.save_as(saved)
    assert saved.read_bytes().startswith(b"%PDF-")

    # Attaches the second access, of the other agency, by the same page.
    type_code(phone, town.facts["codes"]["b"])
    page.wait_for_url("**/activer/rattacher")
    assert phone.axe() == []
    submit(phone)
    page.wait_for_url(lambda url: "/activer" not in url)
    phone.go("/accueil")
    for agency in ("Cabinet A", "Agence B"):
        expect(page.locator("main")).to_contain_text(agency)
    assert phone.overflow() == 0

    # Signs out; the back button shows nothing; signs in again on another browser.
    page.request.get(town.url + "/accueil")
    page.evaluate("document.querySelector('form[action=\"/deconnexion\"]').requestSubmit()")
    page.wait_for_url(lambda url: not url.endswith("/accueil"))
    phone.go(first_space)
    assert "/connexion" in page.url
    phone.close()
    desk = Visitor(browser, town, DESKTOP)
    desk.sign_in(email, DENIS_PASSWORD)
    for agency in ("Cabinet A", "Agence B"):
        expect(desk.page.locator("main")).to_contain_text(agency)
    desk.close()

    # Charlie gets 404 on each of those addresses.
    charlie = Visitor(browser, town, DESKTOP)
    charlie.sign_in("charlie@courriel.example", PASSWORD)
    base = first_space.rstrip("/")
    addresses = [first_space, document, document.rstrip("/") + "/telecharger"]
    addresses += [f"{base}/{name}" for name in ("documents", "compte", "bien", "compte/releve.csv")]
    assert {
        address: charlie.page.request.get(town.url + address).status for address in addresses
    } == dict.fromkeys(addresses, 404)
    charlie.close()

    # The code is used up: the same answer as for any wrong code.
    late = Visitor(browser, town, DESKTOP)
    type_code(late, town.facts["codes"]["a"])
    expect(late.page.locator("main")).to_be_visible()
    assert late.page.url.endswith("/activer")
    late.close()


def address(town: Town, who: str, path: str) -> str:
    """Return a path with this person's space, document and tiers."""
    espace = f"/e/{town.facts['espaces'].get(who, '')}"
    path = path.replace("/D", f"/{town.facts['documents']['tous']}").replace(
        "/T", f"/{town.facts['tiers']['claire']}"
    )
    return path.replace("E/", espace + "/", 1) if path.startswith("E/") else path


def test_everything_works_without_javascript(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, PHONE, javascript=False)
    visitor.sign_in("claire@courriel.example", PASSWORD)
    page = visitor.page
    visitor.go(address(town, "claire", "E/documents"))
    page.locator("main input[name=q]").fill("proces")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("CANARI-A-TOUS")
    visitor.go(address(town, "claire", "E/compte"))
    expect(page.locator("main")).to_contain_text("482,17")
    visitor.close()


def test_sign_in_and_reading_with_the_keyboard_alone(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, DESKTOP)
    visitor.go("/connexion")
    page = visitor.page
    page.locator("input[name=login]").focus()
    page.keyboard.type("claire@courriel.example")
    page.keyboard.press("Tab")
    for _step in range(4):
        if page.evaluate("document.activeElement.name") == "password":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accueil*")
    page.keyboard.press("Tab")
    assert "#" in str(
        page.evaluate("document.activeElement.getAttribute('href')")
    )  # the skip link comes first
    visitor.go(address(town, "claire", "E/documents"))
    for _step in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.href || ''")
        if "/documents/" in focused and "telecharger" not in focused:
            break
    around = "[document.activeElement, document.activeElement.closest('.ligne')]"
    assert page.evaluate(f"{around}.some(e => e && getComputedStyle(e).outlineStyle !== 'none')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*")
    expect(page.locator("h1")).to_contain_text("CANARI")
    visitor.close()


@pytest.mark.parametrize(
    "payload", ['"><img src=x onerror=document.title="PWNED">', "</script><script>alert(1)</script>"]
)
def test_hostile_search_text_stays_text(browser: Browser, town: Town, payload: str) -> None:
    visitor = Visitor(browser, town, DESKTOP)
    visitor.sign_in("claire@courriel.example", PASSWORD)
    visitor.go(address(town, "claire", "E/documents"))
    visitor.page.locator("main input[name=q]").fill(payload)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page).to_have_title(re.compile("Palier"))
    visitor.page.wait_for_timeout(300)
    assert visitor.page.title() != "PWNED"
    visitor.close()
