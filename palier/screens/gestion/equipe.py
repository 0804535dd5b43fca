"""``/g/<agence>/equipe``: who works here. An administrator invites and removes; a gestionnaire reads."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.actions import invite_staff, resend_invitation, revoke_invitation, revoke_staff
from palier.agences.forms import InvitationForm
from palier.agences.queries import open_invitations, staff
from palier.core.access import Gesture, may
from palier.core.dates import now
from palier.core.errors import Invisible
from palier.courrier.invitation_equipe import send_invitation
from palier.screens.gestion.base import Desk


class Equipe(Desk):
    """The list and the form that invites."""

    access = Gesture.EQUIPE_READ
    template: ClassVar[str] = "gestion/equipe.html"
    titre = _("Équipe")
    actif: ClassVar[str] = "equipe"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(InvitationForm(initial={"role": "gestionnaire"}))

    def _show(self, form: InvitationForm, status: int = 200) -> HttpResponse:
        members = staff(self.actor)
        return self.render(
            status,
            form=form,
            membres=members,
            seul_administrateur=sum(member.role == "administrateur" for member in members) == 1,
            invitations=open_invitations(self.actor),
            dirige=may(self.actor, Gesture.EQUIPE_MANAGE),
            present=now(),
        )


class Inviter(Equipe):
    """Send an invitation."""

    access = Gesture.EQUIPE_MANAGE

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.go("equipe")

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        invitation, token = invite_staff(self.actor, **form.cleaned_data)
        send_invitation(self.agence, invitation, token)
        self.say(_t("L’invitation part à %(email)s. Elle vaut sept jours.") % {"email": invitation.email})
        return self.go("equipe")


class MembreRetirer(Desk):
    """Ask, then remove a member."""

    access = Gesture.EQUIPE_MANAGE
    template: ClassVar[str] = "gestion/membre_retirer.html"
    titre = _("Retirer un membre de l’équipe")
    actif: ClassVar[str] = "equipe"

    def get(self, request: HttpRequest, agence: str, membre: UUID) -> HttpResponse:
        found = next((row for row in staff(self.actor) if row.id == membre), None)
        if found is None:
            raise Invisible
        return self.render(membre=found)

    def post(self, request: HttpRequest, agence: str, membre: UUID) -> HttpResponse:
        removed = revoke_staff(self.actor, membre)
        self.say(_t("%(nom)s ne fait plus partie de l’équipe.") % {"nom": removed.nom})
        return self.go("equipe")


class InvitationRenvoyer(Desk):
    """Send an invitation again; the former link dies."""

    access = Gesture.EQUIPE_MANAGE

    def post(self, request: HttpRequest, agence: str, invitation: UUID) -> HttpResponse:
        sent, token = resend_invitation(self.actor, invitation)
        send_invitation(self.agence, sent, token)
        self.say(
            _t("L’invitation repart à %(email)s. L’ancien lien n’ouvre plus rien.") % {"email": sent.email}
        )
        return self.go("equipe")


class InvitationRevoquer(Desk):
    """Take an invitation back."""

    access = Gesture.EQUIPE_MANAGE

    def post(self, request: HttpRequest, agence: str, invitation: UUID) -> HttpResponse:
        revoke_invitation(self.actor, invitation)
        self.say(_t("L’invitation est retirée : son lien n’ouvre plus rien."))
        return self.go("equipe")
