"""A whole portal for the browser: its own database, real web server, real worker, real SMTP on loopback."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

from tests import plugin

ROOT = plugin.ROOT
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """What was really sent."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def wait_for(self, to: str, *, after: int = 0, seconds: float = 20) -> EmailMessage:
        """Return the next mail to ``to`` past the first ``after`` ones; fail when none comes in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [mail for mail in self.mails if to in str(mail["To"])][after:]
            if found:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(
            f"No mail came for {to}; received: {[(m['To'], m['Subject']) for m in self.mails]}"
        )

    @staticmethod
    def link(mail: EmailMessage) -> str:
        """Return the first address in the mail's text."""
        body = mail.get_body(("plain",))
        assert body is not None
        match = re.search(r"https?://\S+", body.get_content())
        assert match, body.get_content()
        return match.group(0).rstrip(".>)")


@dataclass
class Town:
    """The running portal and what was put in it."""

    url: str
    mailbox: Mailbox
    facts: dict[str, Any]
    env: dict[str, str]

    def run(self, *arguments: str, **changes: str) -> str:
        """Run a command of the portal as its operator would; return what it says."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments], env={**self.env, **changes}, cwd=ROOT, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _database(name: str) -> dict[str, str]:
    """Make a database of the journeys from the migrated template; return the environment that leads to it."""
    from palier.core import embedded_postgres as server

    superuser = server.with_database(os.environ["DATABASE_SUPERUSER_URL"], "postgres")
    template = plugin._template(superuser)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("create database {} template {} owner palier_owner").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    server.prepare(superuser, name)
    return plugin._urls(superuser, name)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The portal of the journeys."""
    with running_town(tmp_path_factory, "palier_test_journeys") as one:
        yield one


@pytest.fixture(scope="module")
def full_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A portal of its own, where an object stands behind each address that names one."""
    with running_town(tmp_path_factory, "palier_test_journeys_accessoires", "--accessoires") as one:
        yield one


@contextmanager
def running_town(folders: pytest.TempPathFactory, database: str, *options: str) -> Iterator[Town]:
    """Start everything on loopback; end it by pid. ``options`` go to the seed."""
    port, smtp_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    mailbox = Mailbox()
    catcher = Controller(mailbox, hostname="127.0.0.1", port=smtp_port)
    catcher.start()
    env = {
        **os.environ, **_database(database), "PALIER_MODE": "test", "PALIER_DATA": str(folders.mktemp("donnees")),
        "PALIER_URL": url, "PALIER_SMTP_PORT": str(smtp_port), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.journeys.seed", *options],
        env=env,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    commands = (
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"],
        [sys.executable, "manage.py", "procrastinate", "worker"],
    )  # fmt: skip
    log = (folders.mktemp("journaux") / "serveurs.log").open("wb")
    running = [
        subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        for command in commands
    ]
    try:
        _wait(url, Path(log.name))
        yield Town(url, mailbox, json.loads(seeded.stdout.splitlines()[-1]), env)
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        catcher.stop()
        log.close()


def _wait(url: str, log: Path) -> None:
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  (loopback)
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-4000:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, without its own background traffic."""
    path = os.environ.get("PALIER_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium est absent : « apt-get install chromium », ou PALIER_CHROMIUM=chemin.")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield chromium
        chromium.close()


@pytest.fixture(params=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return PHONE if request.param == "phone" else DESKTOP


class Visitor:
    """One person in front of one browser; every page she opens is checked for what must never be."""

    def __init__(
        self, browser: Browser, town: Town, size: dict[str, int], *, javascript: bool = True
    ) -> None:
        self.town = town
        self.context: BrowserContext = browser.new_context(
            viewport=size,
            java_script_enabled=javascript,
            accept_downloads=True,
            locale="fr-FR",  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("request", self._stays_home)
        self.page.on(
            "console", lambda m: self.faults.append(m.text) if "Content Security" in m.text else None
        )
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))

    def _stays_home(self, request: Any) -> None:
        if not request.url.startswith((self.town.url, "data:", "blob:", "about:")):
            self.faults.append(f"left the portal: {request.url}")

    def go(self, path: str) -> int:
        """Open a path; return the status."""
        response = self.page.goto(self.town.url + path)
        assert response is not None
        return response.status

    def is_file(self, path: str) -> bool:
        """Tell whether a path gives something else than a page: a browser would keep it rather than show it."""
        answer = self.page.request.head(self.town.url + path)
        return not answer.headers.get("content-type", "").startswith("text/html")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the page, as anybody does."""
        self.go("/connexion")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url("**/accueil*")

    def axe(self) -> list[str]:
        """Return axe's violations on the present page, in short."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{self.page.url} {v['id']}: {v['help']} {[n['target'] for n in v['nodes']][:3]}" for v in found
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def close(self) -> None:
        self.context.close()
        assert self.faults == []


@pytest.fixture
def visitor(browser: Browser, town: Town, size: dict[str, int]) -> Iterator[Visitor]:
    """A visitor at phone then at desktop width."""
    one = Visitor(browser, town, size)
    yield one
    one.close()
