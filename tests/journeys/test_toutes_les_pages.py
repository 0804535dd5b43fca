"""Every page of docs/acces.csv that somebody may open, at phone then at desktop width: axe finds nothing, nothing is cut.

The table of addresses is proved equal to the portal's (tests/test_acces.py): a page that is added is looked at here.
"""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.cast import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Town, Visitor

TABLE = Path(__file__).resolve().parent.parent.parent / "docs" / "acces.csv"
#: Who looks, in this order: a page that anybody may open is looked at once.
LOOKERS = ("anonyme", "claire", "adele", "edgar", "leo", "gaston", "delphine")
#: Pages whose content changes with the capacity of whoever opens them.
MORE = {
    "anonyme": ("/introuvable",),
    "leo": ("/accueil", "/e/{espace}/", "/e/{espace}/bien", "/e/{espace}/compte"),
    "beatrice": ("/e/{espace}/", "/e/{espace}/bien", "/e/{espace}/compte"),
    "conrad": ("/e/{espace}/documents",),
}
_NO_PAGE = re.compile(r"\.(csv|pdf|zip|png|css|json|txt)$|/telecharger$|^/(healthz|readyz|deconnexion|\^)")
_PARAMETER = re.compile(r"<\w+:(\w+)>")


def pages(town: Town, who: str) -> list[str]:
    """Return the addresses that ``who`` looks at, filled with what the town holds."""
    facts = town.facts
    known = {
        "agence": "cabinet-a",
        "espace": facts["espaces"].get(who, ""),
        "document": facts["documents"]["tous"],
        "acces": facts["acces"]["claire"],
    }
    found = []
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            route = row["adresse"]
            first = next((one for one in LOOKERS if row[one] == "200"), None)
            if row["verbe"] != "GET" or first != who or _NO_PAGE.search(route):
                continue
            if set(_PARAMETER.findall(route)) <= set(known):
                found.append(_PARAMETER.sub(lambda match: known[match.group(1)], route))
            else:
                found.append(facts["adresses"][route.removeprefix("/")])
    return [*dict.fromkeys(found), *(path.format(**known) for path in MORE.get(who, ()))]


@pytest.mark.parametrize("who", sorted({*LOOKERS, *MORE}))
def test_every_page_has_no_axe_violation_and_fits(browser: Browser, full_town: Town, who: str) -> None:
    visitor = Visitor(browser, full_town, PHONE)
    if who != "anonyme":
        visitor.sign_in(f"{who}@courriel.example", PASSWORD)
    faults = []
    for path in pages(full_town, who):
        if visitor.is_file(path):
            continue
        status = visitor.go(path)
        if status != (404 if path == "/introuvable" else 200):
            faults.append(f"{path}: {status}")
        for size in (PHONE, DESKTOP):
            visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
            faults += [f"{size['width']} px: {fault}" for fault in visitor.axe()]
            if visitor.overflow() > 0:
                faults.append(f"{size['width']} px: {path} is {visitor.overflow()} px too wide")
        visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    visitor.close()
    assert faults == []
