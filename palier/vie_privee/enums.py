"""Closed lists of privacy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GenreTexte(models.TextChoices):
    """The legal texts of the portal, and the address where each is read."""

    CGU = "cgu", _("Conditions générales d’utilisation")
    CONFIDENTIALITE = "confidentialite", _("Politique de confidentialité")
    COOKIES = "cookies", _("Cookies")
    MENTIONS = "mentions", _("Mentions légales")
    ACCESSIBILITE = "accessibilite", _("Déclaration d’accessibilité")


class NatureAcceptation(models.TextChoices):
    """What the person did with a text: the CGU are a contract and are accepted; the others inform and are read."""

    ACCEPTE = "accepte", _("accepté")
    LU = "lu", _("lu")


class EffetInstruction(models.TextChoices):
    """What an instruction changes in the program by itself; the others are executed by the exploitant."""

    AUCUN = "aucun", _("À exécuter par l’exploitant")
    AVIS_SUSPENDUS = "avis_suspendus", _("Ne plus envoyer d’avis de nouveaux documents")
    TRANSFERT = "transfert", _("Autoriser un transfert hors de l’Union européenne")


class BaseCommunication(models.TextChoices):
    """On which ground account data may go to a third party (the seed's section 2)."""

    CONSENTEMENT = "consentement", _("Accord de la personne")
    LOI = "loi", _("Obligation légale ou décision de justice")
    SECURITE = "securite", _("Protection du portail et de ses utilisateurs")
    SERVICE = "service", _("Nécessaire à la fourniture du service")


class EtatCommunication(models.TextChoices):
    """Where a disclosure stands."""

    DEMANDEE = "demandee", _("Accord demandé")
    ACCORDEE = "accordee", _("Accord donné")
    REFUSEE = "refusee", _("Refusée")
    RETIREE = "retiree", _("Accord retiré")
    FAITE = "faite", _("Communiquée")


class GenreIncident(models.TextChoices):
    """What kind of event an incident is."""

    SIGNALEMENT = "signalement", _("Usage anormal signalé par une personne")
    ESSAIS = "essais", _("Essais de connexion répétés")
    RESEAUX = "reseaux", _("Connexions depuis des réseaux éloignés")
    TELECHARGEMENTS = "telechargements", _("Téléchargements en masse")
    HORS_PORTEFEUILLE = "hors_portefeuille", _("Lecture hors du portefeuille")
    PANNE = "panne", _("Panne")
    AUTRE = "autre", _("Autre")


class Gravite(models.TextChoices):
    """How bad for the persons (RGPD art. 33 and 34: a risk is told to the CNIL, a high one to the persons)."""

    FAIBLE = "faible", _("Sans risque pour les personnes")
    RISQUE = "risque", _("Risque pour les personnes")
    ELEVE = "eleve", _("Risque élevé pour les personnes")


class EtatIncident(models.TextChoices):
    """Where an incident stands."""

    A_EXAMINER = "a_examiner", _("À examiner")
    EN_COURS = "en_cours", _("En cours")
    CLOS = "clos", _("Clos")


class RaisonEffacement(models.TextChoices):
    """Why an account was erased."""

    DEMANDE = "demande", _("À la demande de la personne")
    INACTIVITE = "inactivite", _("Deux ans sans visite")
    SANS_ACCES = "sans_acces", _("Plus aucun accès après la fin d’un contrat")
    DECES = "deces", _("Directives après décès")


class DroitDemande(models.TextChoices):
    """A right of RGPD art. 15 to 21, or of loi 78-17 art. 85."""

    ACCES = "acces", _("Accès à mes données")
    PORTABILITE = "portabilite", _("Portabilité")
    RECTIFICATION = "rectification", _("Rectification")
    LIMITATION = "limitation", _("Limitation")
    OPPOSITION = "opposition", _("Opposition")
    EFFACEMENT = "effacement", _("Effacement")
    DECES = "deces", _("Données d’une personne décédée")
    AUTRE = "autre", _("Autre question sur mes données")


class EtatDemande(models.TextChoices):
    """Where a request stands."""

    RECUE = "recue", _("Reçue")
    IDENTITE = "identite", _("Preuve d’identité demandée")
    REPONDUE = "repondue", _("Répondue")
    REFUSEE = "refusee", _("Refusée, avec ses motifs")
    ANNULEE = "annulee", _("Retirée par la personne")


class GenreLimitation(models.TextChoices):
    """What is stopped: everything but keeping (art. 18), or notices and statistics (art. 21)."""

    LIMITATION = "limitation", _("Limitation (article 18)")
    OPPOSITION = "opposition", _("Opposition (article 21)")


class MotifLimitation(models.TextChoices):
    """The four cases of art. 18.1, and the particular situation of art. 21.1."""

    EXACTITUDE = "exactitude", _("Je conteste l’exactitude de ces données")
    ILLICITE = "illicite", _("Leur usage est illicite, mais je préfère qu’elles soient gardées")
    JUSTICE = "justice", _("J’en ai besoin pour défendre un droit en justice")
    OPPOSITION = "opposition", _("Je m’oppose à leur usage, et j’attends la réponse")
    SITUATION = "situation", _("Ma situation particulière : je ne veux ni avis ni statistiques")


class EtatExport(models.TextChoices):
    """Where a copy stands."""

    ATTENTE = "attente", _("En attente")
    EN_COURS = "en_cours", _("En préparation")
    PRET = "pret", _("Prêt")
    ECHEC = "echec", _("Échoué")
    EXPIRE = "expire", _("Expiré")


class SortDonnees(models.TextChoices):
    """What becomes of the account after a death."""

    EFFACER = "effacer", _("Effacer mon compte")
    TRANSMETTRE = "transmettre", _("Remettre une copie à la personne que je nomme, puis effacer mon compte")
