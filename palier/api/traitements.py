"""Processing of the machines' door: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="api",
        nom="Échanges automatiques (API)",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Laisser le logiciel de l’agence envoyer ses données et être prévenu de la fin d’un import.",
        base="Instruction de l’agence (RGPD art. 28).",
        personnes="Clients de l’agence, par les fichiers envoyés ; équipe de l’agence, pour les clés.",
        donnees="Empreintes des clés, dernier usage, morceaux d’envois (chiffrés), livraisons de webhooks.",
        destinataires="L’équipe de l’agence.",
        duree="Envoi en construction : quarante-huit heures ; le reste : vie du contrat, puis sept jours.",
        tables=("api.*",),
    ),
]
