"""The demo's mail server keeps what is sent; the mailbox shows it without trusting it."""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import include, path

from config.lanceur.database import ROOT
from config.lanceur.web import free_port
from config.urls import urlpatterns as site
from palier.demo import mailbox

urlpatterns = [*site, path("demo/", include("palier.demo.urls"))]


@pytest.fixture
def boite(tmp_path: Path) -> Iterator[Path]:
    with override_settings(DATA_DIR=tmp_path, ROOT_URLCONF=__name__):
        (tmp_path / "boite").mkdir()
        yield tmp_path / "boite"


def message(text: str = "Bonjour", html: str = "", subject: str = "Votre accès") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "portail@palier.example"
    mail["To"] = "helene@courriel.example"
    mail["Subject"] = subject
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def keep(boite: Path, mail: EmailMessage) -> str:
    name = f"{time.time_ns():020d}-{os.urandom(6).hex()}"
    (boite / f"{name}.eml").write_bytes(b"X-Palier-Destinataires: helene@courriel.example\r\n" + bytes(mail))
    return name


def test_mail_sent_is_kept_whole(boite: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "palier.demo.smtp", str(port), str(boite)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        mail = message("Première ligne\n\nLettre « é »")
        mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="lettre.pdf")
        limit = time.monotonic() + 20
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                    client.send_message(mail)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < limit
                time.sleep(0.05)
    finally:
        server.terminate()
        assert server.wait(10) == 0
    [kept] = mailbox.listed()
    assert (kept.to, kept.subject) == ("helene@courriel.example", "Votre accès")
    assert kept.text.splitlines() == ["Première ligne", "", "Lettre « é »"]
    assert [(piece.name, piece.size) for piece in kept.pieces] == [("lettre.pdf", 8)]
    found = mailbox.piece(kept.name, 0)
    assert found is not None
    assert found[1] == b"%PDF-1.7"


@pytest.mark.django_db
def test_mailbox_page_lists_and_links_our_addresses_only(boite: Path, client: Client) -> None:
    ours, other = f"{settings.SITE_URL}/activer/suite", "https://ailleurs.example/piege"
    name = keep(boite, message(f"Suivez {ours} ou {other}.\n<script>alert(1)</script>"))
    assert "Votre accès" in client.get("/demo/boite").content.decode()
    page = client.get(f"/demo/boite/{name}").content.decode()
    assert f'<a href="{ours}">' in page
    assert f'href="{other}"' not in page
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_mail_html_in_a_sandbox(boite: Path, client: Client) -> None:
    name = keep(boite, message(html='<p>Bonjour</p><img alt="" src="https://ailleurs.example/mouchard">'))
    answer = client.get(f"/demo/boite/{name}/html")
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["inconnu", "..", "%2e%2e%2fcles-demo", "00000000000000000000-000000000000"])
def test_mailbox_unknown_name_is_404(boite: Path, client: Client, name: str) -> None:
    assert client.get(f"/demo/boite/{name}").status_code == 404


def test_mailbox_absent_outside_the_demo(client: Client) -> None:
    from django.urls import Resolver404, resolve

    with pytest.raises(Resolver404):
        resolve("/demo/boite")
