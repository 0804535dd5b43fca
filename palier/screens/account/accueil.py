"""The home of a signed-in person: what asks something, what is new, and her doors, across all agences."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.acces.enums import QualiteEspace
from palier.agences.models import Agence
from palier.comptabilite.queries import situations
from palier.comptabilite.rules.solde import EcheanceDue, Situation
from palier.core.access import Gesture
from palier.ged.nouveautes import Attente, nouveautes
from palier.screens.espace.base import note_visit
from palier.screens.espace.compte import phrase_du_solde
from palier.screens.shared.bases import EspacesScreen, EspaceVu, espaces_of

MAX_A_FAIRE = 6


@dataclass(frozen=True, slots=True)
class AFaire:
    """Something due, in one space."""

    espace: EspaceVu
    due: EcheanceDue


class Accueil(EspacesScreen):
    """/accueil"""

    access = Gesture.ACCOUNT
    template = "account/accueil.html"
    titre = gettext_lazy("Accueil")
    actif = "accueil"

    def prepare(self) -> None:
        if note_visit(self.request, self.actor):  # what is new is counted since the visit before
            self.page.espaces = espaces_of(self.actor)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espaces: list[EspaceVu] = self.page.espaces
        jour = self.actor.today
        found = situations(self.actor, [e.id for e in espaces if e.compte_client_id])
        a_faire = a_faire_de(espaces, found)
        news = nouveautes(
            self.actor,
            [
                Attente(e.id, e.agence_id, e.acces_id, tuple(e.cercles), e.nouveautes_vues_le)
                for e in espaces
                if e.nouveautes_vues_le  # a first visit: everything is new, so nothing is
            ],
        )
        qualites = {e.qualite for e in espaces}
        wanted = request.GET.get("qualite", "")
        wanted = wanted if wanted in qualites else ""
        self.page.titre = _("Bonjour %(nom)s") % {"nom": appel_de(espaces)} if espaces else _("Bonjour")
        return self.render(
            a_faire=a_faire[:MAX_A_FAIRE],
            reste=max(0, len(a_faire) - MAX_A_FAIRE),
            nouveaux=[(by_id(espaces)[n.espace_id], n) for n in news],
            nombres={n.espace_id: n.nombre for n in news},
            espaces=[e for e in espaces if not wanted or e.qualite == wanted],
            phrases={key: phrase_du_solde(value, jour) for key, value in found.items()},
            situations=found,
            onglets=self._onglets(qualites, wanted),
            bureaux=self._bureaux(),
            a_verifier=request.session.get("coordonnees_a_verifier", [])[:1],
            jour=jour,
        )

    def _onglets(self, qualites: set[str], wanted: str) -> list[tuple[str, str, bool]]:
        """Tabs by capacity, when there are several."""
        if len(qualites) < 2:
            return []
        tabs = [(_("Tous"), self.request.path, not wanted)]
        shown = [(value, label) for value, label in QualiteEspace.choices if value in qualites]
        return tabs + [
            (str(label), f"{self.request.path}?qualite={value}", value == wanted) for value, label in shown
        ]

    def _bureaux(self) -> list[Agence]:
        """The agences that this person works for."""
        wanted = [h.agence_id for h in self.actor.habilitations]
        return list(Agence.objects.filter(id__in=wanted).order_by("nom", "id")) if wanted else []


def appel_de(espaces: list[EspaceVu]) -> str:
    """Return how to greet a person whom several agences name: « Madame Lefèvre » rather than « Madame LEFEVRE »."""
    return next((e.appel for e in espaces if not e.appel.rpartition(" ")[2].isupper()), espaces[0].appel)


def by_id(espaces: list[EspaceVu]) -> dict[UUID, EspaceVu]:
    """Return the spaces by their id."""
    return {e.id: e for e in espaces}


def a_faire_de(espaces: list[EspaceVu], found: dict[UUID, Situation]) -> list[AFaire]:
    """Return what is due in all spaces, first due first; a compte shared by two spaces counts once."""
    rows = [AFaire(e, due) for e in espaces if e.id in found for due in found[e.id].dues]
    once = {row.due.id: row for row in reversed(rows)}
    return sorted(once.values(), key=lambda row: (row.due.exigible_le, row.espace.agence_nom, row.due.id))
