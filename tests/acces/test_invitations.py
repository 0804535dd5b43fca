"""Joining an agency's staff by invitation."""

import pytest
from django.test import Client

from palier.accounts.models import Account
from palier.agences.actions import invite_staff, revoke_invitation
from palier.agences.models import Habilitation
from palier.core.actor import Actor
from palier.core.tenancy import open_actor
from tests.cast import Cast
from tests.factories import PASSWORD

LONG = "une phrase assez longue pour l'équipe"


def _invite(cast: Cast, email: str = "nouveau@agence.example") -> str:
    _invitation, token = invite_staff(
        cast.staff("adele"), email=email, nom="Nour Nouveau", role="gestionnaire"
    )
    open_actor(Actor.anonymous())
    return f"/equipe/cabinet-a/{token}"


def _role(cast: Cast, email: str) -> str | None:
    account = Account.objects.filter(email=email).first()
    rows = Habilitation.objects.visible_to(cast.system())
    held = rows.filter(account_id=account.pk, revoquee_le__isnull=True).first() if account else None
    return held.role if held else None


def test_new_person_joins_with_a_long_password(cast: Cast) -> None:
    chemin = _invite(cast)
    client = Client()
    assert client.get(chemin).status_code == 200
    donnees = {"password": "douze lettres", "cgu": "on", "politique": "on"}
    assert client.post(chemin, donnees).status_code == 422
    assert _role(cast, "nouveau@agence.example") is None
    reponse = client.post(chemin, {**donnees, "password": LONG})
    assert reponse.status_code == 302 and reponse["Location"] == "/g/cabinet-a/"
    assert _role(cast, "nouveau@agence.example") == "gestionnaire"
    assert client.get("/g/cabinet-a/").status_code == 200
    assert Client().get(chemin).status_code == 404


def test_known_person_must_sign_in_and_prove_a_long_password(cast: Cast) -> None:
    chemin = _invite(cast, "sans@courriel.example")
    assert "Me connecter" in Client().get(chemin).content.decode()
    assert Client().post(chemin, {"password": PASSWORD}).status_code == 403
    assert cast.client("charlie").post(chemin, {"password": PASSWORD}).status_code == 403
    client = cast.client("sans")
    assert client.post(chemin, {"password": "un autre mot de passe"}).status_code == 422
    assert client.post(chemin, {"password": PASSWORD}).status_code == 302
    assert _role(cast, "sans@courriel.example") == "gestionnaire"


@pytest.mark.parametrize("chemin", ["/equipe/cabinet-a/forge", "/equipe/inconnue/forge"])
def test_forged_invitation_does_not_exist(cast: Cast, chemin: str) -> None:
    assert Client().get(chemin).status_code == 404
    assert Client().post(chemin, {"password": LONG}).status_code == 404


def test_invitation_of_another_agence_or_taken_back(cast: Cast) -> None:
    chemin = _invite(cast)
    assert Client().get(chemin.replace("cabinet-a", "agence-b")).status_code == 404
    invitation, _token = invite_staff(
        cast.staff("adele"), email="x@agence.example", nom="X", role="gestionnaire"
    )
    revoke_invitation(cast.staff("adele"), invitation.id)
    assert Client().get(f"/equipe/cabinet-a/{_token}").status_code == 404
