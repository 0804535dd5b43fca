"""What a person answers to the legal texts: accept the CGU in force, say that the changes were read."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.screens.account.compte import adresse
from palier.screens.public.activation import langue
from palier.screens.public.textes import previous
from palier.vie_privee.actions import accept_cgu, mark_texts_read
from palier.vie_privee.annonces import cgu_to_accept
from palier.vie_privee.queries import read_text, text_in_force


def _target(given: str) -> str:
    """Where the person was going; only a path of ours (O1)."""
    safe = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if safe else reverse("mon_espace")


class CguAccepter(Screen):
    """The CGU changed: what changes, the whole text, accept or leave with one's data."""

    access = Gesture.ACCOUNT
    template: ClassVar[str] = "account/cgu_accepter.html"
    titre = _("Les conditions d’utilisation ont changé")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request.GET.get("next", ""))

    def _show(self, target: str, faute: str = "", status: int = 200) -> HttpResponse:
        texte = text_in_force("cgu", langue())
        if texte is None:
            raise Invisible
        return self.render(
            status,
            texte=read_text(texte),
            texte_id=texte.id,
            resume=texte.resume,
            precedente=previous(texte),
            a_accepter=cgu_to_accept(self.page.account) is not None,
            suite=_target(target),
            faute=faute,
            mes_droits=adresse("mes_droits"),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        target = request.POST.get("next", "")
        if request.POST.get("cgu") != "on":
            return self._show(target, _t("Cochez la case pour accepter ces conditions."), 422)
        try:
            texte_id = UUID(request.POST.get("texte", ""))
        except ValueError:
            raise Invisible from None
        accept_cgu(self.actor, texte_id)
        self.say(_t("C’est noté : vous avez accepté la version en vigueur des conditions d’utilisation."))
        return HttpResponseRedirect(_target(target))


class TextesLus(Screen):
    """« J’ai lu »: the notices of changes leave the page."""

    access = Gesture.ACCOUNT

    def post(self, request: HttpRequest) -> HttpResponse:
        mark_texts_read(self.actor)
        return HttpResponseRedirect(_target(request.POST.get("next", "")))
