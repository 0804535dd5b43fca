"""``/droits``: rights for people without an account; the follow-up by the signed link; a copy left by a directive."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.core.net import client_network
from palier.core.screens import Screen
from palier.screens.account.droits import piece_of, piece_response, sent
from palier.screens.account.exports import export_response
from palier.screens.shared.forms_droits import DemandePubliqueForm
from palier.vie_privee.droits_personnes.demandes import Question, ask_publicly
from palier.vie_privee.droits_personnes.exports import find_by_link, open_by_link
from palier.vie_privee.droits_personnes.public import opened, send_identity_by_link
from palier.vie_privee.enums import DroitDemande
from palier.vie_privee.models import DemandeAgence


class Droits(Screen):
    """The form. The same answer whoever writes: it looks nobody up."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/droits.html"
    titre = _("Exercer mes droits")

    def _form(self, data: Any = None, initial: Any = None) -> DemandePubliqueForm:
        # A suspended agence still keeps data and still has its desk. An ended one answers no more: its data go in days.
        rows = Agence.objects.exclude(statut=StatutAgence.TERMINEE).order_by("nom", "id")
        choices: list[tuple[str, Any]] = [("", _t("L’exploitant du portail (données d’un compte)"))]
        choices += [(str(pk), nom) for pk, nom in rows.values_list("id", "nom")]
        return DemandePubliqueForm(data, initial=initial, agences=choices)

    def get(self, request: HttpRequest) -> HttpResponse:
        droit = request.GET.get("droit", "")
        return self._show(self._form(initial={"droit": droit if droit in DroitDemande.values else ""}))

    def _show(self, form: DemandePubliqueForm, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(status, form=form, faute=faute, exploitant=settings.EXPLOITANT)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        data = form.cleaned_data
        question = Question(
            data["droit"], data["message"].strip(), data["email"].lower(), data["nom"], (get_language() or "fr")[:2]
        )  # fmt: skip
        agence = Agence.objects.get(id=UUID(data["agence"])) if data["agence"] else None
        try:
            ask_publicly(self.actor, agence, question, client_network(request) or "")
        except BusinessError as error:
            return self._show(form, str(error), error.status)
        return HttpResponseRedirect(reverse("droits_recu"))


class DroitsRecu(Screen):
    """What happens next."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/droits_recu.html"
    titre = _("Votre demande est partie")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render()


class DroitsSuivi(Screen):
    """The request that the mail's link names; the proof of identity when it was asked."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/droits_suivi.html"
    titre = _("Ma demande")

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        return self._show(jeton)

    def _show(self, jeton: str, faute: str = "", status: int = 200) -> HttpResponse:
        with opened(self.actor, jeton) as (_who, row):
            self.page.titre = str(row.get_droit_display())
            qui = settings.EXPLOITANT["nom"]
            if isinstance(row, DemandeAgence):
                qui = Agence.objects.get(id=row.agence_id).nom
            pieces = [(p, reverse("droits_piece", args=[jeton, p["id"]])) for p in row.pieces]
            return self.render(status, demande=row, qui=qui, pieces=pieces, faute=faute)

    def post(self, request: HttpRequest, jeton: str) -> HttpResponse:
        try:
            send_identity_by_link(self.actor, jeton, sent(request, "fichier"))
        except BusinessError as error:
            return self._show(jeton, str(error), error.status)
        self.say(_t("La preuve est reçue : elle sera effacée dès qu’elle est vérifiée."))
        return HttpResponseRedirect(reverse("droits_suivi", args=[jeton]))


class DroitsPiece(Screen):
    """A file of the answer."""

    access = Gesture.PUBLIC_ONLY

    def get(self, request: HttpRequest, jeton: str, piece: str) -> HttpResponseBase:
        with opened(self.actor, jeton) as (who, row):
            return piece_response(request, who, row, piece_of(row, piece))


class DirectiveRemise(Screen):
    """The copy that a directive left to somebody: reading changes nothing, the button hands it over, once."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/directive_remise.html"
    titre = _("Une copie vous est remise")

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        return self.render(copie=find_by_link(jeton))

    def post(self, request: HttpRequest, jeton: str) -> HttpResponseBase:
        return export_response(request, open_by_link(self.actor, jeton))
