"""Closed lists of privacy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GenreTexte(models.TextChoices):
    """The legal texts of the portal, and the address where each is read."""

    CGU = "cgu", _("Conditions générales d’utilisation")
    CONFIDENTIALITE = "confidentialite", _("Politique de confidentialité")
    COOKIES = "cookies", _("Cookies")
    MENTIONS = "mentions", _("Mentions légales")
    ACCESSIBILITE = "accessibilite", _("Déclaration d’accessibilité")


class NatureAcceptation(models.TextChoices):
    """What the person did with a text: the CGU are a contract and are accepted; the others inform and are read."""

    ACCEPTE = "accepte", _("accepté")
    LU = "lu", _("lu")
