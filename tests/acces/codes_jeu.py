"""Codes for tests: issued as the agence's staff does."""

from dataclasses import dataclass
from uuid import UUID

from django.test import Client

from palier.acces.codes import CodeEmis, issue_code
from palier.acces.models import Acces
from palier.core.actor import Actor
from palier.core.tenancy import open_actor
from tests.cast import Cast
from tests.factories import Maison

MOT_DE_PASSE = "la lampe du palier reste allumée"


def acces_libre(cast: Cast, maison: Maison | None = None, tiers: str = "denis") -> Acces:
    """Return an accès that nobody holds: Denis Sanscode's, at A."""
    system = cast.system(maison)
    found = Acces.objects.visible_to(system).filter(tiers_id=cast.rows["tiers"][tiers].id).first()
    assert found is not None
    return found


def issue(cast: Cast, maison: Maison | None = None, tiers: str = "denis") -> CodeEmis:
    """Issue a code to Denis."""
    acces = acces_libre(cast, maison, tiers)
    code = issue_code(cast.system(maison), acces.id)
    open_actor(Actor.anonymous())
    return code


@dataclass
class Parcours:
    """A visitor's way through the activation pages."""

    client: Client

    def saisir(self, code: CodeEmis, secret: str = "") -> int:
        """Type a code; return the status."""
        reponse = self.client.post(
            "/activer", {"identifiant": code.identifiant_imprime, "secret": secret or code.secret_imprime}
        )
        return reponse.status_code

    def choisir(self, email: str, password: str = MOT_DE_PASSE) -> int:
        """Choose an address and a password; return the status."""
        donnees = {"email": email, "password": password, "cgu": "on", "politique": "on"}
        return self.client.post("/activer/compte", donnees).status_code


def holder(cast: Cast, acces_id: UUID, maison: Maison | None = None) -> UUID | None:
    """Return the account that holds an accès now."""
    system = cast.system(maison)
    row = Acces.objects.visible_to(system).filter(id=acces_id).first()
    assert row is not None
    return row.account_id  # type: ignore[no-any-return]
