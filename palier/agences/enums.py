"""Closed lists of the agences' room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleEquipe(models.TextChoices):
    """What a member of an agence's staff may do."""

    GESTIONNAIRE = "gestionnaire", _("Gestionnaire")
    ADMINISTRATEUR = "administrateur", _("Administrateur")


class StatutAgence(models.TextChoices):
    """Where an agence stands in its contract with the portal."""

    ACTIVE = "active", _("Active")
    SUSPENDUE = "suspendue", _("Suspendue")
    TERMINEE = "terminee", _("Terminée")


class GenreRestriction(models.TextChoices):
    """What an agence keeps closed, whatever the contract allows."""

    QUALITE = "qualite", _("Qualité de client")
    FONCTION = "fonction", _("Fonction")
    COPROPRIETE = "copropriete", _("Copropriété")


class FonctionPortail(models.TextChoices):
    """The features that an agence may keep closed to its clients."""

    DOCUMENTS = "documents", _("Documents")
    COMPTES = "comptes", _("Comptes et échéances")
    AVIS = "avis", _("E-mails de nouveaux documents")
    # A right of correction stays open beside it (RGPD art. 16), and so does the choice of electronic letters.
    COORDONNEES = "coordonnees", _("Changement de coordonnées par le client")
    JUSTIFICATIFS = "justificatifs", _("Envoi d’attestations par le client")
