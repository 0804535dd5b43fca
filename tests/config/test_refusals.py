"""Production refuses each unsafe setting with one sentence, and nothing else."""

import secrets

import pytest

from config.lanceur.refusals import is_weak, of_environment

GOOD = {
    "PALIER_SECRET_KEY": secrets.token_urlsafe(48),
    "PALIER_PEPPER": secrets.token_urlsafe(32),
    "PALIER_VAULT_KEY": secrets.token_hex(32),
    "PALIER_URL": "https://portail.exemple.fr",
    "PALIER_HOSTS": "portail.exemple.fr",
}


def test_environment_safe_accepted() -> None:
    assert of_environment(GOOD) == []


@pytest.mark.parametrize("name", sorted(GOOD))
def test_environment_missing_refused_by_name(name: str) -> None:
    found = of_environment({key: value for key, value in GOOD.items() if key != name})
    assert [sentence.split()[0] for sentence in found] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PALIER_SECRET_KEY", "trop-court"),
        ("PALIER_SECRET_KEY", "developpement-seulement-" + "x" * 40),
        ("PALIER_SECRET_KEY", "ab" * 40),
        ("PALIER_PEPPER", "developpement-poivre-" + "aZ3-" * 11),
        ("PALIER_VAULT_KEY", "d0" * 32),
        ("PALIER_VAULT_KEY", "zz" * 32),
        ("PALIER_VAULT_KEY", "5f3a" * 8),
        ("PALIER_URL", "http://portail.exemple.fr"),
        ("PALIER_HOSTS", "*"),
        ("PALIER_HOSTS", "autre.exemple.fr"),
        ("PALIER_SECRET_KEY", "0123456789" * 5),
        ("PALIER_SECRET_KEY", "kR7-zQ2_mW9vX4tB" * 4),
        ("PALIER_PEPPER", "azertyuiopqsdfghjklmwxcvbnazertyuiop"),
        ("PALIER_PEPPER", "".join(chr(40 + 2 * rang) for rang in range(36))),
        ("PALIER_VAULT_KEY", bytes(range(32)).hex()),
        ("PALIER_SAUVEGARDE_KEY", "00" * 32),
        ("PALIER_SAUVEGARDE_KEY", "courte"),
        ("PALIER_CERTIFICAT_KEY", bytes(range(255, 223, -1)).hex()),
        ("PALIER_CROCHETS_LOCAUX", "1"),
        ("PALIER_DEBUG", "1"),
        ("PALIER_DEBUG", "peut-être"),
        ("PALIER_MODE", "demo"),
    ],
)
def test_environment_unsafe_refused_once(name: str, value: str) -> None:
    found = of_environment({**GOOD, name: value})
    assert len(found) == 1
    assert name in found[0]


def test_environment_same_secret_twice_refused() -> None:
    twice = secrets.token_urlsafe(48)
    found = of_environment({**GOOD, "PALIER_SECRET_KEY": twice, "PALIER_PEPPER": twice})
    assert found == [
        "PALIER_SECRET_KEY, PALIER_PEPPER, PALIER_VAULT_KEY doivent être des secrets différents."
    ]


def test_environment_key_given_twice_refused() -> None:
    found = of_environment({**GOOD, "PALIER_SAUVEGARDE_KEY": GOOD["PALIER_VAULT_KEY"]})
    assert len(found) == 1 and found[0].endswith("PALIER_SAUVEGARDE_KEY doivent être des secrets différents.")


def test_refusals_show_no_secret() -> None:
    weak = {**GOOD, "PALIER_SECRET_KEY": "motdepasse1234", "PALIER_PEPPER": "autre-secret"}
    text = " ".join(of_environment(weak))
    assert "motdepasse1234" not in text
    assert "autre-secret" not in text


def test_drawn_secrets_never_weak() -> None:
    assert not any(is_weak(secrets.token_urlsafe(48), 50) for _ in range(500))
    assert not any(is_weak(secrets.token_urlsafe(32), 32) for _ in range(500))
    assert not any(is_weak(secrets.token_hex(32), 50) for _ in range(500))
    drawn = {
        **GOOD,
        "PALIER_SAUVEGARDE_KEY": secrets.token_hex(32),
        "PALIER_CERTIFICAT_KEY": secrets.token_hex(32),
    }
    assert of_environment(drawn) == []
