"""Opening an agence, its staff, the commands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from palier.acces.models import Cercle
from palier.accounts.models import Account
from palier.agences import actions
from palier.agences.models import Agence, Habilitation
from palier.agences.queries import open_invitations, staff
from palier.core.actor import Actor, Role
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.ids import keyed_id
from palier.core.tenancy import open_actor
from tests.cast import Cast

OPERATOR = Actor(role=Role.SYSTEME, reason="test")


def test_an_agence_opens_with_its_key_and_its_internal_cercle(cast: Cast) -> None:
    from palier.agences.cles import agence_key

    open_actor(OPERATOR)
    agence = actions.create_agence(OPERATOR, slug="du-port", nom="Agence du Port")
    system = Actor.system(agence.id, "test")
    open_actor(system)
    key = agence_key(system, agence.id)
    cercle = Cercle.objects.visible_to(system).get(genre="interne")
    assert cercle.id == keyed_id(key.salt, "cercle", "interne", str(agence.id))


@pytest.mark.parametrize("slug", ["", "Port", "du port", "é", "-a", "a" * 61, "a--b", "a/b"])
def test_a_malformed_slug_is_refused(cast: Cast, slug: str) -> None:
    open_actor(OPERATOR)
    with pytest.raises(BusinessError):
        actions.create_agence(OPERATOR, slug=slug, nom="X")


def test_staff_and_clients_open_no_agence(cast: Cast) -> None:
    for name in ("gaston", "adele"):
        with pytest.raises(Forbidden):
            actions.create_agence(cast.staff(name), slug="x", nom="X")
    with pytest.raises(Forbidden):
        actions.create_agence(cast.actor("claire"), slug="x", nom="X")


def test_adding_twice_changes_the_role(cast: Cast) -> None:
    adele = cast.staff("adele")
    account = cast.accounts["sans"].pk
    actions.add_staff(adele, account_id=account, nom="Sans", role="gestionnaire")
    actions.add_staff(adele, account_id=account, nom="Sans Nom", role="administrateur")
    assert [row.nom for row in staff(adele)] == ["Adèle Roux", "Sans Nom", "Gaston Morel"]


def test_the_last_administrator_can_be_neither_removed_nor_lowered(cast: Cast) -> None:
    adele = cast.staff("adele")
    row = Habilitation.objects.visible_to(adele).get(nom="Adèle Roux")
    with pytest.raises(BusinessError):
        actions.revoke_staff(adele, row.id)
    with pytest.raises(BusinessError):
        actions.add_staff(adele, account_id=cast.accounts["adele"].pk, nom="Adèle", role="gestionnaire")


def test_nobody_touches_the_staff_of_another_agence(cast: Cast) -> None:
    bruno_row = Habilitation.objects.visible_to(cast.staff("bruno", cast.b)).get(nom="Bruno Lahaye")
    with pytest.raises(Invisible):
        actions.revoke_staff(cast.staff("adele"), bruno_row.id)


def test_inviting_the_same_address_again_replaces_the_invitation(cast: Cast) -> None:
    adele = cast.staff("adele")
    _first, token = actions.invite_staff(adele, email="h@a.example", nom="H", role="gestionnaire")
    second, other = actions.invite_staff(adele, email="H@a.example", nom="H", role="gestionnaire")
    assert open_invitations(adele) == [second]
    assert second.jeton == actions.digest(other) != actions.digest(token)


def test_the_commands_open_an_agence_and_name_people(cast: Cast) -> None:
    out = StringIO()
    call_command("agence", "create", "du-lac", "--nom", "Agence du Lac", stdout=out)
    call_command("agence", "staff", "du-lac", "--email", "sans@courriel.example", "--nom", "Sans", stdout=out)
    call_command("agence", "list", stdout=out)
    assert "du-lac\tAgence du Lac\tactive" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("agence", "create", "du-lac", "--nom", "Encore", stdout=out)
    with pytest.raises(CommandError):
        call_command("agence", "staff", "du-lac", "--email", "nul@part.example", "--nom", "X", stdout=out)
    call_command("exploitant", "grant", "sans@courriel.example", stdout=out)
    assert Account.objects.get(email="sans@courriel.example").is_exploitant
    call_command("exploitant", "revoke", "sans@courriel.example", stdout=out)
    assert not Account.objects.get(email="sans@courriel.example").is_exploitant
    assert Agence.objects.filter(slug="du-lac").exists()
