"""``/equipe/<agence>/<jeton>``: accepting an invitation to an agency's staff."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from palier.acces.invitations import accept_invitation, read_invitation
from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.core.screens import Screen
from palier.screens.public.activation import langue, sign_in, texts_in_force
from palier.screens.public.forms import EquipeForm, MotDePasseForm


class InvitationEquipe(Screen):
    """The invited person's page: create an account with the invited address, or accept with the one it has."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/equipe.html"
    titre = _("Rejoignez l’équipe")

    def prepare(self) -> None:
        self.invitation = read_invitation(self.actor, self.kwargs["agence"], self.kwargs["jeton"])

    def _form(self, data: Any = None) -> EquipeForm | MotDePasseForm:
        if self.invitation.has_account:
            return MotDePasseForm(data)
        return EquipeForm(
            data, contexte=(self.invitation.agence.nom, self.invitation.nom, self.invitation.email)
        )

    def _page(self, form: Any, status: int = 200) -> HttpResponse:
        user = self.request.user
        signed_in = user.is_authenticated
        mine = signed_in and getattr(user, "email", "") == self.invitation.email
        return self.render(
            status,
            invitation=self.invitation,
            form=form,
            doit_se_connecter=self.invitation.has_account and not mine,
            autre_compte=signed_in and not mine,
        )

    def get(self, request: HttpRequest, agence: str, jeton: str) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest, agence: str, jeton: str) -> Any:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, 422)
        try:
            account = accept_invitation(
                self.actor,
                agence,
                jeton,
                password=form.cleaned_data["password"],
                textes=[] if self.invitation.has_account else texts_in_force(),
                langue=langue(),
            )
        except BusinessError as error:
            form.add_error("password", str(error))
            return self._page(form, error.status)
        return sign_in(request, account, reverse("gestion:accueil", kwargs={"agence": agence}))
