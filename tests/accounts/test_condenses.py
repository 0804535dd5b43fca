"""Password hashes: five passes; an older one is made again at sign-in, and costs as much to refuse until then."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import Client

from palier.accounts import hashers
from palier.accounts.hashers import PepperedArgon2
from palier.core.action import writing
from tests.factories import make_account

MOT = "cerise-vitrail-ponton-42"


class Ancien(PepperedArgon2):
    """As hashes were first made."""

    time_cost = 2


def passes(encoded: str) -> int:
    found = re.search(r"t=(\d+)", encoded)
    assert found is not None
    return int(found[1])


def test_passwords_are_hashed_in_five_passes_of_19_mib() -> None:
    encoded = make_password(MOT)
    assert "m=19456,t=5,p=1" in encoded and encoded.startswith("argon2poivre$argon2id$")
    assert check_password(MOT, encoded) and not check_password(MOT + "x", encoded)


@pytest.mark.django_db
def test_an_older_hash_is_made_again_at_the_next_sign_in() -> None:
    with writing("fixtures"):
        account = make_account("ancienne@courriel.example")
        account.password = Ancien().encode(MOT, Ancien().salt())
        account.save(update_fields=["password"])
    assert Client().post("/connexion", {"login": account.email, "password": MOT}).status_code == 302
    account.refresh_from_db()
    assert passes(account.password) == 5
    assert account.check_password(MOT)


def test_refusing_an_older_hash_spends_the_passes_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[int] = []
    real = hashers.hash_secret_raw

    def spy(secret: bytes, salt: bytes, time_cost: int, *rest: Any) -> bytes:
        spent.append(time_cost)
        return real(secret, salt, time_cost, *rest)

    monkeypatch.setattr(hashers, "hash_secret_raw", spy)
    encoded = Ancien().encode(MOT, Ancien().salt())
    assert not check_password("un autre mot de passe", encoded)
    assert not check_password("un autre mot de passe", make_password(MOT))
    assert spent == [3]


def test_a_worker_hashes_one_password_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, together = [0], [0]
    real = Argon2PasswordHasher.verify

    def watched(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        running[0] += 1
        together[0] = max(together[0], running[0])
        time.sleep(0.01)
        found = real(self, password, encoded)
        running[0] -= 1
        return found

    encoded = make_password(MOT)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", watched)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _n: check_password(MOT, encoded), range(6)))
    assert together[0] == 1
