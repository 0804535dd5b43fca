"""« Mes accès »: which agence gave which access, whom to call there, and whether it may see the account's e-mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.core.sql import read
from palier.retours.partages import share_and_tell
from palier.screens.shared.bases import EspaceVu, espaces_of


@dataclass(frozen=True, slots=True)
class AccesVu:
    """An access of the person, as the page shows it."""

    id: UUID
    agence_id: UUID
    agence_nom: str
    agence_slug: str
    telephone: str
    email: str
    adresse: str
    statut: str
    rattache_le: datetime | None
    derniere_visite: datetime | None
    email_partage: str
    espaces: tuple[EspaceVu, ...]

    @property
    def ouvert(self) -> bool:
        """Whether the agence's contract runs: else the access is kept, and shows nothing."""
        return self.statut == "active"


_ACCES = """
select a.id, a.agence_id, g.nom, g.slug, g.telephone, g.email, g.adresse, g.statut, a.rattache_le, a.derniere_visite,
  a.email_partage
from acces_acces a join agences_agence g on g.id = a.agence_id
where a.account_id = %(account)s and a.detache_le is null
order by g.nom, a.rattache_le, a.id
"""


class MesAcces(Screen):
    """/mes-acces"""

    access = Gesture.ACCOUNT
    template = "account/acces.html"
    titre = gettext_lazy("Mes accès")
    actif = "acces"

    def prepare(self) -> None:
        self.page.espaces = espaces_of(self.actor)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        rows = read(self.actor, _ACCES, {"account": self.actor.account_id})
        found = [
            AccesVu(*(*row, tuple(e for e in self.page.espaces if e.acces_id == row[0]))) for row in rows
        ]
        return self.render(acces=found)


class PartagerEmail(Screen):
    """POST /mes-acces/<acces>/email: share the account's e-mail with this agence, or take it back."""

    access = Gesture.ACCES_SHARE

    def post(self, request: HttpRequest, acces: UUID, **kwargs: object) -> HttpResponse:
        partage = request.POST.get("partage") == "oui"
        share_and_tell(self.actor, acces, partage)
        self.say(
            _("Cette agence voit maintenant l’adresse e-mail de votre compte.")
            if partage
            else _("Cette agence ne voit plus l’adresse e-mail de votre compte.")
        )
        return HttpResponseRedirect(reverse("mes_acces"))
