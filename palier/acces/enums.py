"""Closed lists of the accès room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GenreCercle(models.TextChoices):
    """To whom a published row is addressed (house.md, the one idea)."""

    COPROPRIETAIRES = "coproprietaires", _("Les copropriétaires")
    CONSEIL = "conseil", _("Le conseil syndical")
    COMPTE = "compte", _("Vous seul")
    BAIL = "bail", _("Les titulaires du bail")
    MANDAT = "mandat", _("Le mandant")
    OCCUPANTS = "occupants", _("Les occupants de l'immeuble")
    INTERNE = "interne", _("L'agence seule")


PERSONNELS = frozenset({GenreCercle.COMPTE, GenreCercle.BAIL, GenreCercle.MANDAT})


class QualiteEspace(models.TextChoices):
    """The capacity in which a person enters a space."""

    COPROPRIETAIRE = "coproprietaire", _("Copropriétaire")
    BAILLEUR = "bailleur", _("Propriétaire bailleur")
    LOCATAIRE = "locataire", _("Locataire")
    CONSEIL = "conseil", _("Conseil syndical")


class EtatAcces(models.TextChoices):
    """Where an accès stands, as the agence's staff sees it."""

    NON_EMIS = "non_emis", _("Code non émis")
    EMIS = "emis", _("Code émis")
    EXPIRE = "expire", _("Code expiré")
    RATTACHE = "rattache", _("Rattaché")
    REVOQUE = "revoque", _("Code révoqué")
