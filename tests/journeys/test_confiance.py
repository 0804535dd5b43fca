"""Trust, in a real browser: refuse the cookies, store nothing unlisted, leave and come back, close everything."""

import re

from playwright.sync_api import Browser, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor

# As palier.vie_privee.temoins.registre lists them on a plain http address (tests/vie_privee/test_temoins.py holds the
# page to the code; this one holds the browser to the page).
_LISTED = {"sessionid", "csrftoken", "langue", "temoins", "htmx-current-path-for-history"}


def _stored(visitor: Visitor) -> set[str]:
    """Everything that the portal left on the device: cookies, local and session storage, databases, caches."""
    names = {cookie["name"] for cookie in visitor.context.cookies()}
    names |= set(
        visitor.page.evaluate(
            "async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage),"
            " ...(await indexedDB.databases()).map(d => d.name)]"
        )
    )
    return names


def test_refusing_is_one_button_and_nothing_is_stored_before(
    browser: Browser, town: Town, size: dict[str, int]
) -> None:
    visitor = Visitor(browser, town, size)
    visitor.go("/")
    assert _stored(visitor) <= {"csrftoken"}
    banner = visitor.page.locator(".bandeau-temoins")
    refuse, accept = (
        banner.get_by_role("button", name="Tout refuser"),
        banner.get_by_role("button", name="Tout accepter"),
    )
    first, second = refuse.bounding_box(), accept.bounding_box()
    assert first and second
    assert (first["width"], first["height"]) == (second["width"], second["height"])
    assert visitor.axe() == []
    refuse.click()
    expect(banner).to_have_count(0)
    assert _stored(visitor) <= _LISTED
    visitor.go("/cgu")
    expect(visitor.page.locator(".bandeau-temoins")).to_have_count(0)
    visitor.close()


def test_every_page_stores_only_what_is_listed(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, DESKTOP)
    visitor.go("/cookies/choix")
    listed = set(visitor.page.locator("main table tbody th").all_inner_texts())
    visitor.page.get_by_role("button", name="Tout accepter").first.click()
    visitor.sign_in("claire@courriel.example", PASSWORD)
    for path in (
        "/accueil",
        "/mes-acces",
        "/mon-compte",
        "/textes",
        "/conservation",
        "/etat",
        "/sous-traitants",
    ):
        assert visitor.go(path) == 200, path
        assert visitor.axe() == [], path
        assert visitor.overflow() <= 0, path
    visitor.page.locator('form[action="/langue"] button[value="en"]').first.click()
    assert _stored(visitor) <= listed
    visitor.close()


def test_the_signal_of_the_browser_is_a_refusal(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, PHONE)
    visitor.context.set_extra_http_headers({"Sec-GPC": "1"})
    visitor.go("/")
    expect(visitor.page.locator(".bandeau-temoins")).to_have_count(0)
    visitor.go("/cookies/choix")
    expect(visitor.page.locator("main")).to_contain_text("Global Privacy Control")
    visitor.close()


def test_without_javascript_the_choice_is_made_all_the_same(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, PHONE, javascript=False)
    visitor.go("/cookies/choix")
    visitor.page.locator('input[name="audience"][value="non"]').check()
    visitor.page.locator('input[name="navigation"][value="non"]').check()
    visitor.page.get_by_role("button", name="Enregistrer mon choix").click()
    expect(visitor.page.locator("main")).to_contain_text("Votre choix date du")
    visitor.close()


def test_leaving_and_changing_ones_mind(browser: Browser, town: Town) -> None:
    visitor = Visitor(browser, town, PHONE)
    page = visitor.page
    visitor.sign_in("conrad@courriel.example", PASSWORD)
    visitor.go("/mon-compte/supprimer")
    assert visitor.axe() == []
    assert visitor.overflow() <= 0
    page.locator("input[name=confirme]").check()
    page.get_by_role("button", name="Demander la suppression").click()
    if "/reauthentification" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Votre compte sera supprimé le")
    link = town.mailbox.link(town.mailbox.wait_for("conrad@courriel.example", after=0))
    found = [
        m for m in town.mailbox.mails if "sera supprimé" in str(m["Subject"]) and "conrad@" in str(m["To"])
    ]
    link = town.mailbox.link(found[-1]) if found else link
    assert re.search(r"/garder-mon-compte/", link)
    other = Visitor(browser, town, DESKTOP)
    other.page.goto(link)
    assert other.axe() == []
    other.page.get_by_role("button", name="Garder mon compte").click()
    expect(other.page.locator("body")).to_contain_text("rien n’a été effacé")
    visitor.go("/mon-compte/supprimer")
    expect(page.locator("main")).to_contain_text("Je veux supprimer mon compte")
    other.close()
    visitor.close()


def test_reporting_a_misuse_closes_every_session_in_two_clicks(browser: Browser, town: Town) -> None:
    here, elsewhere = Visitor(browser, town, PHONE), Visitor(browser, town, DESKTOP)
    for one in (here, elsewhere):
        one.sign_in("anna@courriel.example", PASSWORD)
    here.go("/mon-compte")
    here.page.locator("main a", has_text="Signaler un usage anormal").click()
    assert here.axe() == []
    here.page.get_by_role("button", name="Fermer tout et prévenir").click()
    here.page.wait_for_url("**/connexion*")
    elsewhere.go("/accueil")
    assert "/connexion" in elsewhere.page.url
    assert town.mailbox.wait_for("anna@courriel.example")
    here.close()
    elsewhere.close()
