"""Attempts refused to one address shut nobody else out: neither an account's owner nor the portal (security.md A3)."""

from math import ceil

import pytest
from django.test import Client

from palier.accounts import limites
from tests.cast import Cast
from tests.factories import PASSWORD

CLAIRE = "claire@courriel.example"
FAUX = "un mot de passe faux"
ATTAQUANT, AILLEURS = "198.51.100.7", "192.0.2.7"


def attempt(ip: str, email: str = CLAIRE, password: str = FAUX) -> int:
    return Client().post("/connexion", {"login": email, "password": password}, REMOTE_ADDR=ip).status_code


def test_one_address_never_shuts_an_account(cast: Cast) -> None:
    assert {attempt(ATTAQUANT) for _ in range(200)} == {422}
    assert attempt(ATTAQUANT, password=PASSWORD) == 422
    assert attempt(AILLEURS, password=PASSWORD) == 302


def test_one_address_never_shuts_the_portal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "PAR_ADRESSE", (5, 60))
    monkeypatch.setattr(limites, "EN_TOUT", (10, 600))
    for rang in range(30):
        attempt(ATTAQUANT, f"personne{rang}@courriel.example")
    assert attempt(AILLEURS, password=PASSWORD) == 302


def test_a_shut_account_shuts_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "PAR_COMPTE", (3, 3600))
    monkeypatch.setattr(limites, "EN_TOUT", (10, 600))
    for rang in range(30):
        attempt(f"198.51.100.{rang}")
    assert attempt(AILLEURS, password=PASSWORD) == 422  # from many addresses: the account's own limit holds
    assert attempt(AILLEURS, "charlie@courriel.example", PASSWORD) == 302


def test_the_overall_limit_holds_against_many_addresses(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "EN_TOUT", (10, 600))
    for rang in range(10):
        attempt(f"198.51.100.{rang}", f"personne{rang}@courriel.example")
    assert attempt(AILLEURS, password=PASSWORD) == 422


def test_a_success_weighs_on_no_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "PAR_COMPTE", (3, 3600))
    monkeypatch.setattr(limites, "EN_TOUT", (4, 600))
    assert [attempt(AILLEURS, password=PASSWORD) for _ in range(8)] == [302] * 8


def test_the_limit_of_one_address_stays_below_the_accounts() -> None:
    (tries, window), (maximum, hour) = limites.PAR_COUPLE, limites.PAR_COMPTE
    windows = ceil(hour / window) + 1  # the first may have begun before the account's own
    assert tries * windows < maximum
    assert tries >= limites.ALERTE  # the owner hears of what one address does
