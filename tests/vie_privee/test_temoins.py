"""Cookies: nothing before a choice, the choice signed and provable, the audience that names nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from palier.vie_privee.audience import mesure
from palier.vie_privee.models import Audience, ChoixTemoins
from palier.vie_privee.temoins.choix import read_choice, write_choice
from palier.vie_privee.temoins.registre import Finalite, temoins
from tests.cast import Cast

PAGE = "/cookies/choix"


@pytest.fixture(autouse=True)
def empty_counts() -> None:
    mesure._counts.clear()


def _request(cookie: str = "", **meta: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES["temoins"] = cookie
    request.META.update(meta)
    return request


def test_nothing_is_stored_before_a_choice(db: None) -> None:
    response = Client().get("/")
    assert "Tout refuser" in response.content.decode()
    assert set(response.cookies) <= {t.nom for t in temoins() if t.necessaire}


def test_refusing_is_one_click_and_asks_no_more(db: None) -> None:
    client = Client()
    response = client.post(PAGE, {"choix": "rien", "origine": "bandeau", "next": "/cgu"})
    assert response["Location"] == "/cgu"
    page = client.get("/").content.decode()
    assert "bandeau-temoins" not in page
    assert "data-navigation" not in page
    row = ChoixTemoins.objects.get()
    assert (row.acceptes, row.origine, len(row.texte)) == ("aucun", "bandeau", 64)


def test_accepting_one_purpose_leaves_the_others_refused(db: None) -> None:
    client = Client()
    client.post(PAGE, {"choix": "detail", "navigation": "oui", "audience": "non"})
    assert ChoixTemoins.objects.get().acceptes == "navigation"
    assert "data-navigation" in client.get("/").content.decode()
    client.post(PAGE, {"choix": "rien"})
    assert "data-navigation" not in client.get("/").content.decode()


def test_the_signal_of_the_browser_is_a_refusal_until_the_person_chooses(db: None) -> None:
    client = Client(headers={"sec-gpc": "1"})
    page = client.get("/").content.decode()
    assert "bandeau-temoins" not in page
    assert not mesure._counts
    client.post(PAGE, {"choix": "tout"})
    assert "data-navigation" in client.get("/").content.decode()


def test_a_choice_lasts_six_months_and_a_forged_one_is_none() -> None:
    fresh = write_choice(frozenset({Finalite.NAVIGATION}), datetime.now(UTC) - timedelta(days=181), "r")
    assert read_choice(_request(fresh)).accepte("navigation")
    old = write_choice(frozenset({Finalite.NAVIGATION}), datetime.now(UTC) - timedelta(days=183), "r")
    assert read_choice(_request(old)).a_demander
    for forged in (fresh[:-1] + "x", "r|1|navigation", "||", "\x00", fresh.replace("navigation", "audience")):
        assert read_choice(_request(forged)).a_demander
        assert not read_choice(_request(forged)).acceptes


def test_the_list_names_every_cookie_that_the_portal_sets(cast: Cast) -> None:
    names = {t.nom for t in temoins()}
    client = cast.client("claire")
    client.get("/accueil")
    client.post("/langue", {"language": "en"})
    client.post(PAGE, {"choix": "tout"})
    assert set(client.cookies) <= names
    page = Client().get(PAGE).content.decode()
    assert all(name in page for name in names)


def test_pages_are_counted_by_day_and_kind_and_nothing_else(cast: Cast) -> None:
    Client().get("/")
    Client().get("/")
    cast.client("claire").get(f"/e/{cast.espace_id('claire')}/")
    Client().get("/healthz")
    Client().get("/nulle-part")
    mesure.flush()
    rows = {(a.genre, a.public): a.nombre for a in Audience.objects.order_by("genre")}
    assert rows == {("accueil", "visiteur"): 2, ("espace:accueil", "client"): 1}


def test_who_refuses_is_not_counted(db: None) -> None:
    client = Client()
    client.post(PAGE, {"choix": "rien"})
    client.get("/")
    assert not mesure._counts


def test_each_agence_sees_its_own_figures_and_the_exploitant_the_portal(cast: Cast) -> None:
    for _ in range(6):
        cast.client("claire").get(f"/e/{cast.espace_id('claire')}/")
    cast.client("charlie").get(f"/e/{cast.espace_id('charlie')}/")
    mesure.flush()
    adele = cast.client("adele").get("/g/cabinet-a/audience").content.decode()
    assert "espace:accueil" in adele
    assert ">6<" in adele
    edgar = cast.client("edgar").get("/exploitant/audience").content.decode()
    assert ">7<" in edgar
    for who, page in (
        ("bruno", "/g/cabinet-a/audience"),
        ("claire", "/exploitant/audience"),
        ("gaston", "/g/cabinet-a/audience"),
    ):
        assert cast.client(who).get(page).status_code in {403, 404}


def test_redirections_stay_here(db: None) -> None:
    for target in ("//mechant.example", "https://mechant.example", "javascript:alert(1)", "/\\mechant"):
        assert Client().post(PAGE, {"choix": "rien", "next": target})["Location"] in {PAGE}


def test_flush_survives_two_processes(db: None) -> None:
    keys: Any = [("accueil", "visiteur")] * 3
    for genre, public in keys:
        mesure.count(genre, public, None)
    mesure.flush()
    mesure.count("accueil", "visiteur", None)
    mesure.flush()
    assert Audience.objects.get().nombre == 4
