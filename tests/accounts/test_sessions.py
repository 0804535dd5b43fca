"""Sessions and devices: what a sign-in writes, how long it lasts, what ends it (security.md S2 to S6)."""

import re
import time
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from palier.accounts import sessions
from palier.accounts.models import Account
from palier.core import dates
from palier.core.action import writing
from palier.core.dates import now
from tests.accounts.test_identite import CLAIRE, INCONNUE, sign_in
from tests.cast import Cast


def test_sign_out_ends_the_session_on_the_server(cast: Cast) -> None:
    client, _ = sign_in()
    cookie = client.cookies["sessionid"].value
    assert client.get("/deconnexion").status_code == 200 and client.get("/accueil").status_code == 200
    reponse = client.post("/deconnexion")
    assert reponse.status_code == 302 and '"cookies"' in reponse["Clear-Site-Data"]
    voleur = Client()
    voleur.cookies["sessionid"] = cookie
    assert voleur.get("/accueil").status_code == 302


def test_devices_end_one_own_only(cast: Cast) -> None:
    ici, ailleurs = sign_in()[0], sign_in()[0]
    charlie, _ = sign_in("charlie@courriel.example")
    assert ici.get("/mon-compte/sessions").status_code == 200
    charlie_session = UserSession.objects.get(user=cast.accounts["charlie"])
    assert ici.post("/mon-compte/sessions", {"fin": charlie_session.pk}).status_code == 404
    assert ici.post("/mon-compte/sessions", {"fin": "x"}).status_code == 404
    assert charlie.get("/accueil").status_code == 200
    autre = UserSession.objects.get(session_key=ailleurs.session.session_key)
    assert ici.post("/mon-compte/sessions", {"fin": autre.pk}).status_code == 302
    assert ailleurs.get("/accueil").status_code == 302 and ici.get("/accueil").status_code == 200
    troisieme, _ = sign_in()
    assert ici.post("/mon-compte/sessions").status_code == 302
    assert troisieme.get("/accueil").status_code == 302 and ici.get("/accueil").status_code == 200


def test_sign_in_costs_the_same_however_many_devices(cast: Cast) -> None:
    """The account by its address, then the session, its device and the visit; the attempts on the counters' side."""
    for _ in range(3):
        with (
            CaptureQueriesContext(connection) as captured,
            CaptureQueriesContext(connections["compteur"]) as counted,
        ):
            assert sign_in()[1] == 302
        assert len(captured.captured_queries) == 2 and len(counted.captured_queries) == 2
        for _ in range(4):
            sign_in()


def test_known_and_unknown_addresses_ask_the_same_of_the_database(cast: Cast) -> None:
    asked = []
    for email in (CLAIRE, INCONNUE):
        with CaptureQueriesContext(connection) as captured:
            assert sign_in(email, "un mot de passe faux")[1] == 422
        asked.append([query["sql"].replace(email, "") for query in captured.captured_queries])
    assert asked[0] == asked[1] and len(asked[0]) == 1


def test_address_that_waits_for_its_link_opens_nothing(cast: Cast) -> None:
    attente = "attente@courriel.example"
    EmailAddress.objects.create(user=cast.accounts["claire"], email=attente, verified=False)
    client, statut = sign_in(attente)
    assert statut == 302 and client.get("/accueil").status_code == 302
    EmailAddress.objects.create(user=cast.accounts["conrad"], email=attente, verified=True)
    assert sign_in(attente)[1] == 302 and sign_in(attente, "un mot de passe faux")[1] == 422


def test_account_erased_while_it_signs_in_leaves_no_session(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erased() -> datetime:
        with writing("fixtures"):
            EmailAddress.objects.filter(user=cast.accounts["sans"]).delete()
            Account.objects.filter(pk=cast.accounts["sans"].pk).delete()
        return now()

    monkeypatch.setattr(sessions, "now", erased)
    client, statut = sign_in("sans@courriel.example")
    assert statut == 400 and client.get("/accueil").status_code == 302
    assert not UserSession.objects.filter(user_id=cast.accounts["sans"].pk).exists()


def test_the_oldest_devices_are_ended_beyond_a_bound(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAXIMUM", 3)
    clients = [sign_in()[0] for _ in range(5)]
    charlie, _ = sign_in("charlie@courriel.example")
    dead = clients[3].session.session_key
    Session.objects.filter(session_key=dead).update(expire_date=now() - timedelta(hours=1))  # not listed
    assert [client.get("/accueil").status_code for client in clients] == [302, 302, 200, 302, 200]
    assert charlie.get("/accueil").status_code == 200
    page = clients[4].get("/mon-compte/sessions").content.decode()
    assert page.count('name="fin"') == 1
    sign_in()
    kept = UserSession.objects.filter(user=cast.accounts["claire"]).values_list("session_key", flat=True)
    assert len(kept) == 3 and dead not in kept


def test_idle_session_ends(cast: Cast) -> None:
    client, _ = sign_in()
    client.get("/accueil")
    session = client.session
    session["vu_le"] = int(time.time()) - 3601
    session.save()
    assert client.get("/accueil").status_code == 302


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Have the portal and Django read this instant, until the next call."""
    for clock in (dates, timezone):
        monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize("forced", [False, True])
def test_session_in_use_ends_a_day_after_its_sign_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, forced: bool
) -> None:
    opened = now()
    client = cast.client("claire") if forced else sign_in()[0]
    row = Session.objects.filter(session_key=client.session.session_key)
    for minutes in (0, *range(50, 24 * 60, 50)):
        set_clock(monkeypatch, opened + timedelta(minutes=minutes))
        assert client.get("/accueil").status_code == 200
        assert row.get().expire_date <= opened + timedelta(hours=24, seconds=2)
    row.update(expire_date=opened + timedelta(days=7))  # the page is refused by what the session itself says
    set_clock(monkeypatch, opened + timedelta(hours=24, minutes=1))
    assert client.get("/accueil").status_code == 302
    assert not row.exists()


def test_page_that_polls_does_not_keep_a_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, opened = sign_in()[0], now()
    assert client.get("/accueil").status_code == 200
    for minutes, status in ((20, 200), (40, 200), (61, 302)):
        set_clock(monkeypatch, opened + timedelta(minutes=minutes))
        assert client.get("/accueil", HTTP_X_PALIER_SONDE="1").status_code == status


def test_page_says_when_it_will_end_and_where_to_keep_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two minutes before, palier.js asks this address with HEAD when its button is pressed (S3, RGAA 13.1)."""
    assert "data-veille" not in Client().get("/connexion").content.decode()
    client, opened = sign_in()[0], now()
    page = client.get("/mes-acces").content.decode()
    assert 'data-veille="3600"' in page
    adresse = re.search(r'data-veille-adresse="([^"]+)"', page)
    assert adresse is not None
    for minutes in (58, 116, 174):
        set_clock(monkeypatch, opened + timedelta(minutes=minutes))
        assert client.head(adresse[1]).status_code == 200
    set_clock(monkeypatch, opened + timedelta(minutes=236))
    assert client.head(adresse[1]).status_code == 302


def test_clock_put_back_does_not_lengthen_a_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, opened = sign_in()[0], now()
    set_clock(monkeypatch, opened - timedelta(seconds=30))  # corrected by a little: nobody is signed out
    assert client.get("/accueil").status_code == 200
    set_clock(monkeypatch, opened - timedelta(hours=2))
    assert client.get("/accueil").status_code == 302
