"""Processing of mails."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="courriels",
        nom="Courriels du portail",
        qualite=Qualite.RESPONSABLE,
        finalite="Envoyer les messages du compte et les avis de nouveaux documents, et savoir s’ils sont partis.",
        base="Exécution des conditions d’utilisation (RGPD art. 6.1.b) ; les avis se désactivent d’un geste.",
        personnes="Titulaires d’un compte.",
        donnees="Empreinte de l’adresse, modèle du message, date et issue de l’envoi, préférences ; jamais le texte.",
        destinataires="Le relais de messagerie de l’exploitant.",
        duree="Douze mois (CNIL, délibération 2021-122).",
        tables=("courrier.Envoi", "courrier.Avis", "courrier.Preference"),
    ),
]
