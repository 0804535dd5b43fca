"""``/g/<agence>/equipe/<membre>/habilitation`` and ``/equipe/gestes``: what a gestionnaire follows and may do."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences import actions_habilitations as actions
from palier.agences.gestes import ALL_KEYS, GESTES, closed_keys
from palier.agences.models import Habilitation
from palier.agences.queries import staff
from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.screens.gestion.base import Desk, uuid_or_none
from palier.screens.gestion.queries.habilitations import FOUND, named_units, search_units

LONGUEST = 100  # characters of a search
_OPTIONS = [(key, words, gloss) for key, words, gloss, _gestes in GESTES]


def _closed(request: HttpRequest) -> set[str]:
    """Return the keys that the form leaves unticked."""
    return set(ALL_KEYS) - set(request.POST.getlist("ouverts"))


class HabilitationMembre(Desk):
    """One gestionnaire: his portfolio and his gestures."""

    access = Gesture.EQUIPE_MANAGE
    template: ClassVar[str] = "gestion/habilitation.html"
    titre = _("Habilitation")
    actif: ClassVar[str] = "equipe"

    def get(self, request: HttpRequest, agence: str, membre: UUID) -> HttpResponse:
        found = self._member(membre)
        text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST]
        held = found.portefeuille or []
        hits = search_units(self.actor, text, held) if text else []
        return self.render(
            membre=found,
            restreint=found.portefeuille is not None,
            unites=named_units(self.actor, held),
            q=text,
            trouvees=hits[:FOUND],
            trop=len(hits) > FOUND,
            options=_OPTIONS,
            ouverts=sorted(ALL_KEYS - closed_keys(found.gestes_fermes)),
            fermes_agence=[words for key, words, _g in _OPTIONS if key in closed_keys(self.agence.gestes_fermes)],
        )  # fmt: skip

    def _member(self, membre: UUID) -> Habilitation:
        found = next((row for row in staff(self.actor) if row.id == membre), None)
        if found is None or found.role != "gestionnaire":
            raise Invisible
        return found

    def post(self, request: HttpRequest, agence: str, membre: UUID) -> HttpResponse:
        acte, unite = request.POST.get("acte", ""), uuid_or_none(request.POST.get("unite", ""))
        if acte == "tout":
            actions.follow_whole_agence(self.actor, membre)
            self.say(_t("Ce gestionnaire suit maintenant toute l’agence."))
        elif acte == "restreindre":
            actions.restrict(self.actor, membre)
            self.say(_t("Ce gestionnaire ne voit plus que son portefeuille : ajoutez-y des immeubles."))
        elif acte == "ajouter" and unite:
            actions.add_unit(self.actor, membre, unite)
            self.say(_t("Ajouté au portefeuille."))
        elif acte == "retirer" and unite:
            actions.remove_unit(self.actor, membre, unite)
            self.say(_t("Retiré du portefeuille."))
        elif acte == "gestes":
            actions.close_for_member(self.actor, membre, _closed(request))
            self.say(_t("Les gestes de ce gestionnaire sont enregistrés."))
        return self.go("habilitation", membre=membre)


class GestesAgence(Desk):
    """The gestures open to every gestionnaire of the agence."""

    access = Gesture.EQUIPE_MANAGE
    template: ClassVar[str] = "gestion/gestes.html"
    titre = _("Gestes des gestionnaires")
    actif: ClassVar[str] = "equipe"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        closed = closed_keys(self.agence.gestes_fermes)
        return self.render(options=_OPTIONS, ouverts=sorted(ALL_KEYS - closed))

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        actions.close_for_all(self.actor, _closed(request))
        self.say(_t("Les gestes des gestionnaires sont enregistrés."))
        return self.go("equipe")
