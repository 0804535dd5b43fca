"""Processing that privacy itself needs: proofs, requests, incidents."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="preuves",
        nom="Textes, consentements, demandes et incidents",
        qualite=Qualite.RESPONSABLE,
        finalite="Pouvoir prouver ce qui a été accepté, demandé, répondu ; tenir les registres que la loi impose.",
        base="Obligation légale (RGPD art. 5.2, 7.1, 12, 30, 33).",
        personnes="Titulaires d’un compte, demandeurs, visiteurs (sans les désigner).",
        donnees="Versions acceptées ou lues, choix de cookies sans identité, demandes de droits et réponses, incidents.",
        destinataires="Le délégué à la protection des données ; l’agence pour ce qui la regarde ; la CNIL en cas de violation.",
        duree="Preuves : le temps de la prescription (cinq ans) ; choix de cookies : un an ; audience : vingt-cinq mois.",
        tables=("vie_privee.*",),
    ),
    Traitement(
        cle="journal",
        nom="Journal des actes",
        qualite=Qualite.RESPONSABLE,
        finalite="Sécurité, recherche d’incidents, et dire à chacun qui a consulté ses données.",
        base="Intérêt légitime (RGPD art. 6.1.f) ; obligation de sécurité (art. 32).",
        personnes="Titulaires d’un compte, équipes des agences.",
        donnees="Acte, auteur, objet, date ; jamais un contenu.",
        destinataires="L’agence pour ses actes ; la personne pour ce qui la concerne.",
        duree="Douze mois (CNIL, délibération 2021-122).",
        tables=("core.Journal", "core.Battement"),
    ),
]
