"""What holds for every page: few queries, little weight, a title of its own, one heading, landmarks, no stray cookie."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.accessoires import DPO, build_props
from tests.cast import Cast
from tests.test_acces import addresses

STATIC = Path(__file__).resolve().parent.parent / "palier" / "screens" / "shared" / "static" / "palier"
QUERIES = 8
WEIGHT = 60_000  # bytes compressed: HTML, CSS, JS and font of a first view (mission.md)
_MACHINERY = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|set local)", re.IGNORECASE)
READERS = ("anonyme", "claire", "beatrice", "leo", "gaston", "adele", "edgar", DPO)


def queries(client: Client, address: str) -> tuple[int, int, bytes, str]:
    """Return (status, SQL queries, body, type) of a page opened by this client."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    count = sum(1 for query in captured.captured_queries if not _MACHINERY.match(query["sql"]))
    body = b"" if response.streaming else response.content
    return response.status_code, count, body, response.headers.get("Content-Type", "")


def weight(body: bytes) -> int:
    """Return the bytes of a first view: the page compressed, and what it loads besides."""
    shared = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in ("palier.css", "palier.js", "htmx.min.js")
    )
    return shared + sum(font.stat().st_size for font in STATIC.rglob("*.woff2")) + len(gzip.compress(body))


def pages(cast: Cast, folder: Path) -> Iterator[tuple[str, str, int, bytes]]:
    """Yield (who, address, queries, html) of every page that somebody of the cast can open."""
    props = build_props(cast, folder)
    for who in READERS:
        client = cast.client(who)
        client.get("/accueil")  # the first page of a session writes when it was last seen
        if who == "gaston":  # he looks as Claire, and as Léo
            for person in ("claire", "leo"):
                client.post(reverse("gestion:vue_comme", args=["cabinet-a", cast.acces[person].id]))
        for _route, address in addresses(cast, props):
            client.get(address)  # the first opening of a document reads its text and marks it read, once
            status, count, body, kind = queries(client, address)
            if status == 200 and kind.startswith("text/html"):
                yield who, address, count, body


_opened: list[tuple[str, str, int, bytes]] = []


@pytest.fixture
def opened(cast: Cast, tmp_path: Path) -> list[tuple[str, str, int, bytes]]:
    """Every page of everybody, opened once for the module: it takes a minute."""
    if not _opened:
        _opened.extend(pages(cast, tmp_path))
    return _opened


@pytest.mark.meme_partout
def test_every_page_is_light_and_well_formed(opened: list[tuple[str, str, int, bytes]]) -> None:
    faults = []
    for who, address, count, body in opened:
        html = body.decode()
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        checks = {
            f"{count} queries": count > QUERIES,
            f"weighs {weight(body)}": "/styleguide" not in address and weight(body) > WEIGHT,
            "has no title": not title or not title.group(1).strip(),
            f"has {len(re.findall('<h1', html))} h1": len(re.findall("<h1", html)) != 1,
            "has no main": "<main" not in html,
            "has no skip link": 'href="#' not in html,
            "has no language": '<html lang="' not in html,
        }
        faults += [f"{who} {address}: {label}" for label, bad in checks.items() if bad]
    assert faults == []


@pytest.mark.meme_partout
def test_every_page_of_a_flat_has_its_own_title(opened: list[tuple[str, str, int, bytes]]) -> None:
    for who in ("claire", "gaston", "anonyme"):
        titles: dict[str, str] = {}
        for reader, address, _count, body in opened:
            if reader != who or address.startswith("/g/cabinet-a/vue/"):
                continue
            match = re.search(r"<title>(.*?)</title>", body.decode(), re.DOTALL)
            title = match.group(1).strip() if match else ""
            other = titles.setdefault(title, address)
            assert other == address, (who, title, other, address)


def test_public_pages_set_no_cookie_but_the_token_of_forms(client: Client, db: None) -> None:
    for address in ("/", "/cgu", "/confidentialite", "/accessibilite", "/healthz"):
        response = client.get(address)
        assert (address, response.status_code) == (address, 200)
        assert set(response.cookies) <= {"csrftoken"}, address
