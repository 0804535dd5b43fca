"""« Nouveaux documents »: whether the person is told by mail of what her agences put on line."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.courrier.preferences import choose_notices, wants_notices
from palier.screens.shared.bases import espaces_of


class MesAvis(Screen):
    """/mon-compte/avis"""

    access = Gesture.ACCOUNT
    template = "account/avis.html"
    titre = gettext_lazy("Être prévenu des nouveaux documents")
    actif = "compte"

    def prepare(self) -> None:
        self.page.espaces = espaces_of(self.actor)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        if self.actor.account_id is None:
            raise Invisible
        return self.render(voulu=wants_notices(self.actor.account_id))

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        wanted = request.POST.get("avis") == "oui"
        choose_notices(self.actor, wanted)
        self.say(
            _("Vous serez prévenu par e-mail des nouveaux documents.")
            if wanted
            else _("Vous ne recevrez plus d’e-mail pour les nouveaux documents.")
        )
        return HttpResponseRedirect(reverse("mes_avis"))
