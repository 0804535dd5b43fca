"""Closed lists of the mail room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatAvis(models.TextChoices):
    """Where a notice stands."""

    ATTENTE = "attente", _("En attente")
    PARTI = "parti", _("Parti")
    ARRETE = "arrete", _("Arrêté : l’import a été annulé")
    SANS_OBJET = "sans_objet", _("Sans objet")
