"""``/g/<agence>/flux``: what comes from the back-offices, what waits for somebody, what is refused, what changed."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture, may
from palier.core.dates import now
from palier.echanges.historique.enums import EtatAnnulation
from palier.echanges.historique.queries import Passage, runs
from palier.echanges.rules.attente import next_expected
from palier.echanges.schemas import schemas
from palier.screens.gestion.base import Desk
from palier.screens.gestion.flux import schedule_words
from palier.screens.gestion.imports import LIBELLES, TONS, VOIES
from palier.screens.gestion.queries.base import Row
from palier.screens.gestion.queries.echanges import state

#: Runs shown on the hub; the page of imports has them all.
PASSAGES = 8


def duration(run: Passage) -> str:
    """How long a run took: « 4 s », « 2 min 05 »; empty while it lasts or when it never began."""
    if run.debut_le is None or run.fin_le is None:
        return ""
    seconds = max(round((run.fin_le - run.debut_le).total_seconds()), 0)
    if seconds < 60:
        return _t("%(s)d s") % {"s": seconds}
    return _t("%(m)d min %(s)02d") % {"m": seconds // 60, "s": seconds % 60}


class Flux(Desk):
    """The hub of the data exchange: one page to know whether it is right, a door to everything that makes it so."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/echanges/flux.html"
    titre = _("Flux")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        found = state(self.actor)
        passages, more = runs(self.actor, size=PASSAGES)
        order = {name: rank for rank, name in enumerate(schemas())}
        changes = sorted(found.changements, key=lambda c: order[c["table_nom"]])
        return self.render(
            etat=found,
            sources=[(s, [self._feed(f) for f in s.flux]) for s in found.sources],
            sans_source=[self._feed(f) for f in found.flux_sans_source],
            passages=[(run, duration(run)) for run in passages],
            d_autres=more,
            changements=[(schemas()[c["table_nom"]].titre, c) for c in changes],
            titre_de=lambda table: schemas()[table].titre,
            portes_flux=self._inner_doors(found),
            libelles=LIBELLES,
            tons=TONS,
            voies=VOIES,
            annulations=dict(EtatAnnulation.choices),
            peut_decider=may(self.actor, Gesture.IMPORT_CONFIRM),
        )

    def _feed(self, facts: Row) -> dict[str, Any]:
        horaire = facts.flux.horaire
        return {
            **facts,
            "horaire": schedule_words(facts.flux),
            "prochain": next_expected(horaire, now()) if horaire else None,
        }

    def _inner_doors(self, found: Row) -> list[tuple[str, str, str, str]]:
        """(words, address, what is behind, icon) of every page of the exchange that the actor may open."""
        doors = [
            ("imports", _t("Imports"), _t("Envoyer des fichiers, et tous les passages"), "deposer", Gesture.IMPORT_READ),
            ("lignes", _t("Chercher une ligne"), _t("Par sa référence ou son nom : tout ce qu’elle a été"),
             "recherche", Gesture.IMPORT_READ),
            ("connecteurs", _t("Connecteurs"), _t("Profils calibrés : %(n)d") % {"n": found.profils}, "tableau",
             Gesture.CONNECTEUR_READ),
            ("retours", _t("Retours"), _t("Ce que vos clients ont changé, à reprendre dans votre logiciel"), "lettre",
             Gesture.RETOUR_READ),
            ("reglages_flux", _t("Envois attendus"), _t("Ce qui doit arriver, où et quand"), "horloge",
             Gesture.AGENCE_SETTINGS),
            ("cles_api", _t("Clés d’API"), _t("Clés actives : %(n)d") % {"n": found.cles}, "cle", Gesture.API_MANAGE),
            ("crochets", _t("Webhooks"), _t("En service : %(n)d") % {"n": found.crochets}, "echange",
             Gesture.API_MANAGE),
        ]  # fmt: skip
        return [
            (mots, self.url(nom), detail, icone)
            for nom, mots, detail, icone, geste in doors
            if may(self.actor, geste)
        ]
