"""``/mon-compte/donnees/copie``: ask for one's copy, follow it, download it once signed in again."""

from typing import ClassVar
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import now, today
from palier.core.errors import BusinessError
from palier.core.streaming import file_response
from palier.core.vault import DamagedFile
from palier.screens.account.droits import DroitsPage
from palier.screens.shared.forms_droits import DirectiveForm
from palier.vie_privee.droits_personnes.directives import versions, withdraw_directives, write_directive
from palier.vie_privee.droits_personnes.exports import (
    EN_ROUTE,
    export_key,
    open_export,
    own_exports,
    request_export,
)
from palier.vie_privee.models import ExportDonnees


class MesExports(DroitsPage):
    """The copies: one being made shows its progress, one ready its button."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/exports.html"
    titre = _("Une copie de mes données")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        rows = own_exports(self.actor)
        waiting = next((row for row in rows if row.etat in EN_ROUTE), None)
        return self.render(status, copies=rows, en_route=waiting, faute=faute, maintenant=now())

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            request_export(self.actor)
        except BusinessError as error:
            return self._show(str(error), error.status)
        return HttpResponseRedirect(reverse("mes_exports"))


@method_decorator(reauthentication_required, name="get")
class ExportTelecharger(DroitsPage):
    """The file, once the password was asked again."""

    access = Gesture.DROITS_EXERCER

    def get(self, request: HttpRequest, export: UUID) -> HttpResponseBase:
        return export_response(request, open_export(self.actor, export))


def export_response(request: HttpRequest, row: ExportDonnees) -> HttpResponseBase:
    """Answer with a copy; say plainly when the vault no longer holds it whole."""
    try:
        return file_response(
            request, export_key(row), row.adresse, row.octets, name=f"palier-mes-donnees-{today().isoformat()}.zip",
            mime="application/zip", etag=row.sha256,
        )  # fmt: skip
    except DamagedFile:
        message = _t("Cette copie est abîmée : elle n’est pas servie. Demandez-en une autre.")
        raise BusinessError("copie_abimee", message, status=409) from None


@method_decorator(reauthentication_required, name="post")
class MesDirectives(DroitsPage):
    """What is to become of the account after a death: written, changed, withdrawn, with its history."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/directives.html"
    titre = _("Après mon décès")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(DirectiveForm())

    def _show(self, form: DirectiveForm, status: int = 200) -> HttpResponse:
        rows = versions(self.actor)
        live = next((r for r in rows if r.retiree_le is None and r.executee_le is None), None)
        return self.render(status, form=form, versions=rows, courante=live, exploitant=settings.EXPLOITANT)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "retirer" in request.POST:
            withdraw_directives(self.actor)
            self.say(_t("Vos directives sont retirées : la loi s’applique comme si vous n’aviez rien dit."))
            return HttpResponseRedirect(reverse("mes_directives"))
        form = DirectiveForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        data = {**form.cleaned_data, "accord": str(form.fields["accord"].label)}
        write_directive(self.actor, **data)
        self.say(_t("Vos directives sont enregistrées ; un e-mail vous le confirme."))
        return HttpResponseRedirect(reverse("mes_directives"))
