"""Webhooks: signed, sent to public addresses only, never redirected, tried again, listed and sent again."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from palier.api.actions.crochets import create_crochet, deliver, remove_crochet, resend, try_crochet
from palier.api.expedition import AdresseRefusee, is_public, judge_url, resolve, send
from palier.api.models import Crochet, Livraison
from palier.api.rules.secrets import ATTENTES, signature
from palier.core.errors import BusinessError
from tests.api.conftest import Programme, run_jobs
from tests.echanges.fabrique import make_dossier


class Ecoute:
    """A program's own server, on loopback."""

    def __init__(self) -> None:
        self.recus: list[tuple[dict[str, str], bytes]] = []
        self.statut = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.recus.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.statut)
                if outer.statut == 302:
                    self.send_header("Location", "http://127.0.0.1:9/ailleurs")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/fin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def ecoute() -> Iterator[Ecoute]:
    found = Ecoute()
    yield found
    found.server.shutdown()
    found.server.server_close()


def make(programme: Programme, url: str) -> tuple[Crochet, str]:
    return create_crochet(programme.actor(), url=url, logiciel="essai", base="principale")


def log(programme: Programme) -> list[Livraison]:
    return list(Livraison.objects.visible_to(programme.actor()).order_by("creee_le", "id"))


def test_the_end_of_an_import_is_told_signed(programme: Programme, ecoute: Ecoute, tmp_path: Path) -> None:
    _row, secret = make(programme, ecoute.url)
    content = make_dossier(tmp_path / "a.zip").read_bytes()
    number = programme.post("/imports?suite=appliquer", content, "application/zip").json()["id"]
    run_jobs("api.confier", "echanges.importer", "api.signaler", "api.livrer")
    ((headers, body),) = ecoute.recus
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == expected
    told = json.loads(body)
    assert (told["type"], told["data"]["id"], told["data"]["etat"]) == ("import.termine", number, "applique")
    assert [(row.etat, row.essais, row.statut_http) for row in log(programme)] == [("livree", 1, 204)]


def test_an_event_is_told_once_however_often_the_task_runs(
    programme: Programme, ecoute: Ecoute, tmp_path: Path
) -> None:
    from palier.api.actions.crochets import announce
    from palier.echanges.models import Import

    make(programme, ecoute.url)
    programme.post(
        "/imports?suite=controler", make_dossier(tmp_path / "a.zip").read_bytes(), "application/zip"
    )
    run_jobs()
    actor = programme.actor()
    announce(actor, Import.objects.visible_to(actor).get(agence_id=actor.agence_id).id)
    assert len(log(programme)) == 1


def test_the_published_vector_of_the_convention() -> None:
    """The example of the Standard Webhooks reference implementations."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_failure_is_tried_again_then_given_up(programme: Programme, ecoute: Ecoute) -> None:
    ecoute.statut = 500
    row, _secret = make(programme, ecoute.url)
    try_crochet(programme.actor(), row.id)
    delivery = log(programme)[0]
    for _ in range(len(ATTENTES)):
        deliver(programme.actor(), delivery.id)
        assert log(programme)[0].etat == "en_attente"
    deliver(programme.actor(), delivery.id)
    (last,) = log(programme)
    assert (last.etat, last.essais, last.statut_http) == ("echouee", len(ATTENTES) + 1, 500)
    deliver(programme.actor(), delivery.id)  # nothing more
    assert len(ecoute.recus) == len(ATTENTES) + 1
    ecoute.statut = 200
    resend(programme.actor(), delivery.id)
    deliver(programme.actor(), delivery.id)
    assert (log(programme)[0].etat, log(programme)[0].essais) == ("livree", 1)


@pytest.mark.parametrize("statut", [302, 410])
def test_a_redirection_is_not_followed_and_gone_ends(
    programme: Programme, ecoute: Ecoute, statut: int
) -> None:
    ecoute.statut = statut
    row, _secret = make(programme, ecoute.url)
    try_crochet(programme.actor(), row.id)
    deliver(programme.actor(), log(programme)[0].id)
    assert len(ecoute.recus) == 1
    assert log(programme)[0].etat == ("echouee" if statut == 410 else "en_attente")


def test_a_removed_webhook_is_told_nothing(programme: Programme, ecoute: Ecoute) -> None:
    row, _secret = make(programme, ecoute.url)
    try_crochet(programme.actor(), row.id)
    remove_crochet(programme.actor(), row.id)
    deliver(programme.actor(), log(programme)[0].id)
    assert (ecoute.recus, log(programme)[0].etat) == ([], "echouee")


def test_nobody_answers(programme: Programme) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    result = send(f"http://127.0.0.1:{port}/", b"{}", {})
    assert (result.ok, result.statut, bool(result.erreur)) == (False, None, True)


def test_the_signing_secret_is_sealed(programme: Programme, ecoute: Ecoute) -> None:
    row, secret = make(programme, ecoute.url)
    assert secret.encode() not in bytes(row.secret)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "255.255.255.255", "::"],
)  # fmt: skip
def test_an_inner_address_is_never_public(address: str) -> None:
    assert not is_public(address)


def test_a_public_address_is() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(
    "url",
    ["http://exemple.fr/", "ftp://exemple.fr/", "https://u:p@exemple.fr/", "https://exemple.fr:22/", "https:///x",
     "https://exemple.fr:99999/", "https://ex emple.fr/", "javascript:alert(1)", "", "https://[::1", "https://é.fr/"],
)  # fmt: skip
def test_an_address_that_is_no_webhook_is_refused(url: str) -> None:
    with pytest.raises(AdresseRefusee):
        judge_url(url)


@pytest.mark.parametrize("answers", [["10.0.0.8"], ["93.184.215.14", "127.0.0.1"]])
def test_a_name_that_leads_inside_is_refused_after_resolution(
    answers: list[str], monkeypatch: pytest.MonkeyPatch, programme: Programme
) -> None:
    infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in answers]
    monkeypatch.setattr("palier.api.expedition.socket.getaddrinfo", lambda *_a, **_k: infos)
    with pytest.raises(AdresseRefusee):
        resolve("piege.example", 443)
    with pytest.raises(BusinessError):
        make(programme, "https://piege.example/fin")
    assert send("https://piege.example/fin", b"{}", {}).statut is None


def test_loopback_is_for_the_demo_and_the_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "API_CROCHETS_LOCAUX", False)
    with pytest.raises(AdresseRefusee):
        resolve("127.0.0.1", 443)
    with pytest.raises(AdresseRefusee):
        judge_url("http://127.0.0.1:8000/")
