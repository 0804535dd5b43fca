"""``/mon-compte/communications``: what was asked to disclose of the person's account, and what was disclosed."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.vie_privee.devoirs.actions import answer_disclosure
from palier.vie_privee.devoirs.queries import own_disclosures


class Communications(Screen):
    """The list, with what still waits for an answer first."""

    access = Gesture.ACCOUNT
    template: ClassVar[str] = "account/communications.html"
    titre = _("Communications à des tiers")
    actif: ClassVar[str] = "compte"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(communications=own_disclosures(self.actor))


class CommunicationRepondre(Screen):
    """Yes, no, or no longer."""

    access = Gesture.ACCOUNT

    def post(self, request: HttpRequest, communication: UUID) -> HttpResponse:
        agrees = request.POST.get("accord") == "oui"
        answer_disclosure(self.actor, communication, accepte=agrees)
        self.say(
            _t("Votre accord est noté. Vous pouvez le retirer ici.")
            if agrees
            else _t("C’est noté : rien ne sera communiqué.")
        )
        return HttpResponseRedirect(reverse("communications"))
