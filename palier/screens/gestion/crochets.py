"""``/g/<agence>/reglages/webhooks``: whom to tell that an import has ended, and what came of each call."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.api.actions.crochets import create_crochet, remove_crochet, resend, try_crochet
from palier.api.forms import CrochetForm
from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.api import crochets, last_source, livraisons


class Crochets(Desk):
    """The webhooks, their deliveries, and the form that sets one."""

    access = Gesture.API_MANAGE
    template: ClassVar[str] = "gestion/crochets.html"
    titre = _("Webhooks")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = CrochetForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            row, secret = create_crochet(self.actor, **form.cleaned_data)
        except BusinessError as error:
            form.add_error("url" if error.code == "adresse_refusee" else None, str(error))
            return self._show(form, error.status)
        return self._show(secret=secret, nouveau=row)

    def _show(self, form: CrochetForm | None = None, status: int = 200, **context: Any) -> HttpResponse:
        known = crochets(self.actor)
        if form is None:
            source = {"logiciel": known[0].source.logiciel, "base": known[0].source.base} if known else None
            form = CrochetForm(initial=source or last_source(self.actor))
        tons = {"livree": "ok", "echouee": "erreur", "en_attente": "attention"}
        return self.render(
            status,
            form=form,
            crochets=[row for row in known if row.retire_le is None],
            livraisons=livraisons(self.actor) if known else [],
            tons=tons,
            **{"secret": "", "nouveau": None, **context},
        )


class CrochetEssayer(Desk):
    """Call a webhook now, to see."""

    access = Gesture.API_MANAGE

    def post(self, request: HttpRequest, agence: str, crochet: UUID) -> HttpResponse:
        try_crochet(self.actor, crochet)
        self.say(_t("L’essai part : son résultat apparaît dans la liste des appels."))
        return self.go("crochets")


class CrochetRetirer(Desk):
    """Take a webhook away."""

    access = Gesture.API_MANAGE

    def post(self, request: HttpRequest, agence: str, crochet: UUID) -> HttpResponse:
        remove_crochet(self.actor, crochet)
        self.say(_t("Le webhook est retiré : il n’est plus appelé."))
        return self.go("crochets")


class LivraisonRenvoyer(Desk):
    """Call again with an event that did not arrive, or that was lost on the other side."""

    access = Gesture.API_MANAGE

    def post(self, request: HttpRequest, agence: str, livraison: UUID) -> HttpResponse:
        resend(self.actor, livraison)
        self.say(_t("L’appel repart."))
        return self.go("crochets")
