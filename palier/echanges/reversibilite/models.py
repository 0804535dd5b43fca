"""A file prepared for the agence to take its data back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palier.core.models import TenantModel


class GenreRemise(models.TextChoices):
    """What is handed over."""

    DOSSIER = "dossier", _("Toutes les données")
    COPROPRIETE = "copropriete", _("Archive d’une copropriété")


class EtatRemise(models.TextChoices):
    """Where its preparation stands."""

    ATTENTE = "attente", _("En préparation")
    PRETE = "prete", _("Prête")
    ECHEC = "echec", _("Échec")


class Remise(TenantModel):
    """One zip in the vault, under the agence's key. A new one of the same kind takes the place of the former."""

    genre = models.CharField(max_length=12, choices=GenreRemise.choices)
    copropriete_id = models.UUIDField(null=True)
    etat = models.CharField(max_length=8, choices=EtatRemise.choices, default=EtatRemise.ATTENTE)
    nom_fichier = models.TextField(blank=True, default="")
    demande_le = models.DateTimeField()
    demande_par = models.UUIDField(null=True)
    prete_le = models.DateTimeField(null=True)
    adresse = models.CharField(max_length=64, blank=True, default="")
    octets = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    contenu = models.JSONField(
        default=dict, help_text="counts: tables, lignes, documents, retours, manquants"
    )
