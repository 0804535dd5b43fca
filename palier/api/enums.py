"""Closed lists of the API's room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Portee(models.TextChoices):
    """What a key may do."""

    IMPORTS_ECRIRE = "imports:ecrire", _("Envoyer des imports")
    IMPORTS_LIRE = "imports:lire", _("Lire l’état et le rapport des imports")
    DOCUMENTS_ECRIRE = "documents:ecrire", _("Envoyer des documents")
    RETOURS_LIRE = "retours:lire", _("Lire le fichier de retour")


class EtatEnvoi(models.TextChoices):
    """Where a sending stands, until an import takes over."""

    CONSTRUCTION = "construction", _("En construction")
    PREPARATION = "preparation", _("Reçu")
    CONFIE = "confie", _("Confié à l’import")
    ABANDONNE = "abandonne", _("Abandonné")
    EXPIRE = "expire", _("Expiré")


class GenreEnvoi(models.TextChoices):
    """How the content comes."""

    ZIP = "zip", _("Dossier zip")
    TABLES = "tables", _("Tables par morceaux")
    EXPORT = "export", _("Export lu par un profil calibré")


class EtatLivraison(models.TextChoices):
    """Where a webhook's delivery stands."""

    EN_ATTENTE = "en_attente", _("En attente")
    LIVREE = "livree", _("Livrée")
    ECHOUEE = "echouee", _("Échouée")
