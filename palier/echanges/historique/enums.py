"""Closed lists of the history of imports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatAnnulation(models.TextChoices):
    """Where the rollback of an import stands."""

    DEMANDEE = "demandee", _("En cours")
    FAITE = "faite", _("Faite")
    REFUSEE = "refusee", _("Refusée")


class Operation(models.TextChoices):
    """What an import did to a row."""

    AJOUTE = "ajoute", _("Ajoutée")
    MODIFIE = "modifie", _("Modifiée")
    ARCHIVE = "archive", _("Archivée")
