"""The retention table. One rule for each kind of data; every personal field of every model is in one (a test proves it).

``confiance`` is that of domain/law.md: a figure that is not H is configurable by the setting named in the rule.
"""

from dataclasses import dataclass
from typing import Literal

Responsable = Literal["exploitant", "agence"]


@dataclass(frozen=True, slots=True)
class Regle:
    """What is kept, by whom, for how long, from when, by which text; ``executeur`` names what ends it."""

    cle: str
    donnees: str
    #: ``app.Model`` or ``app.Model.field``; « app.* » for a whole room.
    champs: tuple[str, ...]
    responsable: Responsable
    finalite: str
    base: str
    duree: str
    declencheur: str
    article: str
    confiance: str
    executeur: str
    #: What the agence keeps for itself, whatever becomes of the account (RGPD art. 17.3.b).
    par_la_loi: bool = False


_CONTRAT = "fin du contrat de l’agence avec l’exploitant"
_SEPT = "sept jours"
_ART28 = "RGPD art. 28.3.g ; contrat"

REGLES: tuple[Regle, ...] = (
    Regle("compte", "Adresse e-mail, empreinte du mot de passe, langue, dates de visite", ("accounts.Account", "account.EmailAddress"),
          "exploitant", "ouvrir et protéger le compte", "contrat (CGU)", "vie du compte ; deux ans sans visite au plus",
          "suppression demandée, ou dernière visite", "RGPD art. 5.1.e ; CNIL, 18 septembre 2025", "H", "comptes_inactifs"),
    Regle("suppression", "Demande de suppression du compte et avertissements d’inactivité",
          ("vie_privee.SuppressionDemandee", "vie_privee.AvertissementInactivite"), "exploitant", "laisser le temps de changer d’avis",
          "droit à l’effacement", "quatorze jours ; trente jours", "demande ; avertissement", "RGPD art. 12.3 et 17", "H", "suppressions"),
    Regle("sessions", "Appareils connectés : adresse IP, navigateur, dates", ("usersessions.UserSession", "sessions.Session"),
          "exploitant", "sécurité du compte", "intérêt légitime", "vingt-quatre heures, une heure sans rien faire", "connexion",
          "RGPD art. 32", "H", "sessions"),
    Regle("jetons", "Liens de confirmation d’adresse", ("account.EmailConfirmation",), "exploitant", "prouver une adresse",
          "contrat (CGU)", "trois jours", "envoi", "RGPD art. 32", "H", "sessions"),
    Regle("compteurs", "Essais de connexion et de codes, sans adresse", ("core.Compteur",), "exploitant", "freiner les essais",
          "intérêt légitime", "un jour après la fenêtre", "essai", "RGPD art. 32", "H", "menage_courrier"),
    Regle("activation", "Activation non terminée : adresse et empreinte du mot de passe", ("acces.Activation",), "exploitant",
          "créer le compte", "mesures précontractuelles", "vingt-quatre heures", "début de l’activation", "RGPD art. 6.1.b", "H",
          "menage_courrier"),
    Regle("courriels", "Journal des e-mails, sans leur texte", ("courrier.Envoi",), "exploitant", "savoir s’ils sont partis",
          "intérêt légitime", "douze mois", "envoi", "CNIL, délibération 2021-122", "H", "menage_courrier"),
    Regle("preferences", "Préférences d’envoi", ("courrier.Preference",), "exploitant", "respecter le choix", "contrat (CGU)",
          "vie du compte", "suppression du compte", "RGPD art. 5.1.e", "H", "suppressions"),
    Regle("journal", "Journal des actes", ("core.Journal",), "exploitant", "sécurité ; dire qui a consulté", "intérêt légitime",
          "douze mois", "acte", "CNIL, délibération 2021-122 (six à douze mois)", "H", "journal"),
    Regle("preuves", "Textes acceptés ou lus", ("vie_privee.Acceptation",), "exploitant", "prouver l’accord", "obligation légale",
          "cinq ans", "acceptation", "C. civ. art. 2224 (prescription)", "M", "preuves"),
    Regle("demandes", "Demandes sur les données et leurs réponses ; limitations et oppositions",
          ("vie_privee.DemandeCompte", "vie_privee.DemandeAgence", "vie_privee.Limitation", "vie_privee.LimitationCompte"),
          "exploitant", "répondre et le prouver", "obligation légale", "cinq ans", "réponse ; fin de la limitation",
          "RGPD art. 5.2 et 12 ; C. civ. art. 2224", "M", "demandes"),
    Regle("copies", "Copies des données demandées par les personnes", ("vie_privee.ExportDonnees",), "exploitant",
          "remettre la copie", "droit d’accès et à la portabilité", "sept jours", "copie prête", "RGPD art. 15 et 20", "H", "copies"),
    Regle("directives", "Directives après décès", ("vie_privee.Directive",), "exploitant", "les exécuter le moment venu",
          "consentement", "vie du compte ; cinq ans après exécution ou retrait", "retrait ; décès", "loi 78-17 art. 85", "H",
          "demandes"),
    Regle("temoins", "Choix de cookies, sans identité", ("vie_privee.ChoixTemoins",), "exploitant", "prouver le choix",
          "obligation légale", "un an", "choix", "loi 78-17 art. 82 ; CNIL, 17 septembre 2020", "H", "menage_vie_privee"),
    Regle("audience", "Nombres de pages vues, sans identité", ("vie_privee.Audience", "vie_privee.AudienceAgence"), "exploitant",
          "mesurer l’audience", "intérêt légitime", "vingt-cinq mois", "jour compté", "CNIL, exemption de la mesure d’audience", "H",
          "menage_vie_privee"),
    Regle("incidents", "Incidents et violations", ("vie_privee.Incident", "vie_privee.EtatPublic"), "exploitant",
          "tenir le registre", "obligation légale", "cinq ans", "clôture", "RGPD art. 33.5", "M", "preuves"),
    Regle("communications", "Communications de données de compte à des tiers", ("vie_privee.Communication",), "exploitant",
          "tenir le registre", "obligation légale", "cinq ans", "communication", "RGPD art. 5.2", "M", "preuves"),
    Regle("effaces", "Empreintes des comptes supprimés, sans identité", ("vie_privee.CompteEfface",), "exploitant",
          "rejouer l’effacement après une restauration", "obligation légale", "durée des sauvegardes", "effacement",
          "RGPD art. 17", "M", "preuves"),
    Regle("contrats", "Contrats des agences, leurs équipes, instructions, assistance", (
          "agences.Agence", "agences.CleAgence", "agences.Habilitation", "agences.InvitationEquipe", "agences.RestrictionAgence",
          "agences.FinContrat", "agences.Logo", "agences.PointContact", "vie_privee.Instruction",
          "vie_privee.Opposition", "vie_privee.Obligation", "vie_privee.Assistance", "vie_privee.NoticeAgence",
          "vie_privee.IncidentAgence", "vie_privee.IncidentPersonne"), "exploitant", "exécuter le contrat", "contrat", _SEPT, _CONTRAT,
          _ART28, "H", "contrat"),
    Regle("acces", "Accès, codes, droits et espaces", ("acces.Acces", "acces.CodeAcces", "acces.CodeIndex", "acces.Espace",
          "acces.Droit", "acces.Cercle"), "agence", "ouvrir les espaces", "instruction de l’agence", _SEPT, _CONTRAT, _ART28, "H",
          "contrat"),
    Regle("patrimoine", "Identité, coordonnées, lots, mandats et baux", ("patrimoine.*",), "agence", "gérer la copropriété ou le bien",
          "mission du syndic ; mandat ; bail", _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("comptes_clients", "Comptes, échéances et écritures", ("comptabilite.*",), "agence", "tenir les comptes",
          "obligation légale de l’agence", _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("assemblees", "Assemblées et résolutions", ("assemblees.*",), "agence", "informer les copropriétaires",
          "obligation légale de l’agence", _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("documents", "Documents et leur lecture", ("ged.*",), "agence", "mettre à disposition", "instruction de l’agence", _SEPT,
          _CONTRAT, _ART28, "H", "contrat"),
    Regle("avis", "Avis de nouveaux documents", ("courrier.Avis",), "agence", "prévenir", "instruction de l’agence", _SEPT, _CONTRAT,
          _ART28, "H", "contrat"),
    Regle("retours", "Coordonnées proposées, accords, justificatifs", ("retours.*",), "agence", "transmettre à l’agence",
          "instruction de l’agence ; consentement", _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("versions", "Versions antérieures des lignes importées", ("echanges.Version", "echanges.Changement", "echanges.Annulation"),
          "agence", "revenir en arrière", "instruction de l’agence", "quatre-vingt-dix jours", "import", "contrat", "H", "versions"),
    Regle("imports", "Imports, rapports aux valeurs masquées, fichiers reçus (effacés en fin d’import)", ("echanges.*", "api.*"),
          "agence", "mettre en ligne", "instruction de l’agence", _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("pieces_syndicat", "Pièces comptables d’un syndicat, chez l’agence", (), "agence", "tenir les comptes",
          "obligation légale", "dix ans", "clôture de l’exercice", "décret 2005-240 art. 6 ; RGPD art. 17.3.b", "M", "agence",
          par_la_loi=True),
    Regle("archives_syndicat", "Procès-verbaux, feuilles de présence, contrats du syndicat, chez l’agence", (), "agence",
          "garder les archives du syndicat", "obligation légale", "tant que l’agence est syndic, puis remise au suivant",
          "fin du mandat", "loi du 10 juillet 1965 art. 18 et 18-2", "M", "agence", par_la_loi=True),
    Regle("bail", "Bail, quittances et comptes du locataire, chez l’agence", (), "agence", "répondre d’une réclamation",
          "obligation légale", "trois ans", "fin du bail", "loi 89-462 art. 7-1", "M", "agence", par_la_loi=True),
    Regle("registre_mandats", "Registre des mandats et mandats, chez l’agence", (), "agence", "tenir le registre",
          "obligation légale", "dix ans", "fin du mandat", "décret 72-678 art. 51 et suivants", "L", "agence", par_la_loi=True),
)  # fmt: skip

#: Models that hold nothing about a person, each with its reason. The test reads this list.
SANS_PERSONNE: dict[str, str] = {
    "agences.CertificatEffacement": "preuve d’un effacement : des nombres et des empreintes",
    "core.Battement": "signe de vie du travailleur",
    "vie_privee.TexteLegal": "texte public",
    "vie_privee.BrouillonTexte": "texte en cours d’écriture",
    "vie_privee.SousTraitant": "liste publique de prestataires",
    "vie_privee.ExecutionRegle": "preuve d’exécution, sans identité",
    "auth.Group": "inutilisé",
    "auth.Permission": "inutilisé",
    "contenttypes.ContentType": "technique",
    "procrastinate.ProcrastinateJob": "file d’attente : charges scellées, effacées une fois servies",
    "procrastinate.ProcrastinateEvent": "file d’attente",
    "procrastinate.ProcrastinateWorker": "file d’attente",
    "procrastinate.ProcrastinatePeriodicDefer": "file d’attente",
}


def rule_of(app: str, model: str, field: str) -> Regle | None:
    """Return the first rule that covers a field."""
    wanted = (f"{app}.{model}.{field}", f"{app}.{model}", f"{app}.*")
    for name in wanted:
        for regle in REGLES:
            if name in regle.champs:
                return regle
    return None


def kept_by_law() -> list[Regle]:
    """Return what the agences keep by law, whatever becomes of an account."""
    return [regle for regle in REGLES if regle.par_la_loi]
