"""``/mon-compte/supprimer``: leave, with two weeks to change one's mind; the mail's link brings the account back."""

from typing import ClassVar

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.core.screens import Screen
from palier.vie_privee.comptes.demande import (
    ask_deletion,
    deletion_of,
    find_by_link,
    undo_by_link,
    undo_deletion,
)
from palier.vie_privee.conservation.regles import kept_by_law
from palier.vie_privee.rules.comptes import GRACE


@method_decorator(reauthentication_required, name="post")
class Supprimer(Screen):
    """What goes, what stays where by which article, then the question; the password is asked again."""

    access = Gesture.ACCOUNT
    template: ClassVar[str] = "account/supprimer.html"
    titre = _("Supprimer mon compte")
    actif: ClassVar[str] = "compte"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(
            status, faute=faute, demande=deletion_of(self.actor.account_id), jours=GRACE.days, gardees=kept_by_law(),
            agences=len({acces.agence_id for acces in self.actor.acces}),
        )  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        if "garder" in request.POST:
            undo_deletion(self.actor)
            self.say(_t("Votre compte est gardé."))
            return HttpResponseRedirect(reverse("mon_compte"))
        if request.POST.get("confirme") != "on":
            return self._show(_t("Cochez la case pour confirmer."), 422)
        try:
            ask_deletion(self.actor)
        except BusinessError as error:
            return self._show(str(error), error.status)
        return HttpResponseRedirect(reverse("supprimer_compte"))


class SuppressionAnnuler(Screen):
    """The mail's link. Reading it changes nothing: mail robots open links (C2)."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "account/suppression_annuler.html"
    titre = _("Garder votre compte")

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        return self.render(demande=find_by_link(jeton))

    def post(self, request: HttpRequest, jeton: str) -> HttpResponse:
        undo_by_link(self.actor, jeton)
        self.say(_t("Votre compte est gardé : rien n’a été effacé."))
        return HttpResponseRedirect(reverse("connexion"))
