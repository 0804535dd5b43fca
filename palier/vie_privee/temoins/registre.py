"""Everything that the portal may store on a person's device, and why. A thing stored and not listed fails a test."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext_lazy as _


class Finalite(StrEnum):
    """Why something is stored. The first two cannot be refused: the service asked for would not work without them."""

    AUTHENTIFICATION = "authentification"
    SERVICE = "service"
    NAVIGATION = "navigation"
    AUDIENCE = "audience"


#: What a person chooses; nothing is taken for granted before he does.
CHOIX = (Finalite.NAVIGATION, Finalite.AUDIENCE)

#: Title and explanation of each purpose.
LIBELLES = {
    Finalite.AUTHENTIFICATION: (
        _("Vous reconnaître"),
        _("Tenir votre session ouverte et vérifier que les formulaires viennent de vous."),
    ),
    Finalite.SERVICE: (
        _("Vous rendre le service demandé"),
        _("Retenir la langue que vous choisissez et votre réponse à ces questions."),
    ),
    Finalite.NAVIGATION: (
        _("Faciliter la navigation"),
        _("Retenir vos réglages d’affichage sur cet appareil, d’une visite à l’autre."),
    ),
    Finalite.AUDIENCE: (
        _("Mesurer l’audience"),
        _(
            "Compter les pages vues, par jour et par sorte de page. Rien n’est déposé sur votre appareil et rien ne "
            "vous désigne ; vous pouvez tout de même refuser d’être compté."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Temoin:
    """Something stored on the device: a cookie, or an item of the browser's local storage."""

    nom: str
    finalite: Finalite
    role: object  # a lazy translation
    duree: object
    local: bool = False

    @property
    def necessaire(self) -> bool:
        """Whether the law exempts it from consent."""
        return self.finalite not in CHOIX


COOKIE_CHOIX = "temoins"
DUREE_CHOIX_JOURS = 182  # six months (CNIL recommendation, 17 September 2020)


def temoins() -> list[Temoin]:
    """Return the list, with the names that this installation really uses."""
    return [
        Temoin(settings.SESSION_COOKIE_NAME, Finalite.AUTHENTIFICATION, _("vous reconnaître pendant votre visite"),
               _("24 heures au plus, une heure sans rien faire")),
        Temoin(settings.CSRF_COOKIE_NAME, Finalite.AUTHENTIFICATION, _("vérifier qu’un formulaire vient bien de vous"), _("un an")),
        Temoin(settings.LANGUAGE_COOKIE_NAME, Finalite.SERVICE, _("la langue que vous avez choisie"), _("six mois")),
        Temoin(COOKIE_CHOIX, Finalite.SERVICE, _("votre choix sur cette page, et de quoi le prouver"), _("six mois")),
        Temoin("htmx-current-path-for-history", Finalite.SERVICE, _("l’adresse de la page, pour le bouton « précédent »"),
               _("jusqu’à la fermeture de l’onglet"), local=True),
        Temoin("palier.touches", Finalite.NAVIGATION, _("touches du clavier actives ou non, pour les équipes"),
               _("jusqu’à ce que vous l’effaciez"), local=True),
    ]  # fmt: skip
