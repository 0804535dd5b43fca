"""Processing of persons and properties: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="patrimoine",
        nom="Personnes, biens, mandats et baux",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Montrer à chacun les faits de ses biens et de ses contrats, tels que le logiciel de l’agence les tient.",
        base="Instruction de l’agence (RGPD art. 28).",
        personnes="Copropriétaires, membres de conseils syndicaux, bailleurs, locataires, garants.",
        donnees="État civil, coordonnées, lots et tantièmes, détentions, mandats, baux, loyers, comptes et soldes, IBAN masqué.",
        destinataires="La personne elle-même ; l’équipe de l’agence ; le conseil syndical pour ce que la loi lui ouvre.",
        duree="Vie du contrat de l’agence, puis sept jours.",
        tables=tuple(
            f"patrimoine.{nom}"
            for nom in (
                "Etablissement", "Gestionnaire", "Tiers", "Copropriete", "Immeuble", "Lot", "CleRepartition", "Tantieme",
                "CompteClient", "CompteTiers", "Detention", "MandatConseil", "MandatGerance", "MandatLot", "Bail",
                "BailLot", "Contrat",
            )
        ),
    ),
]  # fmt: skip
