"""What every page of a space shares: the visit noted, the space as each room needs it, keys read from addresses."""

from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from palier.acces.visites import INTERVALLE, record_visit
from palier.comptabilite.queries import situations
from palier.comptabilite.rules.solde import Situation
from palier.core.actor import Actor
from palier.core.dates import now
from palier.ged.queries import Perimetre
from palier.retours.queries import stale_acces
from palier.screens.shared.bases import EspaceScreen

_VISITE = "visite_le"


def note_visit(request: HttpRequest, actor: Actor) -> bool:
    """Record that the person came, at most once an hour, and tell whether it did: no query otherwise."""
    moment = int(now().timestamp())
    if moment - int(request.session.get(_VISITE, 0)) < INTERVALLE.total_seconds():
        return False
    request.session[_VISITE] = moment
    record_visit(actor)
    request.session["coordonnees_a_verifier"] = [str(acces) for acces in stale_acces(actor)]
    return True


class EspacePage(EspaceScreen):
    """A page of a space."""

    abstract_screen: ClassVar[bool] = True

    def prepare(self) -> None:
        if "agence" not in self.kwargs:
            note_visit(self.request, self.actor)  # no page of a space shows what it changes
        super().prepare()

    @property
    def perimetre(self) -> Perimetre:
        """The space as the documents room needs it."""
        return Perimetre(self.espace.agence_id, self.espace.acces_id, tuple(self.espace.cercles))

    def situation(self) -> Situation | None:
        """Where the compte of this space stands; None for a space without one."""
        if self.espace.compte_client_id is None:
            return None
        return situations(self.actor, [self.espace.id]).get(self.espace.id)

    def adresse(self, nom: str, params: dict[str, Any], **kwargs: Any) -> str:
        """Return the address of a page of this space with its query; empty values are left out."""
        query = urlencode({key: value for key, value in params.items() if value not in ("", None)})
        path = self.page.espace_url(nom, **kwargs)
        return f"{path}?{query}" if query else path


def cle_lue(texte: str) -> tuple[date, UUID] | None:
    """Read the key of a row (« 2026-11-23_<uuid> ») from an address; None when there is none, or nonsense."""
    jour, _, identifiant = texte.partition("_")
    try:
        return date.fromisoformat(jour), UUID(identifiant)
    except ValueError:
        return None


def cle_ecrite(jour: date, identifiant: UUID) -> str:
    """Write the key of a row for an address."""
    return f"{jour.isoformat()}_{identifiant}"


def annee_lue(texte: str) -> int | None:
    """Read a year from an address; None when it is not one."""
    is_year = len(texte) == 4 and texte.isascii() and texte.isdigit()
    return int(texte) if is_year and 1900 <= int(texte) <= 2999 else None
