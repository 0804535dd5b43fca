"""Processing of documents: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="documents",
        nom="Documents",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Mettre à disposition les documents de l’agence, les chercher, savoir lesquels ont été lus.",
        base="Instruction de l’agence (RGPD art. 28) ; décret 2019-502 pour l’extranet de la copropriété.",
        personnes="Clients de l’agence.",
        donnees="Fichiers chiffrés, titre, catégorie, dates, texte pour la recherche, lecture par la personne.",
        destinataires="Le cercle auquel chaque document est adressé ; l’équipe de l’agence.",
        duree="Vie du contrat de l’agence, puis sept jours.",
        tables=("ged.Fichier", "ged.Document", "ged.Lecture"),
    ),
]
