"""Closed lists of what goes back to the agence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatRetour(models.TextChoices):
    """Where a thing that goes back to the agence stands."""

    DEMANDE = "demande", _("À transmettre")
    TRANSMIS = "transmis", _("Transmis")
    ACQUITTE = "acquitte", _("Reçu par l’agence")
    APPLIQUE = "applique", _("Appliqué")
    REFUSE = "refuse", _("Refusé")
    ANNULE = "annule", _("Annulé")
    REMPLACE = "remplace", _("Remplacé")


#: Neither closed nor refused: what an import may still bring, what the staff may still refuse.
OUVERTS = (EtatRetour.DEMANDE, EtatRetour.TRANSMIS, EtatRetour.ACQUITTE)


class Rubrique(models.TextChoices):
    """What a change of contact details is about."""

    ADRESSE = "adresse", _("Adresse postale")
    MOBILE = "telephone_mobile", _("Téléphone mobile")
    FIXE = "telephone_fixe", _("Téléphone fixe")
    EMAIL = "email", _("Adresse e-mail")


class NatureChangement(models.TextChoices):
    """Asked by the person, or following from the e-mail of his account that he shares or no longer shares."""

    CHANGEMENT = "changement", _("Changement demandé")
    PARTAGE = "partage", _("Adresse e-mail du compte partagée")
    RETRAIT = "retrait", _("Adresse e-mail du compte reprise")


class GenreConsentement(models.TextChoices):
    """What a person may accept to receive by electronic means; the texts are in ``rules.consentements``."""

    QUITTANCE = "quittance", _("Quittances de loyer")
    APPEL_DE_FONDS = "appel_de_fonds", _("Appels de fonds")
    NOTIFICATION = "notification", _("Convocations et notifications de la copropriété")
    ANNEXES = "annexes", _("Annexes des convocations")
    COMPTE_RENDU = "compte_rendu", _("Comptes rendus de gérance")


class SensConsentement(models.TextChoices):
    """Given or withdrawn."""

    DONNE = "donne", _("Accord donné")
    RETIRE = "retire", _("Accord retiré")


class GenreJustificatif(models.TextChoices):
    """What a proof proves."""

    ASSURANCE = "assurance_habitation", _("Attestation d’assurance habitation")


class MoyenAcquittement(models.TextChoices):
    """How the agence said that a return reached its software."""

    MAIN = "main", _("à la main")
    COMMANDE = "commande", _("par la commande")
    API = "api", _("par l’API")
    IMPORT = "import", _("par l’import qui l’a repris")
