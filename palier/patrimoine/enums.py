"""Closed lists of the patrimoine: who holds what, and under which title. Values are those of the dossier format."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleCompte(models.TextChoices):
    """The capacity of a compte client: one person-capacity is one ledger account."""

    COPROPRIETAIRE = "coproprietaire", _("Copropriétaire")
    BAILLEUR = "bailleur", _("Propriétaire bailleur")
    LOCATAIRE = "locataire", _("Locataire")


class QualiteTitulaire(models.TextChoices):
    """Why a tiers stands on a compte client."""

    TITULAIRE = "titulaire", _("Titulaire")
    COTITULAIRE = "cotitulaire", _("Cotitulaire")
    INDIVISAIRE = "indivisaire", _("Indivisaire")
    USUFRUITIER = "usufruitier", _("Usufruitier")
    NU_PROPRIETAIRE = "nu_proprietaire", _("Nu-propriétaire")
    REPRESENTANT = "representant", _("Représentant")
    GARANT = "garant", _("Garant")


class FonctionConseil(models.TextChoices):
    """A function in a conseil syndical (loi 65-557 art. 21)."""

    PRESIDENT = "president", _("Président du conseil syndical")
    MEMBRE = "membre", _("Membre du conseil syndical")
    SUPPLEANT = "suppleant", _("Membre suppléant du conseil syndical")
