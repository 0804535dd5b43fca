"""``/g/<agence>/restrictions``: what the agence keeps closed to its clients, whatever the contract allows."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.enums import QualiteEspace
from palier.agences.enums import FonctionPortail, GenreRestriction
from palier.core.access import Gesture
from palier.patrimoine.models import Copropriete
from palier.screens.gestion.base import Desk
from palier.vie_privee.contrats.restrictions import choose_closed, closed


class Restrictions(Desk):
    """Three lists of boxes: ticked is closed."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/restrictions.html"
    titre = _("Ce que vous tenez fermé")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        known = Copropriete.objects.visible_to(self.actor).filter(agence_id=self.agence.id, archive_le=None)
        lists = [
            (GenreRestriction.QUALITE, _t("Qualités de clients"), list(QualiteEspace.choices)),
            (GenreRestriction.FONCTION, _t("Fonctions"), list(FonctionPortail.choices)),
            (
                GenreRestriction.COPROPRIETE,
                _t("Copropriétés"),
                [(str(c.id), c.nom) for c in known.order_by("nom", "id")],
            ),
        ]
        return self.render(listes=lists, fermes=closed(self.actor))

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        number = choose_closed(self.actor, {g: set(request.POST.getlist(g)) for g in GenreRestriction.values})
        self.say(
            _t("C’est enregistré : %(n)s choix tenus fermés, dès maintenant.") % {"n": number}
            if number
            else _t("C’est enregistré : rien n’est tenu fermé.")
        )
        return self.go("restrictions")
