"""page.home, page.documents, page.compte, download, signin: requests per second against the bare thing."""

import multiprocessing
import os
import re
import time
from pathlib import Path
from unittest import mock

from bench import base, client
from config.lanceur import web
from palier.accounts.hashers import PepperedArgon2
from palier.demo.people import CLIENTS, MOT_DE_PASSE

ROUNDS = 5
SECONDS = 3.0
PAGES = {"page.home": "accueil", "page.documents": "documents", "page.compte": "compte"}
SIZE = 5 * 1024 * 1024
OWASP_PASSES = 2  # of Argon2id at 19 MiB, at the least (Password Storage Cheat Sheet)


def _middle(rounds: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return the round whose ratio is the median."""
    return sorted(rounds)[len(rounds) // 2]


def measure_pages(names: list[str]) -> None:
    """Compare each page with the bare view, in alternate rounds; the ratio is the median of the rounds'."""
    with base.server() as port:
        signed = [client.sign_in(port, person.email, MOT_DE_PASSE) for person in CLIENTS]
        bare = [client.get("/banc/page", one.cookie) for one in signed]
        for name in names:
            requests = [client.get(_address(port, name, one.cookie), one.cookie) for one in signed]
            client.run(port, requests, seconds=2)
            client.run(port, bare, seconds=1)
            rates: list[tuple[float, float, float]] = []
            for _ in range(ROUNDS):
                reference = client.run(port, bare, seconds=SECONDS)
                page = client.run(port, requests, seconds=SECONDS)
                rates.append((page.rate / reference.rate, page.rate, reference.rate))
            share, rate, reference_rate = _middle(rates)
            base.ratio(
                name, share, f"{rate:.0f}/s, page nue {reference_rate:.0f}/s ; au moins 0,40, visé 0,70"
            )


def _address(port: int, name: str, cookie: str) -> str:
    """Return the page of this person: the account's home, or a page of his first space that has it."""
    if name == "page.home":
        return "/accueil"
    home = client.fetch(port, "/accueil", cookie)
    for space in re.findall(r'href="(/e/[0-9a-f-]{36}/)', home):
        try:
            client.fetch(port, f"{space}{PAGES[name]}", cookie)
        except RuntimeError:
            continue
        return f"{space}{PAGES[name]}"
    raise RuntimeError(f"{name}: no space on the home page.")


def measure_download() -> None:
    """Compare a 5 MB document of the vault with the plain file sent by the same server."""
    plain = Path(os.environ["PALIER_DATA"]) / "banc.pdf"
    content = b"%PDF-1.7\n" + os.urandom(SIZE - 9)
    plain.write_bytes(content)
    with base.server(PALIER_BANC_FICHIER=str(plain)) as port:
        person = client.sign_in(port, CLIENTS[0].email, MOT_DE_PASSE)
        address = _publish(port, person.cookie, content)
        secured = [client.get(address, person.cookie)]
        bare = [client.get("/banc/fichier")]
        client.run(port, secured, seconds=1, connections=4)
        rounds = []
        for _ in range(ROUNDS):
            reference = client.run(port, bare, seconds=SECONDS, connections=4)
            vault = client.run(port, secured, seconds=SECONDS, connections=4)
            rounds.append((vault.rate / reference.rate, vault.rate, reference.rate))
    share, rate, reference_rate = _middle(rounds)
    base.ratio(
        "download", share, f"{rate * 5:.0f} Mo/s, fichier nu {reference_rate * 5:.0f} Mo/s ; au moins 0,80"
    )


def _publish(port: int, cookie: str, content: bytes) -> str:
    """Put a 5 MB document in the person's first space; return its download's address."""
    from bench.fixtures import publish_document

    space = _address(port, "page.documents", cookie).split("/")[2]
    document = publish_document(space, content)
    return f"/e/{space}/documents/{document}/telecharger"


def measure_sign_in() -> None:
    """Compare sign-ins with bare Argon2id verifications of the same parameters on all cores."""
    cores = os.cpu_count() or 1
    with base.server() as port:
        requests = [client.sign_in(port, person.email, MOT_DE_PASSE).request for person in CLIENTS]
        client.run(port, requests, seconds=1, expected=302)
        rounds = []
        for _ in range(3):
            reference = _bare_verifications(cores, 4.0)
            signed = client.run(port, requests, seconds=4.0, expected=302)
            rounds.append((signed.rate / reference, signed.rate, reference))
    share, rate, reference = _middle(rounds)
    base.ratio("signin", share, f"{rate:.0f}/s, Argon2id nu {reference:.0f}/s ; au moins 0,80")
    with mock.patch.dict(
        os.environ, web.tuned({})
    ):  # the site's heap helps Argon2id: without that help, then
        same_heap = _bare_verifications(cores, 4.0)
    base.tell(
        f"Argon2id nu avec la mémoire du site : {same_heap:.0f}/s, le rapport serait {rate / same_heap:.2f}"
    )
    # The ratio rises when Argon2id costs more: what the rest costs does not depend on it.
    hashing, rest = cores / reference * 1000, cores / rate * 1000 - cores / reference * 1000
    least = hashing * OWASP_PASSES / PepperedArgon2.time_cost
    base.tell(f"Argon2id {hashing:.1f} ms, le reste d'une connexion {rest:.1f} ms de processeur")
    base.tell(
        f"au minimum de l'OWASP ({OWASP_PASSES} passes), le rapport serait {least / (least + rest):.2f}"
    )


def _bare_verifications(cores: int, seconds: float) -> float:
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.map(_verify_for, [0.1] * cores)
        return sum(pool.map(_verify_for, [seconds] * cores, chunksize=1))


def _verify_for(seconds: float) -> float:
    """Verify a password for ``seconds``; return verifications per second of this process."""
    import argon2

    hasher = argon2.PasswordHasher(
        time_cost=PepperedArgon2.time_cost,
        memory_cost=PepperedArgon2.memory_cost,
        parallelism=PepperedArgon2.parallelism,
    )
    encoded = hasher.hash("mot de passe")
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        hasher.verify(encoded, "mot de passe")
        count += 1
    return count / (time.perf_counter() - start)
