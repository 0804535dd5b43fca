"""One address's wrong codes shut out nobody else: neither the code's holder, nor an agence, nor everybody (K1, A3)."""

from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from palier.acces import verification
from palier.acces.codes import CodeEmis
from palier.acces.rules import codes as rules
from palier.core.actor import Actor
from palier.core.errors import BusinessError
from palier.core.tenancy import open_actor
from tests.acces.codes_jeu import issue
from tests.cast import Cast

ATTAQUANT, AILLEURS = "198.51.100.7", "192.0.2.7"
FAUX = "2" * rules.LONGUEUR_SECRET + rules.check_symbol("2" * rules.LONGUEUR_SECRET)


def attempt(identifiant: str, ip: str, secret: str = FAUX) -> str:
    """Try a code; return the refusal's code, empty when it opened."""
    actor = Actor.anonymous()
    open_actor(actor)
    try:
        verification.verify_code(actor, identifiant, secret, ip)
    except BusinessError as error:
        return error.code
    return ""


def unknown(rang: int) -> str:
    """Return an identifier that nobody was given."""
    body = "".join(rules.ALPHABET[(rang >> 5 * place) % 32] for place in range(rules.LONGUEUR_IDENTIFIANT))
    return body + rules.check_symbol(body)


def of_this_code(code: CodeEmis, rang: int) -> tuple[str, str]:
    return code.identifiant, ATTAQUANT


def of_any_code(code: CodeEmis, rang: int) -> tuple[str, str]:
    return unknown(rang), ATTAQUANT


@pytest.mark.parametrize("cible", [of_this_code, of_any_code])
def test_one_address_shuts_no_code_no_agence_and_not_the_portal(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, cible: Callable[[CodeEmis, int], tuple[str, str]]
) -> None:
    monkeypatch.setattr(verification, "PAR_AGENCE", 60)
    monkeypatch.setattr(verification, "EN_TOUT", 60)
    code = issue(cast)
    answers = [attempt(*cible(code, rang)) for rang in range(200)]
    assert set(answers) == {"code_inconnu", "trop_de_tentatives"} and answers[-1] == "trop_de_tentatives"
    assert attempt(code.identifiant, ATTAQUANT, code.secret) == "trop_de_tentatives"
    assert attempt(code.identifiant, AILLEURS, code.secret) == ""


def test_a_shut_code_shuts_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAR_AGENCE", 60)
    monkeypatch.setattr(verification, "EN_TOUT", 60)
    known, code = issue(cast), issue(cast)
    answers = [attempt(known.identifiant, f"198.51.100.{rang}") for rang in range(200)]
    assert answers == ["code_inconnu"] * verification.PAR_CODE + ["trop_de_tentatives"] * (
        200 - verification.PAR_CODE
    )
    assert attempt(code.identifiant, AILLEURS, code.secret) == ""


@pytest.mark.parametrize("limite", ["PAR_AGENCE", "EN_TOUT"])
def test_the_wide_limits_hold_against_many_addresses(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, limite: str
) -> None:
    monkeypatch.setattr(verification, limite, 10)
    code = issue(cast)
    answers = [attempt(code.identifiant, f"198.51.100.{rang}") for rang in range(12)]
    assert answers == ["code_inconnu"] * 10 + ["trop_de_tentatives"] * 2
    assert attempt(code.identifiant, AILLEURS, code.secret) == "trop_de_tentatives"


def test_a_success_weighs_on_no_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for limite in ("PAR_COUPLE", "PAR_CODE", "PAR_ADRESSE", "PAR_AGENCE", "EN_TOUT"):
        monkeypatch.setattr(verification, limite, 2)
    code = issue(cast)
    assert [attempt(code.identifiant, AILLEURS, code.secret) for _ in range(6)] == [""] * 6


def test_the_limit_of_one_address_stays_below_the_codes() -> None:
    # Two windows of an hour may fall within the code's own.
    assert 2 * verification.PAR_COUPLE < verification.PAR_CODE


def test_known_and_unknown_identifiers_are_refused_alike(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many unknown ones were tried before, from however many addresses (K1)."""
    monkeypatch.setattr(verification, "PAR_AGENCE", 20)
    code = issue(cast)
    for rang in range(25):
        assert attempt(unknown(rang), f"198.51.100.{rang}") == "code_inconnu"
    asked = []
    for identifiant in (unknown(30), code.identifiant):
        with (
            CaptureQueriesContext(connection) as captured,
            CaptureQueriesContext(connections["compteur"]) as counted,
        ):
            assert attempt(identifiant, AILLEURS) == "code_inconnu"
        asked.append((len(captured), len(counted)))
    assert asked[0] == asked[1] and asked[0][1] == 1
