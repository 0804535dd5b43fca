"""Columns of every table of the dossier format v1, in the order in which the generator writes them."""

from typing import Final

COLONNES: Final[dict[str, tuple[str, ...]]] = {
    table: tuple(colonnes.split())
    for table, colonnes in {
        "etablissements": "id libelle siret telephone email adresse code_postal ville",
        "gestionnaires": "id nom prenom fonction email telephone etablissement_id",
        "tiers": (
            "id nature civilite nom prenom siren email telephone_mobile telephone_fixe adresse_1 adresse_2"
            " code_postal ville pays consentement_demat_le"
        ),
        "coproprietes": (
            "id code nom immatriculation_rnc reglement_le mandat_syndic_debut mandat_syndic_fin"
            " gestionnaire_id etablissement_id principale_id"
        ),
        "immeubles": (
            "id copropriete_id code libelle numero repetition voie code_postal commune code_insee ban_id"
            " latitude longitude"
        ),
        "lots": (
            "id immeuble_id copropriete_id numero type batiment escalier etage porte surface_m2 rattache_a_id"
        ),
        "cles": "id copropriete_id code libelle base",
        "tantiemes": "cle_id lot_id valeur",
        "comptes": (
            "id role numero intitule copropriete_id solde solde_le mode_reglement iban_masque"
            " compte_principal_id publie clos_le"
        ),
        "comptes_tiers": "compte_id tiers_id qualite quote_part acces debut fin",
        "detentions": "lot_id compte_id debut fin",
        "conseil_syndical": "copropriete_id tiers_id fonction debut fin",
        "mandats": "id numero compte_id gestionnaire_id debut fin",
        "mandats_lots": "mandat_id lot_id debut fin",
        "baux": (
            "id numero mandat_id compte_id type debut fin sortie_le loyer provision_charges terme"
            " depot_garantie indice indice_trimestre revision_le assurance_fin"
        ),
        "baux_lots": "bail_id lot_id",
        "exercices": "id copropriete_id libelle debut fin statut",
        "echeances": (
            "id compte_id type libelle periode_debut periode_fin emise_le exigible_le montant regle"
            " document_id"
        ),
        "echeances_lignes": "echeance_id rang lot_id cle_id nature libelle montant",
        "mouvements": ("id compte_id le journal piece libelle debit credit lettrage echeance_id document_id"),
        "budgets": "exercice_id cle_id compte_comptable libelle vote realise",
        "depenses": (
            "id exercice_id le compte_comptable cle_id fournisseur libelle montant_ttc part_recuperable"
            " document_id"
        ),
        "assemblees": "id copropriete_id type le lieu statut",
        "resolutions": "assemblee_id numero titre majorite resultat pour contre abstention",
        "contrats": "id copropriete_id bail_id type fournisseur reference debut fin document_id",
        "documents": (
            "id fichier sha256 octets mime titre categorie date_document portee portee_id audience publie_du"
            " publie_au remplace_id"
        ),
        "acces": "compte_id identifiant_provisoire invitation",
    }.items()
}
