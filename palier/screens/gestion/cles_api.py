"""``/g/<agence>/reglages/cles``: the keys of programs. A new one is shown once, here, and never again."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.api.actions.cles import create_key, revoke_key
from palier.api.enums import Portee
from palier.api.forms import CleForm
from palier.core.access import Gesture
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.api import keys, last_source, one_key


class ClesApi(Desk):
    """The list, and the form that makes one."""

    access = Gesture.API_MANAGE
    template: ClassVar[str] = "gestion/cles_api.html"
    titre = _("Clés d’API")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(CleForm(initial={"portees": Portee.values[:3], **last_source(self.actor)}))

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = CleForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            row, secret = create_key(self.actor, **form.cleaned_data)
        except BusinessError as error:
            form.add_error("reseaux" if error.code == "reseau_mal_forme" else None, str(error))
            return self._show(form, error.status)
        fresh = CleForm(initial={"portees": Portee.values[:3], **last_source(self.actor)})
        return self._show(fresh, secret=secret, nouvelle=row)

    def _show(self, form: CleForm, status: int = 200, **context: Any) -> HttpResponse:
        return self.render(
            status,
            form=form,
            cles=keys(self.actor),
            libelles=dict(Portee.choices),
            present=now(),
            **{"secret": "", "nouvelle": None, **context},
        )


class CleRevoquer(Desk):
    """Ask, then revoke."""

    access = Gesture.API_MANAGE
    template: ClassVar[str] = "gestion/cle_revoquer.html"
    titre = _("Révoquer une clé d’API")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str, cle: UUID) -> HttpResponse:
        found = one_key(self.actor, cle)
        if found is None:
            raise Invisible
        return self.render(cle=found)

    def post(self, request: HttpRequest, agence: str, cle: UUID) -> HttpResponse:
        revoked = revoke_key(self.actor, cle)
        self.say(_t("La clé « %(nom)s » n’ouvre plus rien.") % {"nom": revoked.nom})
        return self.go("cles_api")
