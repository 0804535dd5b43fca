"""Closed lists of the exchanges room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatImport(models.TextChoices):
    """Where an import stands."""

    RECU = "recu", _("Reçu")
    EN_COURS = "en_cours", _("En cours")
    APPLIQUE = "applique", _("En ligne")
    PARTIEL = "partiel", _("En ligne, sauf des lignes à corriger")
    A_CONFIRMER = "a_confirmer", _("Attend votre confirmation")
    REFUSE = "refuse", _("Refusé")
    DEJA_APPLIQUE = "deja_applique", _("Déjà en ligne")
    PERIME = "perime", _("Plus ancien que les données en ligne")
    ABANDONNE = "abandonne", _("Abandonné")
    VERIFIE = "verifie", _("Vérifié, non mis en ligne")
    ANNULE = "annule", _("Annulé : l’état précédent est revenu")


class Voie(models.TextChoices):
    """By which way a file came in."""

    MAIN = "main", _("À la main")
    API = "api", _("API")
    DOSSIER_SURVEILLE = "dossier_surveille", _("Dossier surveillé")
    COMMANDE = "commande", _("Ligne de commande")
