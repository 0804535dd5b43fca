"""Calibrations: the draft that a person works on, and the versions that convert an agence's exports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from palier.core.models import TenantModel


class StatutProfil(models.TextChoices):
    """Whether a calibrated profile has read a real export of this agence."""

    GABARIT = "gabarit", _("Gabarit")
    VERIFIE = "verifie_export_reel", _("Vérifié sur un export réel de cette agence")


class Calibrage(TenantModel):
    """A draft. Its choices and files are encrypted in the vault: ``depots`` lists what to erase with it."""

    connecteur = models.CharField(max_length=20)
    nom = models.CharField(max_length=80)
    plan = models.TextField(help_text="address in the vault of the choices made so far")
    plan_octets = models.BigIntegerField(default=0)
    depots = models.JSONField(default=list, help_text="[address, plain size] of each file received")
    cree_le = models.DateTimeField()
    modifie_le = models.DateTimeField()
    auteur = models.UUIDField(null=True)


class ProfilCalibre(TenantModel):
    """A version of an agence's calibration. The last one that is not ``retire_le`` converts its exports."""

    connecteur = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    nom = models.CharField(max_length=80)
    version = models.IntegerField()
    texte = models.TextField(help_text="the profile, YAML")
    signatures = models.JSONField(default=dict, help_text="header signature of each source")
    statut = models.CharField(max_length=30, choices=StatutProfil.choices, default=StatutProfil.GABARIT)
    echantillon = models.BinaryField(help_text="zip of anonymised files: the input of its test")
    attendu = models.JSONField(default=dict, help_text="rows of each table that its test must give")
    partage = models.BooleanField(default=False, help_text="offered to the other agences of the portal")
    origine = models.CharField(max_length=120, blank=True, default="", help_text="agence it was taken from")
    auteur = models.UUIDField(null=True)
    cree_le = models.DateTimeField()
    verifie_le = models.DateTimeField(null=True)
    utilise_le = models.DateTimeField(null=True)
    retire_le = models.DateTimeField(null=True)
