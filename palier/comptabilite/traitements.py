"""Processing of clients' accounts: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="comptes_clients",
        nom="Comptes des clients",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Montrer à chacun ce qu’il doit, ce qu’il a payé, et les comptes de sa copropriété.",
        base="Instruction de l’agence (RGPD art. 28).",
        personnes="Copropriétaires, bailleurs, locataires.",
        donnees="Échéances et leurs lignes, écritures, exercices, budgets et dépenses des copropriétés.",
        destinataires="La personne elle-même ; l’équipe de l’agence ; les copropriétaires pour les comptes communs.",
        duree="Vie du contrat de l’agence, puis sept jours.",
        tables=tuple(
            f"comptabilite.{nom}"
            for nom in ("Exercice", "Budget", "Depense", "Echeance", "EcheanceLigne", "Mouvement")
        ),
    ),
]
