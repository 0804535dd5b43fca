"""``/g/<agence>/notice``: the agence's own information notice, which it owes its clients as their controller."""

from pathlib import Path
from typing import ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.screens.gestion.base import Desk
from palier.vie_privee import actions
from palier.vie_privee.actions import publish_notice
from palier.vie_privee.queries import agency_notice
from palier.vie_privee.rules.textes import sections

_MODELE = Path(actions.__file__).with_name("textes") / "notice-agence.fr.md"


class NoticeForm(forms.Form):
    """The text of the notice."""

    corps = forms.CharField(
        label=_("Texte de la notice"), error_messages={"required": _("Remplissez ce champ.")}
    )


class Notice(Desk):
    """Write the notice, see it as clients will, publish it as a new version."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/notice.html"
    titre = _("Notice d’information")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        present = agency_notice(self.actor, self.agence.id)
        return self._show(present.corps if present else self._proposal())

    def _proposal(self) -> str:
        """A notice to start from, the agence's facts filled in; what the agence has not given is left to complete."""
        text = _MODELE.read_text("utf-8")
        for name in ("nom", "adresse", "telephone", "email"):
            value = getattr(self.agence, name) or f"[à compléter : {name}]"
            text = text.replace("{agence}" if name == "nom" else f"{{{name}}}", value)
        return text

    def _show(self, corps: str, faute: str = "", status: int = 200) -> HttpResponse:
        form = NoticeForm(initial={"corps": corps})
        present = agency_notice(self.actor, self.agence.id)
        return self.render(status, form=form, faute=faute, notice=present, apercu=sections(corps))

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self._show(request.POST.get("corps", ""), _t("La notice est vide."), 422)
        corps = form.cleaned_data["corps"]
        if "apercu" in request.POST:
            return self._show(corps)
        try:
            notice = publish_notice(self.actor, corps)
        except BusinessError as error:
            return self._show(corps, str(error), error.status)
        self.say(
            _t("La version %(version)s de la notice est publiée : vos clients la lisent dans leur espace.")
            % {"version": notice.version}
        )
        return self.go("notice")
