"""Closed lists of the accounts, with the words of the trade. Values are those of the dossier format."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TypeEcheance(models.TextChoices):
    """What an échéance is."""

    APPEL_PROVISION = "appel_provision", _("Appel de fonds")
    APPEL_TRAVAUX = "appel_travaux", _("Appel de travaux")
    FONDS_TRAVAUX = "fonds_travaux", _("Fonds de travaux")
    AVANCE = "avance", _("Avance")
    REGULARISATION = "regularisation", _("Régularisation de charges")
    AVIS_ECHEANCE = "avis_echeance", _("Avis d’échéance")
    QUITTANCE = "quittance", _("Quittance")
    RECU = "recu", pgettext_lazy("pièce", "Reçu")
    CRG = "crg", _("Compte rendu de gérance")
    FRAIS = "frais", _("Frais")
    DEPOT_GARANTIE = "depot_garantie", _("Dépôt de garantie")


class NatureLigne(models.TextChoices):
    """What a line of an échéance pays for, when no distribution key says it."""

    LOYER = "loyer", _("Loyers")
    CHARGES = "charges", _("Charges")
    PROVISION = "provision", _("Provisions")
    TRAVAUX = "travaux", _("Travaux")
    FONDS_TRAVAUX = "fonds_travaux", _("Fonds de travaux")
    TAXE = "taxe", _("Taxes")
    HONORAIRES = "honoraires", _("Honoraires")
    DEPOT = "depot", _("Dépôt de garantie")
    AIDE_LOGEMENT = "aide_logement", _("Aide au logement")
    AUTRE = "autre", _("Autres")


class ModeReglement(models.TextChoices):
    """How the client pays, as the back-office says it."""

    PRELEVEMENT = "prelevement", _("Prélèvement")
    VIREMENT = "virement", _("Virement")
    CHEQUE = "cheque", _("Chèque")
    CARTE = "carte", _("Carte bancaire")
    ESPECES = "especes", _("Espèces")
    TIP = "tip", _("TIP")
