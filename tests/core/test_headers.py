"""Headers, hosts, caches, verbs and hostile addresses, on every kind of answer (H1–H5, I2)."""

import re
from base64 import urlsafe_b64encode

import pytest
from django.test import Client

from tests.cast import Cast


def key(tri: str) -> str:
    """Return the key of a row of the desk, as an address carries it, whose instant is ``tri``."""
    return urlsafe_b64encode(f"01a21fd9-382d-77a1-a4af-03cf80ef5831|{tri}".encode()).decode().rstrip("=")


EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "address", ["/", "/connexion", "/activer", "/introuvable", "/healthz", "/accueil", "/cgu"]
)
def test_full_set_of_headers_on_every_answer(client: Client, db: None, address: str) -> None:
    response = client.get(address)
    assert {name: response[name] for name in EVERYWHERE} == EVERYWHERE
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_signed_in_pages_are_never_cached(cast: Cast) -> None:
    response = cast.client("claire").get("/accueil")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_foreign_host_is_refused(client: Client, db: None) -> None:
    assert client.get("/connexion", headers={"host": "mechant.example"}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config",
        "/.env",
        "/admin/",
        "/media/x",
        "/metrics",
        "/openapi.json",
        "/backup.sql",
        "/accueil.css",
    ],
)
def test_nothing_lies_around(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["?q=%00", "?apres=%00x"])
def test_nul_is_refused_before_anything(cast: Cast, query: str) -> None:
    espace = cast.espace_id("claire")
    assert cast.client("claire").get(f"/e/{espace}/documents{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "?q=%27%20or%201=1--",
        "?q=a%26%7C!%3A*()%3C-%3E",
        "?annee=9999999999999",
        "?annee=-1",
        "?annee=0202499999",
        "?annee=" + "9" * 4301,
        "?annee=02026",
        "?annee=%D9%A2%D9%A0%D9%A2%D9%A6",
        "?apres=zz",
        "?apres=" + key("2024-13-45 00:00"),
        "?apres=" + key("2024-W01-1 00:00"),
        "?apres=" + key("2024-01-01 00:00+23:59"),
        "?apres=" + key("0001-01-01 00:00+14:00"),
        "?avant=" + key("9999-12-31 23:59:59-12:00"),
        "?apres=" + key("9" * 4301),
        "?q=" + "a" * 5000,
        "?categorie=x%27",
        "?groupe=../../etc",
        "?q=%F0%9F%98%80",
        "?q=%E2%80%AE",
        "?page=1e9",
        "?order_by=account__password",
    ],
)
def test_hostile_parameters_never_fail(cast: Cast, query: str) -> None:
    espace = cast.espace_id("claire")
    client = cast.client("claire")
    document = f"documents/{cast.documents['claire'].id}"
    for page in ("documents", "documents.zip", document, "compte", "bien", ""):
        assert client.get(f"/e/{espace}/{page}{query}").status_code in {200, 400, 404}
    staff = cast.client("gaston")
    for page in ("personnes", "documents", "imports", "journal", "retours", "retours/fichiers", ""):
        assert staff.get(f"/g/cabinet-a/{page}{query}").status_code in {200, 301, 400, 404}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=" + "9" * 4301 + "-", 416),
        ("bytes=0-" + "9" * 4301, 206),
        ("bytes=-" + "9" * 4301, 206),
        ("bytes=" + "0" * 4301 + "-3", 206),
        ("bytes=-" + "0" * 4301, 416),
        ("bytes=" + "9" * 4301 + "-" + "9" * 4301, 416),
        ("bytes=x", 416),
        ("bytes=9-5", 416),
        ("octets=" + "9" * 4301 + "-", 200),
    ],
)
def test_a_hostile_range_is_answered_as_http_says(cast: Cast, asked: str, status: int) -> None:
    """A number that no file reaches is a number all the same: past the end, or the end itself."""
    adresse = f"/e/{cast.espace_id('claire')}/documents/{cast.documents['claire'].id}/telecharger"
    assert cast.client("claire").get(adresse, headers={"range": asked}).status_code == status


def test_a_range_whose_condition_fails_is_ignored(cast: Cast) -> None:
    adresse = f"/e/{cast.espace_id('claire')}/documents/{cast.documents['claire'].id}/telecharger"
    headers = {"range": "bytes=999999-", "if-range": '"autre"'}
    assert cast.client("claire").get(adresse, headers=headers).status_code == 200


@pytest.mark.parametrize("fin", ["9" * 4301, "9" * 19, "-1", "\u0664", "x", "²"])
def test_a_session_that_cannot_be_is_not_found(cast: Cast, fin: str) -> None:
    assert cast.client("claire").post("/mon-compte/sessions", {"fin": fin}).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_unexpected_verbs_are_refused(cast: Cast, method: str) -> None:
    espace = cast.espace_id("claire")
    response = cast.client("claire").generic(method.upper(), f"/e/{espace}/documents")
    assert response.status_code == 405


def test_charlie_gets_the_same_404_as_for_an_absent_object(cast: Cast) -> None:
    from palier.core.ids import new_id

    charlie = cast.client("charlie")
    hidden = charlie.get(f"/e/{cast.espace_id('claire')}/documents")
    other = new_id()
    absent = charlie.get(f"/e/{other}/documents")
    assert hidden.status_code == absent.status_code == 404
    assert _plain(hidden.content, cast.espace_id("claire")) == _plain(absent.content, other)


def _plain(html: bytes, name: object) -> bytes:
    """Return the page without its own address nor the token of its forms."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", html.replace(str(name).encode(), b"-"))
