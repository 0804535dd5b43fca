"""Closed lists of the documents room. Values of ``Categorie`` are those of the dossier format; others are accepted."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Groupe(models.TextChoices):
    """What people look for: the tabs of the documents page."""

    ASSEMBLEES = "assemblees", _("Assemblées")
    CHARGES = "charges", _("Charges et appels")
    CONTRATS = "contrats", _("Contrats et assurances")
    DIAGNOSTICS = "diagnostics", _("Diagnostics")
    IMMEUBLE = "immeuble", _("Vie de l’immeuble")
    CONSEIL = "conseil", _("Conseil syndical")
    BAIL = "bail", _("Bail")
    LOYERS = "loyers", _("Loyers et quittances")
    GERANCE = "gerance", _("Gérance")
    COURRIERS = "courriers", _("Courriers")
    AUTRES = "autres", _("Autres documents")


class Categorie(models.TextChoices):
    """What a document is, in the words of the trade."""

    PV_ASSEMBLEE = "pv_assemblee", _("Procès-verbal d’assemblée")
    CONVOCATION = "convocation", _("Convocation d’assemblée")
    DEVIS = "devis", _("Devis")
    APPEL_DE_FONDS = "appel_de_fonds", _("Appel de fonds")
    DECOMPTE_CHARGES = "decompte_charges", _("Décompte de charges")
    RELEVE_COMPTE = "releve_compte", _("Relevé de compte")
    REGULARISATION = "regularisation", _("Régularisation de charges")
    CONTRAT = "contrat", _("Contrat")
    CONTRAT_SYNDIC = "contrat_syndic", _("Contrat de syndic")
    ASSURANCE = "assurance", _("Assurance de l’immeuble")
    ASSURANCE_HABITATION = "assurance_habitation", _("Assurance habitation")
    DIAGNOSTIC = "diagnostic", _("Diagnostic")
    REGLEMENT = "reglement", _("Règlement de copropriété")
    FICHE_SYNTHETIQUE = "fiche_synthetique", _("Fiche synthétique")
    CARNET_ENTRETIEN = "carnet_entretien", _("Carnet d’entretien")
    BALANCE_SYNDICAT = "balance_syndicat", _("Balance du syndicat")
    RELEVE_BANCAIRE = "releve_bancaire", _("Relevé bancaire du syndicat")
    PROCEDURE = "procedure", _("Procédure en cours")
    LISTE_COPROPRIETAIRES = "liste_coproprietaires", _("Liste des copropriétaires")
    ATTESTATION_SYNDIC = "attestation_syndic", _("Attestation du syndic")
    BAIL = "bail", _("Bail")
    ETAT_DES_LIEUX = "etat_des_lieux", _("État des lieux")
    AVIS_ECHEANCE = "avis_echeance", _("Avis d’échéance")
    QUITTANCE = "quittance", _("Quittance")
    RECU = "recu", pgettext_lazy("pièce", "Reçu")
    DEPOT_GARANTIE = "depot_garantie", _("Dépôt de garantie")
    MANDAT = "mandat", _("Mandat de gérance")
    CRG = "crg", _("Compte rendu de gérance")
    AIDE_FISCALE = "aide_fiscale", _("Aide à la déclaration des revenus fonciers")
    FACTURE = "facture", _("Facture")
    COURRIER = "courrier", _("Courrier")
    AUTRE = "autre", _("Autre document")


def libelle_categorie(valeur: str) -> str:
    """Return the words for a category; an unknown one is shown as sent, underscores as spaces."""
    words = _LIBELLES.get(valeur)
    return str(words) if words is not None else valeur.replace("_", " ").capitalize()


_LIBELLES = dict(Categorie.choices)
