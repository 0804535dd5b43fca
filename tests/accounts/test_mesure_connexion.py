"""Sign-in takes as long whether the address is known or not, over 80 pairs (security.md A1).

Minutes long: ``./run test -m lent -s tests/accounts``.
"""

import statistics
import sys
import time

import pytest
from django.test import Client

from palier.core.action import writing
from tests.cast import Cast
from tests.factories import make_account

PAIRES = 80


def seconds(email: str, adresse: str) -> float:
    """Return how long a wrong password takes to be refused."""
    client = Client()
    client.get("/connexion")
    start = time.perf_counter()
    response = client.post(
        "/connexion", {"login": email, "password": "un mot de passe faux"}, REMOTE_ADDR=adresse
    )
    elapsed = time.perf_counter() - start
    assert response.status_code == 422
    return elapsed


@pytest.mark.lent
def test_known_and_unknown_addresses_take_as_long_over_eighty_pairs(cast: Cast) -> None:
    with writing("fixtures"):
        for rang in range(PAIRES):
            make_account(f"connue{rang}@courriel.example")
    seconds("connue0@courriel.example", "192.0.2.250")  # templates compiled, statements prepared
    seconds("inconnue0@courriel.example", "192.0.2.251")
    known: list[float] = []
    unknown: list[float] = []
    for rang in range(PAIRES):
        pair = [(known, f"connue{rang}", 2 * rang), (unknown, f"inconnue{rang}", 2 * rang + 1)]
        for found, nom, numero in pair if rang % 2 else reversed(pair):
            found.append(seconds(f"{nom}@courriel.example", f"198.51.100.{numero}"))
    gaps = [one - other for one, other in zip(known, unknown, strict=True)]
    z = statistics.mean(gaps) / (statistics.stdev(gaps) / PAIRES**0.5)
    sys.stdout.write(
        f"\n{PAIRES} pairs: known {statistics.median(known) * 1000:.1f} ms,"
        f" unknown {statistics.median(unknown) * 1000:.1f} ms (medians), z = {z:.2f}\n"
    )
    assert abs(z) < 4
