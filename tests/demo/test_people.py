"""The demo's sign-ins hold to the rules that everybody's do, and to invented domains."""

from palier.accounts.passwords import LONGUEUR_EQUIPE, refusals
from palier.demo.people import CLIENTS, CODES, EQUIPE, MOT_DE_PASSE
from palier.echanges.generateur import AGENCES


def test_demo_password_accepted_by_the_rules() -> None:
    assert refusals(MOT_DE_PASSE, minimum=LONGUEUR_EQUIPE, context=("palier", "demo")) == []


def test_demo_addresses_invented() -> None:
    assert all(person.email.endswith(".example") for person in (*CLIENTS, *EQUIPE))


def test_demo_codes_of_two_agences_for_generated_persons() -> None:
    known = {(profil.slug, role.capacite) for profil in AGENCES for role in profil.roles}
    wanted = {*CODES, *(acces for client in CLIENTS for acces in client.acces)}
    assert wanted - known == set()
    assert len(CODES) == 5
    assert len({slug for slug, _ in CODES}) == 2
