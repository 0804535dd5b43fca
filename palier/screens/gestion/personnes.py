"""``/g/<agence>/personnes``: find a person by name, e-mail, capacity, place or state of the access."""

from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.enums import EtatAcces, QualiteEspace
from palier.core.access import Gesture
from palier.screens.gestion.base import Desk
from palier.screens.gestion.lieux import LONGUEST, Lieux, places_asked
from palier.screens.gestion.queries.base import Slice, as_json, decode_key
from palier.screens.gestion.queries.personnes import Filtre, search
from palier.screens.gestion.tableau import TONS


class Personnes(Desk):
    """The list, a page by key."""

    access = Gesture.PERSONNE_READ
    template: ClassVar[str] = "gestion/personnes.html"
    titre = _("Personnes et accès")
    actif: ClassVar[str] = "personnes"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        lieux = places_asked(self.actor, request.GET)
        filtre = self._filter(request, lieux)
        found = Slice(()) if lieux.a_choisir else search(self.actor, filtre, decode_key(request.GET))
        kept = {name: request.GET[name] for name in ("q", "qualite", "etat") if request.GET.get(name)}
        kept |= {"lieu": str(filtre.lieu)} if filtre.lieu else {}
        address = self.url("personnes")
        return self.render(
            personnes=found.rows,
            filtre=filtre,
            filtres_actifs=bool(kept) or lieux.a_choisir,
            precedent=f"{address}?{urlencode({**kept, 'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({**kept, 'apres': found.suivant})}" if found.suivant else "",
            qualites=[("", _t("Toutes les qualités")), *QualiteEspace.choices],
            etats=[
                ("", _t("Tous les états")),
                *EtatAcces.choices,
                ("dormant", _t("Sans visite depuis six mois")),
            ],
            lieux=lieux,
            libelles=dict(EtatAcces.choices),
            qualite_mots=dict(QualiteEspace.choices),
            tons=TONS,
            espaces_de=lambda row: as_json(row.espaces) or [],
        )

    def _filter(self, request: HttpRequest, lieux: Lieux) -> Filtre:
        """Read the filters; one that is unknown is no filter."""
        etat, qualite = request.GET.get("etat", ""), request.GET.get("qualite", "")
        return Filtre(
            q=request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST],
            qualite=qualite if qualite in QualiteEspace.values else "",
            etat=etat if etat in {*EtatAcces.values, "dormant"} else "",
            lieu=lieux.choisi,
        )
