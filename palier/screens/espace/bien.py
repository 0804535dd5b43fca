"""The property of a space: lots and tantièmes for a co-owner, the lease for a tenant, mandates for a landlord."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.assemblees.enums import Majorite, ResultatResolution, StatutAssemblee, TypeAssemblee
from palier.assemblees.queries import assemblees
from palier.comptabilite.queries_copropriete import exercices
from palier.core.access import Gesture
from palier.patrimoine import queries
from palier.patrimoine.enums import FonctionConseil
from palier.screens.espace.base import EspacePage

TYPES_BAIL = {
    "habitation_nue": _("Location vide"),
    "habitation_meublee": _("Location meublée"),
    "mobilite": _("Bail mobilité"),
    "commercial": _("Bail commercial"),
    "professionnel": _("Bail professionnel"),
    "stationnement": _("Stationnement"),
}
TERMES = {"echoir": _("À échoir (payable d’avance)"), "echu": _("Échu (payable à la fin du mois)")}

STATUTS_EXERCICE = {
    "ouvert": _("En cours"),
    "clos": _("Clos, à approuver"),
    "approuve": _("Approuvé"),
}
MOTS = {
    "type": dict(TypeAssemblee.choices),
    "statut": dict(StatutAssemblee.choices),
    "resultat": dict(ResultatResolution.choices),
    "majorite": dict(Majorite.choices),
    "exercice": STATUTS_EXERCICE,
}


class Bien(EspacePage):
    """/e/<espace>/bien"""

    access = Gesture.ESPACE
    template = "espace/bien.html"
    titre = _("Bien")
    actif = "bien"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        espace = self.espace
        agence_id, compte_id = espace.agence_id, espace.compte_client_id
        owner = espace.qualite in ("coproprietaire", "conseil")
        bailleur = espace.qualite == "bailleur"
        place = (agence_id, compte_id, espace.copropriete_id)
        facts, contact = (
            queries.faits_et_contact(self.actor, *place)
            if owner
            else (None, queries.contact(self.actor, *place))
        )
        return self.render(
            copropriete=facts,
            assemblees=assemblees(self.actor, *place) if facts else [],
            exercices=exercices(self.actor, *place) if facts else [],
            mots=MOTS,
            lots=queries.lots_detenus(self.actor, agence_id, compte_id) if owner and compte_id else [],
            mandats=queries.mandats(self.actor, agence_id, compte_id) if bailleur and compte_id else [],
            baux=queries.baux(self.actor, agence_id, compte_id, bailleur=bailleur)
            if compte_id and not owner
            else [],
            contact=contact,
            fonctions=dict(FonctionConseil.choices),
            types_bail=TYPES_BAIL,
            termes=TERMES,
            jour=self.actor.today,
        )
