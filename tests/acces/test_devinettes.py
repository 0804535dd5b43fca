"""Guessing codes by the ten thousand (security.md K1). Minutes long: ``./run test -m lent -s tests/acces``."""

import logging
import random
import sys

import pytest

from palier.acces import verification
from palier.acces.models import CodeIndex
from palier.acces.rules import codes as rules
from palier.core.actor import Actor
from palier.core.errors import BusinessError, TooManyAttempts
from palier.core.tenancy import open_actor
from tests.acces.codes_jeu import issue
from tests.cast import Cast

ESSAIS, ADRESSES = 10_000, 200


def guesses(identifiants: list[str], adresses: list[str]) -> dict[str, int]:
    """Make the guesses, secrets drawn at random; return how many were compared, how many refused unread."""
    chance, found = random.Random(7), {"compared": 0, "refused": 0, "opened": 0}
    answers = set()
    for rang in range(ESSAIS):
        body = "".join(chance.choice(rules.ALPHABET) for _ in range(rules.LONGUEUR_SECRET))
        actor = Actor.anonymous()
        open_actor(actor)
        try:
            verification.verify_code(
                actor, identifiants[rang % len(identifiants)], body + rules.check_symbol(body),
                adresses[rang % len(adresses)],
            )  # fmt: skip
            found["opened"] += 1
        except TooManyAttempts:
            found["refused"] += 1
        except BusinessError as error:
            found["compared"] += 1
            answers.add(str(error))
    assert len(answers) <= 1  # wrong, unknown: one answer
    return found


def spread(number: int) -> list[str]:
    return [f"198.51.{n // 250}.{n % 250 + 1}" for n in range(number)]


@pytest.mark.lent
@pytest.mark.parametrize(
    ("adresses", "identifiants", "maximum"),
    [
        (1, 1, verification.PAR_COUPLE),
        (ADRESSES, 1, verification.PAR_CODE),
        (1, ESSAIS, verification.PAR_ADRESSE),
        (ADRESSES, ESSAIS, verification.EN_TOUT),
    ],
)
def test_ten_thousand_guesses(
    cast: Cast, caplog: pytest.LogCaptureFixture, adresses: int, identifiants: int, maximum: int
) -> None:
    code = issue(cast)
    chance = random.Random(11)
    others = [
        "".join(chance.choice(rules.ALPHABET) for _ in range(rules.LONGUEUR_IDENTIFIANT))
        for _ in range(identifiants - 1)
    ]
    open_actor(Actor.anonymous())
    with caplog.at_level(logging.WARNING, logger="palier.securite"):
        found = guesses([code.identifiant, *others], spread(adresses))
    alerts = [r for r in caplog.records if r.name == "palier.securite"]
    sys.stdout.write(
        f"\n{ESSAIS} guesses, {adresses} addresses, {identifiants} identifiers: {found}, {len(alerts)} alerts"
    )
    assert found["opened"] == 0
    assert found["compared"] <= maximum
    assert found["compared"] + found["refused"] == ESSAIS
    assert len(alerts) == found["refused"]
    assert CodeIndex.objects.filter(identifiant=code.identifiant).exists()  # the holder's code is alive still
