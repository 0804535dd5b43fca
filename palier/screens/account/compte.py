"""« Mon compte »: the hub of the one personal account."""

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.shared.bases import espaces_of


def adresse(nom: str) -> str:
    """Return the path of a page of another flat, empty when this installation does not serve it."""
    try:
        return reverse(nom)
    except NoReverseMatch:
        return ""


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
            (_("Mot de passe"), "account_change_password", _("Le changer ferme vos autres sessions"), "cadenas"),
            (_("Sessions ouvertes"), "usersessions_list", _("Les appareils connectés à votre compte"), "horloge"),
            (_("Mes accès"), "mes_acces", _("Ajouter un accès, partager votre adresse e-mail"), "cle"),
        ]
        textes = [
            (_("Conditions d’utilisation"), "cgu", "", "journal"),
            (_("Politique de confidentialité"), "confidentialite", "", "journal"),
        ]
        return self.render(
            pages=[(mots, adresse(nom), detail, icone) for mots, nom, detail, icone in pages if adresse(nom)],
            textes=[(mots, adresse(nom), detail, icone) for mots, nom, detail, icone in textes if adresse(nom)],
        )
