"""Processing of the exchanges with back-offices: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="echanges",
        nom="Échanges avec le logiciel de l’agence",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Recevoir, contrôler et mettre en ligne les données de l’agence ; pouvoir revenir en arrière.",
        base="Instruction de l’agence (RGPD art. 28).",
        personnes="Clients de l’agence.",
        donnees="Fichiers reçus (chiffrés, effacés à la fin de l’import), rapports aux valeurs masquées, versions antérieures des lignes.",
        destinataires="L’équipe de l’agence.",
        duree="Versions : quatre-vingt-dix jours ; rapports : vie du contrat, puis sept jours.",
        tables=("echanges.*",),
    ),
]
