"""Closed lists of the general meetings. Values are those of the dossier format."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TypeAssemblee(models.TextChoices):
    """What a meeting is (D67 art. 7 and 8)."""

    ORDINAIRE = "ordinaire", _("Assemblée générale")
    EXTRAORDINAIRE = "extraordinaire", _("Assemblée générale extraordinaire")
    SPECIALE = "speciale", _("Assemblée spéciale")


class StatutAssemblee(models.TextChoices):
    """Where a meeting stands."""

    PREVUE = "prevue", _("Prévue")
    CONVOQUEE = "convoquee", _("Convoquée")
    TENUE = "tenue", _("Tenue")
    ANNULEE = "annulee", _("Annulée")


class ResultatResolution(models.TextChoices):
    """What became of a resolution."""

    ADOPTEE = "adoptee", _("Adoptée")
    REJETEE = "rejetee", _("Rejetée")
    SANS_VOTE = "sans_vote", _("Sans vote")
    REPORTEE = "reportee", _("Reportée")


class Majorite(models.TextChoices):
    """The majorities of the law of 1965, as back-offices write them; others are shown as they come."""

    ART24 = "art24", _("Article 24 : majorité des voix exprimées")
    ART25 = "art25", _("Article 25 : majorité de toutes les voix")
    ART25_1 = "art25-1", _("Article 25-1 : second vote")
    ART26 = "art26", _("Article 26 : double majorité")
    ART26_1 = "art26-1", _("Article 26-1 : second vote")
    UNANIMITE = "unanimite", _("Unanimité")
