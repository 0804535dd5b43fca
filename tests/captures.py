"""Screenshots of the key pages of a running demo, into docs/captures/ (WebP): ``python -m tests.captures URL``.

Looked at with a critical eye before a page is called done; the readme shows one of them.
"""

import argparse
import base64
import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "captures"
SIZES = {"telephone": {"width": 360, "height": 740}, "ordinateur": {"width": 1280, "height": 860}}
PASSWORD = "cerise-vitrail-ponton-42"  # the demo's, printed at its start
PEOPLE = {
    "coproprietaire": "helene.lefevre@courriel.example",
    "conseil": "bernard.quemeneur@courriel.example",
    "bailleur": "francoise.peron@courriel.example",
    "locataire": "yanis.belhadj@courriel.example",
    "gestionnaire": "ines.haddad@les-tilleuls.example",
    "administrateur": "clemence.rabouin@les-tilleuls.example",
    "exploitant": "exploitant@palier.example",
}
PUBLIC = {"accueil": "/", "activer": "/activer", "connexion": "/connexion", "cgu": "/cgu"}
DESK = ("", "statistiques", "personnes", "imports", "documents", "equipe", "journal")


def shoot(page: Page, name: str) -> None:
    """Write what the page shows as WebP: Chromium encodes it."""
    session = page.context.new_cdp_session(page)
    data = session.send("Page.captureScreenshot", {"format": "webp", "quality": 60})["data"]
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(data))


def sign_in(context: BrowserContext, url: str, email: str) -> Page:
    """Sign in by the page, as anybody does."""
    page = context.new_page()
    page.goto(f"{url}/connexion")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/accueil*")
    return page


def tour(browser: Browser, url: str, size: str, scheme: str) -> None:
    """Shoot every key page at one width in one theme."""
    suffix = f"{size}-{'sombre' if scheme == 'dark' else 'clair'}"
    options = {"viewport": SIZES[size], "color_scheme": scheme, "locale": "fr-FR"}
    visitor = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    for name, path in PUBLIC.items():
        visitor.goto(url + path)
        shoot(visitor, f"{name}-{suffix}")
    for who, email in PEOPLE.items():
        context = browser.new_context(**options)  # type: ignore[arg-type]
        page = sign_in(context, url, email)
        shoot(page, f"{who}-accueil-{suffix}")
        espace = page.locator('main a[href^="/e/"]').first
        if espace.count():
            base = "/".join(str(espace.get_attribute("href")).split("/")[:3])
            for name in ("documents", "compte", "bien"):
                page.goto(f"{url}{base}/{name}")
                shoot(page, f"{who}-{name}-{suffix}")
            page.goto(f"{url}{base}/documents")
            first = page.locator('main a[href*="/documents/"]').first
            if first.count():
                page.goto(url + str(first.get_attribute("href")))
                shoot(page, f"{who}-document-{suffix}")
        if who in {"gestionnaire", "administrateur"}:
            for name in DESK if who == "gestionnaire" else ("equipe", "reglages"):
                page.goto(f"{url}/g/les-tilleuls/{name}")
                shoot(page, f"bureau-{name or 'tableau'}-{suffix}")
        if who == "exploitant":
            page.goto(f"{url}/exploitant/")
            shoot(page, f"exploitant-{suffix}")
        context.close()


def readme_picture(browser: Browser) -> None:
    """Lay a phone beside a desktop: the picture of the readme."""
    pictures = "".join(
        f'<img height="560" src="data:image/webp;base64,{base64.b64encode((FOLDER / name).read_bytes()).decode()}">'
        for name in (
            "coproprietaire-accueil-telephone-clair.webp",
            "coproprietaire-compte-ordinateur-clair.webp",
        )
    )
    page = browser.new_page(viewport={"width": 1180, "height": 610})
    page.set_content(
        "<style>body{margin:0;padding:24px;display:flex;gap:24px;background:#e9e4da}"
        f"img{{border-radius:12px;box-shadow:0 6px 24px #0003}}</style>{pictures}"
    )
    page.wait_for_timeout(200)
    shoot(page, "espace")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("PALIER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            for scheme in ("light", "dark"):
                tour(browser, arguments.url.rstrip("/"), size, scheme)
        readme_picture(browser)
        browser.close()


if __name__ == "__main__":
    main()
