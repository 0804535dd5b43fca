"""An idle session says that it ends, and is kept by a button; the clock is the browser's, moved by hand (RGAA 13.1)."""

from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.journeys.conftest import Visitor


def test_idle_session_says_that_it_ends_and_is_kept(visitor: Visitor) -> None:
    visitor.page.clock.install()
    visitor.sign_in("claire@courriel.example", PASSWORD)
    page, said = visitor.page, visitor.page.locator("#annonces")
    page.clock.fast_forward("50:00")
    expect(said).to_be_empty()
    page.clock.fast_forward("08:00")
    expect(said).to_contain_text("votre session prend fin dans deux minutes")
    assert visitor.axe() == [] and visitor.overflow() <= 0

    with page.expect_response("**/mon-compte") as kept:
        said.get_by_role("button", name="Rester connecté").press("Enter")
    assert kept.value.status == 200 and kept.value.request.method == "HEAD"
    expect(said).to_be_empty()

    page.clock.fast_forward("58:00")
    expect(said).to_contain_text("prend fin dans deux minutes")
    page.clock.fast_forward("03:00")
    expect(said).to_contain_text("Votre session a pris fin : connectez-vous de nouveau.")
    expect(said.get_by_role("button")).to_have_count(0)
