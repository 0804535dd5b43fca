"""``/g/<agence>/personnes``: find a person by name, e-mail, capacity, place or state of the access."""

from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.enums import EtatAcces, QualiteEspace
from palier.core.access import Gesture
from palier.screens.gestion.base import Desk, uuid_or_none
from palier.screens.gestion.queries.base import Row, as_json, decode_key
from palier.screens.gestion.queries.personnes import Filtre, places, search
from palier.screens.gestion.tableau import TONS

LONGUEST = 100  # characters of a search


class Personnes(Desk):
    """The list, a page by key."""

    access = Gesture.PERSONNE_READ
    template: ClassVar[str] = "gestion/personnes.html"
    titre = _("Personnes et accès")
    actif: ClassVar[str] = "personnes"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        filtre = self._filter(request)
        found = search(self.actor, filtre, decode_key(request.GET))
        kept = {name: request.GET[name] for name in ("q", "qualite", "etat", "lieu") if request.GET.get(name)}
        address = self.url("personnes")
        return self.render(
            personnes=found.rows,
            filtre=filtre,
            filtres_actifs=bool(kept),
            precedent=f"{address}?{urlencode({**kept, 'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({**kept, 'apres': found.suivant})}" if found.suivant else "",
            qualites=[("", _t("Toutes les qualités")), *QualiteEspace.choices],
            etats=[
                ("", _t("Tous les états")),
                *EtatAcces.choices,
                ("dormant", _t("Sans visite depuis six mois")),
            ],
            lieux=place_choices(places(self.actor)),
            libelles=dict(EtatAcces.choices),
            qualite_mots=dict(QualiteEspace.choices),
            tons=TONS,
            espaces_de=lambda row: as_json(row.espaces) or [],
        )

    def _filter(self, request: HttpRequest) -> Filtre:
        """Read the filters; one that is unknown is no filter."""
        etat, qualite = request.GET.get("etat", ""), request.GET.get("qualite", "")
        return Filtre(
            q=request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST],
            qualite=qualite if qualite in QualiteEspace.values else "",
            etat=etat if etat in {*EtatAcces.values, "dormant"} else "",
            lieu=uuid_or_none(request.GET.get("lieu", "")),
        )


def place_choices(found: list[Row]) -> list[tuple[str, str]]:
    """Return the places as the choices of a list."""
    return [
        ("", _t("Tous les immeubles")),
        *((str(row.id), row.libelle or _t("Immeuble sans adresse")) for row in found),
    ]
