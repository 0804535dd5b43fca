"""The retention table. One rule for each kind of data; every personal field of every model is in one (a test proves it).

``confiance`` is that of domain/law.md: a figure that is not H is configurable by the setting named in the rule.
Read in French and in English; the texts of law are quoted as they are.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Texte

Responsable = Literal["exploitant", "agence"]


@dataclass(frozen=True, slots=True)
class Regle:
    """What is kept, by whom, for how long, from when, by which text; ``executeur`` names what ends it."""

    cle: str
    donnees: "Texte"
    #: ``app.Model`` or ``app.Model.field``; « app.* » for a whole room.
    champs: tuple[str, ...]
    responsable: Responsable
    finalite: "Texte"
    base: "Texte"
    duree: "Texte"
    declencheur: "Texte"
    article: str
    confiance: str
    executeur: str
    #: What the agence keeps for itself, whatever becomes of the account (RGPD art. 17.3.b).
    par_la_loi: bool = False


_CONTRAT = _("fin du contrat de l’agence avec l’exploitant")
_SEPT = _("sept jours")
_ART28 = "RGPD art. 28.3.g ; contrat"

REGLES: tuple[Regle, ...] = (
    Regle("compte", _("Adresse e-mail, empreinte du mot de passe, langue, dates de visite"), ("accounts.Account", "account.EmailAddress"),
          "exploitant", _("ouvrir et protéger le compte"), _("contrat (CGU)"), _("vie du compte ; deux ans sans visite au plus"),
          _("suppression demandée, ou dernière visite"), "RGPD art. 5.1.e ; CNIL, 18 septembre 2025", "H", "comptes_inactifs"),
    Regle("suppression", _("Demande de suppression du compte et avertissements d’inactivité"),
          ("vie_privee.SuppressionDemandee", "vie_privee.AvertissementInactivite"), "exploitant", _("laisser le temps de changer d’avis"),
          _("droit à l’effacement"), _("quatorze jours ; trente jours"), _("demande ; avertissement"), "RGPD art. 12.3 et 17", "H",
          "suppressions"),
    Regle("sessions", _("Appareils connectés : adresse IP, navigateur, dates"), ("usersessions.UserSession", "sessions.Session"),
          "exploitant", _("sécurité du compte"), _("intérêt légitime"), _("vingt-quatre heures, une heure sans rien faire"), _("connexion"),
          "RGPD art. 32", "H", "sessions"),
    Regle("jetons", _("Liens de confirmation d’adresse"), ("account.EmailConfirmation",), "exploitant", _("prouver une adresse"),
          _("contrat (CGU)"), _("trois jours"), _("envoi"), "RGPD art. 32", "H", "sessions"),
    Regle("compteurs", _("Essais de connexion et de codes, sans adresse"), ("core.Compteur",), "exploitant", _("freiner les essais"),
          _("intérêt légitime"), _("un jour après la fenêtre"), _("essai"), "RGPD art. 32", "H", "menage_courrier"),
    Regle("activation", _("Activation non terminée : adresse et empreinte du mot de passe"), ("acces.Activation",), "exploitant",
          _("créer le compte"), _("mesures précontractuelles"), _("vingt-quatre heures"), _("début de l’activation"), "RGPD art. 6.1.b",
          "H",
          "menage_courrier"),
    Regle("courriels", _("Journal des e-mails, sans leur texte"), ("courrier.Envoi",), "exploitant", _("savoir s’ils sont partis"),
          _("intérêt légitime"), _("douze mois"), _("envoi"), "CNIL, délibération 2021-122", "H", "menage_courrier"),
    Regle("preferences", _("Préférences d’envoi"), ("courrier.Preference",), "exploitant", _("respecter le choix"), _("contrat (CGU)"),
          _("vie du compte"), _("suppression du compte"), "RGPD art. 5.1.e", "H", "suppressions"),
    Regle("journal", _("Journal des actes"), ("core.Journal",), "exploitant", _("sécurité ; dire qui a consulté"), _("intérêt légitime"),
          _("douze mois"), _("acte"), "CNIL, délibération 2021-122 (six à douze mois)", "H", "journal"),
    Regle("preuves", _("Textes acceptés ou lus"), ("vie_privee.Acceptation",), "exploitant", _("prouver l’accord"), _("obligation légale"),
          _("cinq ans"), _("acceptation"), "C. civ. art. 2224 (prescription)", "M", "preuves"),
    Regle("demandes", _("Demandes sur les données et leurs réponses ; limitations et oppositions"),
          ("vie_privee.DemandeCompte", "vie_privee.DemandeAgence", "vie_privee.Limitation", "vie_privee.LimitationCompte"),
          "exploitant", _("répondre et le prouver"), _("obligation légale"), _("cinq ans"), _("réponse ; fin de la limitation"),
          "RGPD art. 5.2 et 12 ; C. civ. art. 2224", "M", "demandes"),
    Regle("copies", _("Copies des données demandées par les personnes"), ("vie_privee.ExportDonnees",), "exploitant",
          _("remettre la copie"), _("droit d’accès et à la portabilité"), _("sept jours"), _("copie prête"), "RGPD art. 15 et 20", "H",
          "copies"),
    Regle("directives", _("Directives après décès"), ("vie_privee.Directive",), "exploitant", _("les exécuter le moment venu"),
          _("consentement"), _("vie du compte ; cinq ans après exécution ou retrait"), _("retrait ; décès"), "loi 78-17 art. 85", "H",
          "demandes"),
    Regle("temoins", _("Choix de cookies, sans identité"), ("vie_privee.ChoixTemoins",), "exploitant", _("prouver le choix"),
          _("obligation légale"), _("un an"), _("choix"), "loi 78-17 art. 82 ; CNIL, 17 septembre 2020", "H", "menage_vie_privee"),
    Regle("audience", _("Nombres de pages vues, sans identité"), ("vie_privee.Audience", "vie_privee.AudienceAgence"), "exploitant",
          _("mesurer l’audience"), _("intérêt légitime"), _("vingt-cinq mois"), _("jour compté"),
          "CNIL, exemption de la mesure d’audience", "H", "menage_vie_privee"),
    Regle("incidents", _("Incidents et violations"), ("vie_privee.Incident", "vie_privee.EtatPublic"), "exploitant",
          _("tenir le registre"), _("obligation légale"), _("cinq ans"), _("clôture"), "RGPD art. 33.5", "M", "preuves"),
    Regle("communications", _("Communications de données de compte à des tiers"), ("vie_privee.Communication",), "exploitant",
          _("tenir le registre"), _("obligation légale"), _("cinq ans"), _("communication"), "RGPD art. 5.2", "M", "preuves"),
    Regle("effaces", _("Empreintes des comptes supprimés, sans identité"), ("vie_privee.CompteEfface",), "exploitant",
          _("rejouer l’effacement après une restauration"), _("obligation légale"), _("durée des sauvegardes"), _("effacement"),
          "RGPD art. 17", "M", "preuves"),
    Regle("contrats", _("Contrats des agences, leurs équipes, instructions, assistance"), (
          "agences.Agence", "agences.CleAgence", "agences.Habilitation", "agences.InvitationEquipe", "agences.RestrictionAgence",
          "agences.FinContrat", "agences.Logo", "agences.PointContact", "vie_privee.Instruction",
          "vie_privee.Opposition", "vie_privee.Obligation", "vie_privee.Assistance", "vie_privee.NoticeAgence",
          "vie_privee.IncidentAgence", "vie_privee.IncidentPersonne"), "exploitant", _("exécuter le contrat"), _("contrat"), _SEPT,
          _CONTRAT,
          _ART28, "H", "contrat"),
    Regle("acces", _("Accès, codes, droits et espaces"), ("acces.Acces", "acces.CodeAcces", "acces.CodeIndex", "acces.Espace",
          "acces.Droit", "acces.Cercle"), "agence", _("ouvrir les espaces"), _("instruction de l’agence"), _SEPT, _CONTRAT, _ART28, "H",
          "contrat"),
    Regle("patrimoine", _("Identité, coordonnées, lots, mandats et baux"), ("patrimoine.*",), "agence",
          _("gérer la copropriété ou le bien"),
          _("mission du syndic ; mandat ; bail"), _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("comptes_clients", _("Comptes, échéances et écritures"), ("comptabilite.*",), "agence", _("tenir les comptes"),
          _("obligation légale de l’agence"), _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("assemblees", _("Assemblées et résolutions"), ("assemblees.*",), "agence", _("informer les copropriétaires"),
          _("obligation légale de l’agence"), _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("documents", _("Documents et leur lecture"), ("ged.*",), "agence", _("mettre à disposition"), _("instruction de l’agence"), _SEPT,
          _CONTRAT, _ART28, "H", "contrat"),
    Regle("avis", _("Avis de nouveaux documents"), ("courrier.Avis",), "agence", _("prévenir"), _("instruction de l’agence"), _SEPT,
          _CONTRAT,
          _ART28, "H", "contrat"),
    Regle("accords", _("Accords de réception électronique"), ("retours.Consentement", "retours.ConsentementPropose"), "agence",
          _("prouver le consentement"), _("consentement"), _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("retours", _("Coordonnées proposées, justificatifs, fichiers transmis"), ("retours.*",), "agence",
          _("transmettre à l’agence"), _("instruction de l’agence"), _("de douze à soixante mois, au choix de l’agence"),
          _("règlement de la demande, ou fin de validité de la pièce"), "RGPD art. 28 ; C. civ. art. 2224", "M", "retours"),
    Regle("versions", _("Versions antérieures des lignes importées"), ("echanges.Version", "echanges.Changement", "echanges.Annulation"),
          "agence", _("revenir en arrière"), _("instruction de l’agence"), _("quatre-vingt-dix jours"), _("import"), "contrat", "H",
          "versions"),
    Regle("imports", _("Imports, rapports aux valeurs masquées, fichiers reçus (effacés en fin d’import)"), ("echanges.*", "api.*"),
          "agence", _("mettre en ligne"), _("instruction de l’agence"), _SEPT, _CONTRAT, _ART28, "H", "contrat"),
    Regle("pieces_syndicat", _("Pièces comptables d’un syndicat, chez l’agence"), (), "agence", _("tenir les comptes"),
          _("obligation légale"), _("dix ans"), _("clôture de l’exercice"), "décret 2005-240 art. 6 ; RGPD art. 17.3.b", "M", "agence",
          par_la_loi=True),
    Regle("archives_syndicat", _("Procès-verbaux, feuilles de présence, contrats du syndicat, chez l’agence"), (), "agence",
          _("garder les archives du syndicat"), _("obligation légale"), _("tant que l’agence est syndic, puis remise au suivant"),
          _("fin du mandat"), "loi du 10 juillet 1965 art. 18 et 18-2", "M", "agence", par_la_loi=True),
    Regle("bail", _("Bail, quittances et comptes du locataire, chez l’agence"), (), "agence", _("répondre d’une réclamation"),
          _("obligation légale"), _("trois ans"), _("fin du bail"), "loi 89-462 art. 7-1", "M", "agence", par_la_loi=True),
    Regle("registre_mandats", _("Registre des mandats et mandats, chez l’agence"), (), "agence", _("tenir le registre"),
          _("obligation légale"), _("dix ans"), _("fin du mandat"), "décret 72-678 art. 51 et suivants", "L", "agence", par_la_loi=True),
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
