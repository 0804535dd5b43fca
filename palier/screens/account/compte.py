"""« Mon compte »: the hub of the one personal account."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.dates import date_simple
from palier.core.screens import Screen
from palier.screens.shared.bases import espaces_of
from palier.vie_privee.enums import NatureAcceptation
from palier.vie_privee.models import Acceptation


def adresse(nom: str) -> str:
    """Return the path of a page of another flat, empty when this installation does not serve it."""
    try:
        return reverse(nom)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Acceptee:
    """A version of a legal text that the person accepted or read."""

    genre: str
    titre: str
    version: str
    nature: str
    le: datetime

    @property
    def detail(self) -> str:
        """Which version, accepted or read, and when."""
        accepted = self.nature == NatureAcceptation.ACCEPTE
        words = (
            _("Version %(version)s, acceptée le %(date)s")
            if accepted
            else _("Version %(version)s, lue le %(date)s")
        )
        return words % {
            "version": self.version,
            "date": date_simple(self.le, get_language() or "fr"),
        }


def acceptees(actor: Actor) -> list[Acceptee]:
    """Return what the person accepted, the newest first."""
    if actor.account_id is None:
        return []
    rows = Acceptation.objects.filter(account_id=actor.account_id).order_by("-le", "id")
    return [
        Acceptee(*row)
        for row in rows.values_list("texte__genre", "texte__titre", "texte__version", "nature", "le")[:50]
    ]


class MonCompte(Screen):
    """/mon-compte"""

    access = Gesture.ACCOUNT
    template = "account/compte.html"
    titre = gettext_lazy("Mon compte")
    actif = "compte"

    def prepare(self) -> None:
        self.page.espaces = espaces_of(self.actor)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        pages = [
            (_("Adresse e-mail"), "account_email", _("Celle avec laquelle vous vous connectez"), "courriel"),
            (
                _("Mot de passe"),
                "account_change_password",
                _("Le changer ferme vos autres sessions"),
                "cadenas",
            ),
            (
                _("Sessions ouvertes"),
                "usersessions_list",
                _("Les appareils connectés à votre compte"),
                "horloge",
            ),
            (
                _("Nouveaux documents"),
                "mes_avis",
                _("Être prévenu par e-mail, ou ne plus l’être"),
                "courriel",
            ),
            (
                _("Mes données et mes droits"),
                "mes_droits",
                _("Copie, correction, limitation, opposition, suppression, après le décès"),
                "cadenas",
            ),
            (
                _("Qui a consulté mes données"),
                "consultations",
                _("Votre agence ou l’assistance, jour après jour"),
                "oeil",
            ),
            (
                _("Signaler un usage anormal"),
                "signaler",
                _("Tout fermer et prévenir, en deux gestes"),
                "attention",
            ),
            (
                _("Supprimer mon compte"),
                "supprimer_compte",
                _("Avec quatorze jours pour changer d’avis"),
                "fermer",
            ),
            (
                _("Communications à des tiers"),
                "communications",
                _("Ce que vous avez accepté, et ce que la loi impose"),
                "echange",
            ),
            (_("Mes accès"), "mes_acces", _("Ajouter un accès, partager votre adresse e-mail"), "cle"),
        ]
        return self.render(
            pages=[(mots, adresse(nom), detail, icone) for mots, nom, detail, icone in pages if adresse(nom)],
            acceptations=acceptees(self.actor),
        )
