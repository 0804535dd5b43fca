"""« Voir comme cette personne »: staff looks, read-only, at what a person sees. Opened and closed in the journal."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.agences.actions import record_view
from palier.core.access import Gesture, may
from palier.core.errors import BusinessError, Invisible
from palier.core.screens import Screen
from palier.screens.gestion.personne import PersonneBase
from palier.screens.gestion.queries.base import as_rows
from palier.screens.shared.bases import staff_actor
from palier.vie_privee.droits_personnes.effets import refuse_restricted

OPEN, BACK = "vues", "vue_retour"  # in the session: accès being looked at; (agence, accès) to come back to


class VueComme(PersonneBase):
    """Open the view. The space's pages check the session's list, the staff member and the agence each time."""

    access = Gesture.VIEW_AS

    def post(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        refuse_restricted(self.acces_id)
        spaces = [row for row in as_rows(self.personne.espaces) if row.ouvert]
        if not spaces:
            raise BusinessError(
                "aucun_espace",
                _("Cette personne n’a aucun espace ouvert aujourd’hui : il n’y a rien à voir."),
            )
        record_view(self.actor, self.acces_id, "debut")
        opened = [value for value in request.session.get(OPEN, []) if value != str(self.acces_id)]
        request.session[OPEN] = [*opened, str(self.acces_id)]
        request.session[BACK] = [agence, str(self.acces_id)]
        address = reverse("vue:accueil", kwargs={"agence": agence, "espace": UUID(spaces[0].id)})
        return HttpResponseRedirect(address)


class VueCommeFin(Screen):
    """Close every view of this session, and go back to the person's page."""

    access = Gesture.ACCOUNT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        opened, back = request.session.pop(OPEN, []), request.session.pop(BACK, None)
        if not opened or back is None:
            return HttpResponseRedirect(reverse("mon_espace"))
        slug, acces_id = back
        try:
            staff = staff_actor(self.actor, slug)
        except Invisible:  # no longer of the staff: the view is closed all the same
            return HttpResponseRedirect(reverse("mon_espace"))
        if may(
            staff, Gesture.VIEW_AS
        ):  # closed to him meanwhile: the journal says so, and the view was over then
            record_view(staff, UUID(acces_id), "fin")
        return HttpResponseRedirect(reverse("gestion:personne", kwargs={"agence": slug, "acces": acces_id}))
