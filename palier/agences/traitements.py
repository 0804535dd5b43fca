"""Processing of the agences' contract and staff."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="contrats",
        nom="Contrats des agences et leurs équipes",
        qualite=Qualite.RESPONSABLE,
        finalite="Exécuter le contrat de chaque agence et reconnaître son équipe.",
        base="Exécution du contrat (RGPD art. 6.1.b).",
        personnes="Représentants et équipes des agences.",
        donnees="Nom, adresse e-mail professionnelle, rôle, dates d’habilitation, portefeuille, gestes, invitations, contacts montrés.",
        destinataires="L’équipe de la même agence.",
        duree="Vie du contrat, puis sept jours.",
        tables=(
            "agences.Agence",
            "agences.CleAgence",
            "agences.Habilitation",
            "agences.InvitationEquipe",
            "agences.RestrictionAgence",
            "agences.FinContrat",
            "agences.Logo",
            "agences.PointContact",
            "agences.CertificatEffacement",
        ),
    ),
]
