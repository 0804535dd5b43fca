"""``/mon-compte/signaler``: « this is not me » in two clicks. ``/mon-compte/consultations``: who opened my data."""

from typing import ClassVar

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.gestion import mots
from palier.vie_privee.incidents.queries import Consultation, consultations
from palier.vie_privee.incidents.signalement import report_misuse


class Signaler(Screen):
    """What the button does, said before it is pressed."""

    access = Gesture.ACCOUNT
    template: ClassVar[str] = "account/signaler.html"
    titre = _("Signaler un usage anormal")
    actif: ClassVar[str] = "compte"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render()

    def post(self, request: HttpRequest) -> HttpResponse:
        report_misuse(self.actor, request.POST.get("recit", "")[:2000])
        logout(request)
        self.say(
            _t(
                "C’est fait : toutes les sessions sont fermées. Ouvrez le message que nous venons d’envoyer pour "
                "choisir un nouveau mot de passe."
            )
        )
        return HttpResponseRedirect(reverse("connexion"))


class Consultations(Screen):
    """Who opened or changed the person's data, at each agence, over a year."""

    access = Gesture.ACCOUNT
    template: ClassVar[str] = "account/consultations.html"
    titre = _("Qui a consulté mes données")
    actif: ClassVar[str] = "compte"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(
            lignes=[(row, self._words(row), self._who(row)) for row in consultations(self.actor)]
        )

    @staticmethod
    def _words(row: Consultation) -> str:
        return mots.geste(row.gesture)

    @staticmethod
    def _who(row: Consultation) -> str:
        if row.role in {"assistance", "exploitant"}:
            return _t("l’assistance du portail, à la demande de l’agence")
        return str(mots.ROLES.get(row.role, row.role))
