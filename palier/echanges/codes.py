"""The one table of the codes of an import report: severity, French message, advice.

A message is a template: the names in braces are given by the check that found the fault, and never hold
a personal value (values are masked apart, see `masque`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Gravite(StrEnum):
    """How much of the dossier a fault refuses."""

    BLOQUANT = "BLOQUANT"
    LIGNE = "LIGNE"
    ALERTE = "ALERTE"
    INFO = "INFO"


@dataclass(frozen=True)
class Code:
    """One kind of fault: its severity, its sentence and what to do about it."""

    gravite: Gravite
    message: "StrOrPromise"
    conseil: "StrOrPromise"

    def sentence(self, params: Mapping[str, object]) -> str:
        """The French (or translated) sentence with its places filled."""
        return str(self.message).format_map(params)


B, L, A, INFO = Gravite.BLOQUANT, Gravite.LIGNE, Gravite.ALERTE, Gravite.INFO

CONTENEUR: dict[str, Code] = {
    "zip_invalide": Code(
        B, _("Le fichier n'est pas un zip."), _("Envoyez le fichier .zip produit par l'export.")
    ),
    "zip_tronque": Code(
        B,
        _("Le zip est incomplet ou abîmé : sa fin manque."),
        _("Renvoyez le fichier ; s'il vient d'un transfert, vérifiez que celui-ci est allé au bout."),
    ),
    "zip_chiffre": Code(
        B,
        _("Le membre « {membre} » est protégé par un mot de passe."),
        _("Produisez le zip sans mot de passe."),
    ),
    "zip_chemin": Code(
        B,
        _("Le chemin d'un membre du zip est interdit : « {membre} »."),
        _("Les chemins sont relatifs, avec des barres « / », sans « .. » ni caractère de contrôle."),
    ),
    "zip_lien": Code(
        B,
        _("Le membre « {membre} » n'est pas un fichier ordinaire (lien ou fichier spécial)."),
        _("Mettez le fichier lui-même dans le zip."),
    ),
    "zip_doublon": Code(
        B,
        _("Deux membres du zip portent le même nom : « {membre} »."),
        _("Les noms diffèrent autrement que par les majuscules."),
    ),
    "zip_imbrique": Code(
        B, _("Le zip contient une archive : « {membre} »."), _("Mettez les fichiers directement.")
    ),
    "zip_methode": Code(
        B,
        _("Le membre « {membre} » est compressé d'une façon non prise en charge."),
        _("Utilisez la compression « deflate » ou aucune."),
    ),
    "zip_trop_de_membres": Code(
        B, _("Le zip contient trop de fichiers (maximum {maximum})."), _("Envoyez plusieurs dossiers.")
    ),
    "zip_trop_gros": Code(
        B,
        _("Le membre « {membre} » dépasse, une fois décompressé, la taille admise ({maximum} octets)."),
        _("Envoyez plusieurs dossiers, ou demandez à relever la limite."),
    ),
    "zip_taux": Code(
        B,
        _("Le membre « {membre} » a un taux de compression anormal (plus de {maximum} pour 1)."),
        _("Vérifiez que le fichier n'est pas un remplissage ; sinon, réduisez sa compression."),
    ),
    "membre_altere": Code(
        B,
        _("Le membre « {membre} » est abîmé et ne peut pas être lu."),
        _("Refaites l'export puis renvoyez le fichier."),
    ),
    "membre_inattendu": Code(
        B,
        _("Le membre « {membre} » n'est pas déclaré dans dossier.json."),
        _("Déclarez chaque table dans « fichiers » ; les autres fichiers vont dans documents/."),
    ),
    "manifeste_absent": Code(
        B, _("Le zip ne contient pas de fichier dossier.json à sa racine."), _("Ajoutez dossier.json.")
    ),
    "manifeste_invalide": Code(
        B,
        _("dossier.json n'est pas valide : {detail}."),
        _("Corrigez ce champ ; la page du format le décrit."),
    ),
    "format_inconnu": Code(
        B, _("Le format « {valeur} » n'est pas connu."), _("Le champ « format » vaut « dossier-portail ».")
    ),
    "version_inconnue": Code(
        B, _("La version « {valeur} » du format n'est pas connue."), _("La version admise est « 1.0 ».")
    ),
    "mode_inconnu": Code(
        B,
        _("Le mode « {valeur} » n'est pas pris en charge."),
        _("Le champ « mode » vaut « snapshot » (envoi complet) ou « delta » (ce qui a changé)."),
    ),
    "sequence_rompue": Code(
        B,
        _("Cet envoi différentiel suit l'envoi n° {precedent} ; le dernier mis en ligne est {dernier}."),
        _("Un envoi manque ou se répète : envoyez un dossier complet (« mode » : « snapshot »)."),
    ),
    "sequence_repetee": Code(
        A,
        _("Le numéro d'envoi {sequence} est déjà celui d'un autre contenu mis en ligne."),
        _("Chaque envoi porte un numéro plus grand que le précédent : vérifiez le compteur de l'export."),
    ),
    "source_remplacee": Code(
        B,
        _("Cette source a été remplacée par « {source} » : ses envois ne sont plus admis."),
        _("Envoyez le dossier avec la nouvelle source, ou demandez à l'exploitant."),
    ),
    "remplacement_inconnu": Code(
        A,
        _("La source à remplacer, « {source} », n'a rien en ligne."),
        _("Si le remplacement est déjà fait, retirez « source.remplace » ; sinon, vérifiez son nom."),
    ),
    "agence_differente": Code(
        B,
        _("Ce dossier est celui de l'agence « {valeur} », et non celui de « {attendue} »."),
        _("Vérifiez le champ « agence » de dossier.json et l'agence dans laquelle vous importez."),
    ),
    "arrete_futur": Code(
        B, _("La date d'arrêté {valeur} est dans l'avenir."), _("Vérifiez l'horloge du logiciel qui exporte.")
    ),
    "table_inconnue": Code(
        B, _("La table « {valeur} » n'existe pas dans le format."), _("Retirez-la, ou corrigez son nom.")
    ),
    "fichier_manquant": Code(
        B,
        _("Le fichier « {membre} », déclaré dans dossier.json, n'est pas dans le zip."),
        _("Ajoutez le fichier, ou retirez sa déclaration."),
    ),
    "table_manquante": Code(
        B,
        _("La table « {valeur} » est dans le périmètre mais aucun fichier ne la donne."),
        _("Ajoutez son fichier (avec son seul en-tête si elle est vide), ou retirez-la du périmètre."),
    ),
    "table_hors_perimetre": Code(
        B,
        _("La table « {valeur} » est fournie mais n'est pas dans le périmètre."),
        _("Ajoutez-la à « perimetre.tables », ou retirez son fichier."),
    ),
    "empreinte_differente": Code(
        B,
        _("L'empreinte SHA-256 de « {membre} » diffère de celle que déclare dossier.json."),
        _("Le fichier a changé après l'export : refaites l'export."),
    ),
    "lignes_differentes": Code(
        B,
        _("« {membre} » contient {lues} lignes ; dossier.json en déclare {declarees}."),
        _("Refaites l'export : le fichier est peut-être coupé."),
    ),
}

TABLE: dict[str, Code] = {
    "octet_nul": Code(B, _("Le fichier contient un octet nul."), _("Refaites l'export en texte UTF-8.")),
    "encodage": Code(
        B,
        _("Le fichier n'est pas en {encodage} : octet {octet} illisible (position {position})."),
        _("Exportez en UTF-8, ou déclarez le dialecte « excel-fr » pour un fichier Windows-1252."),
    ),
    "entete_absente": Code(
        B,
        _("La première ligne n'est pas un en-tête de cette table."),
        _("La première ligne donne le nom des colonnes, séparés par des points-virgules."),
    ),
    "separateur": Code(
        B,
        _("Les colonnes ne sont pas séparées par des points-virgules (séparateur trouvé : {separateur})."),
        _("Exportez avec le séparateur « ; »."),
    ),
    "colonne_double": Code(
        B, _("La colonne « {nom} » figure deux fois dans l'en-tête."), _("Gardez-en une.")
    ),
    "colonne_absente": Code(
        B, _("La colonne obligatoire « {nom} » manque."), _("Ajoutez cette colonne à l'export.")
    ),
    "colonnes_trop_nombreuses": Code(
        B,
        _("L'en-tête compte trop de colonnes (maximum {maximum})."),
        _("N'exportez que les colonnes du format."),
    ),
    "ligne_trop_longue": Code(
        B,
        _("Une ligne dépasse la longueur admise ({maximum} octets)."),
        _("Cherchez un guillemet oublié ou un champ anormalement long."),
    ),
    "table_illisible": Code(
        B,
        _("La table ne peut pas être découpée en lignes de façon sûre."),
        _("Vérifiez les guillemets : un texte qui en contient les double et s'en entoure."),
    ),
    "guillemet_ouvert": Code(
        L,
        _("Un guillemet ouvert sur cette ligne n'est jamais fermé."),
        _("Fermez le guillemet, ou doublez-le s'il fait partie du texte."),
    ),
    "colonne_inconnue": Code(
        A,
        _("La colonne « {nom} » n'est pas connue : elle est ignorée."),
        _("Vérifiez l'orthographe de son nom."),
    ),
    "ligne_colonnes": Code(
        L,
        _("La ligne compte {trouvees} colonnes au lieu de {attendues}."),
        _("Un texte contient sans doute un point-virgule : mettez-le entre guillemets."),
    ),
    "guillemet_mal_place": Code(
        L,
        _("Un guillemet est mal placé dans la ligne."),
        _("Entourez tout le texte de guillemets et doublez ceux qu'il contient."),
    ),
    "ligne_illisible": Code(
        L, _("La ligne ne peut pas être lue."), _("Vérifiez ses séparateurs et ses guillemets.")
    ),
    "saut_isole": Code(
        L,
        _("La ligne contient un retour chariot isolé."),
        _("Terminez les lignes par LF ou CRLF et retirez les autres retours chariot."),
    ),
    "valeur_absente": Code(L, _("La valeur est obligatoire."), _("Renseignez cette colonne.")),
    "type_invalide": Code(
        L, _("La valeur n'est pas {attendu}."), _("Corrigez la valeur dans le logiciel de gestion.")
    ),
    "valeur_trop_longue": Code(L, _("La valeur dépasse {maximum} caractères."), _("Raccourcissez le texte.")),
    "valeur_hors_liste": Code(
        L, _("La valeur n'est pas dans la liste : {liste}."), _("Utilisez une valeur de la liste.")
    ),
    "motif": Code(
        L, _("La valeur n'a pas la forme attendue."), _("La page de la table décrit la forme attendue.")
    ),
    "valeur_hors_bornes": Code(
        L, _("La valeur doit être {borne}."), _("Vérifiez le signe et l'ordre de grandeur.")
    ),
    "valeur_ignoree": Code(
        A,
        _("La valeur n'a pas la forme attendue : elle est ignorée, la ligne est reprise."),
        _("Corrigez cette coordonnée dans le logiciel de gestion."),
    ),
    "caracteres_caches": Code(
        A,
        _("La valeur contient des caractères invisibles (commandes, sens de lecture) : ils sont retirés."),
        _("Ressaisissez ce texte dans le logiciel de gestion."),
    ),
    "cle_double": Code(
        L,
        _("Plusieurs lignes portent la même clé ({cle}) ; la première est la ligne {premiere}."),
        _("L'identifiant est unique dans sa table et n'est jamais réutilisé."),
    ),
    "table_sans_effet": Code(
        INFO,
        _("Cette table est sans effet dans un envoi complet : ce qui n'y est plus est archivé."),
        _("Vous pouvez la laisser dans l'envoi ou l'en retirer."),
    ),
}

METIER: dict[str, Code] = {
    "reference_inconnue": Code(
        L,
        _("La valeur ne correspond à aucune ligne de la table « {cible} »."),
        _("Ajoutez la ligne attendue à l'export, ou corrigez l'identifiant."),
    ),
    "reference_refusee": Code(
        L,
        _("La ligne renvoie à une ligne de « {cible} » qui est refusée ou retenue."),
        _("Corrigez d'abord la ligne de « {cible} »."),
    ),
    "lien_ignore": Code(
        A,
        _("Le lien vers « {cible} » ne mène à aucune ligne acceptée : il est ignoré, la ligne est reprise."),
        _("Vérifiez l'identifiant."),
    ),
    "relation_non_verifiee": Code(
        INFO,
        _("Les renvois vers « {cible} » ne sont pas vérifiés : la table n'est pas dans le dossier."),
        _("Ils le seront à l'import, avec les lignes déjà en ligne."),
    ),
    "unite_hors_perimetre": Code(
        L,
        _("La ligne appartient à l'unité « {unite} », qui n'est pas dans le périmètre déclaré."),
        _("Ajoutez l'unité à « perimetre.unites », ou retirez ses lignes."),
    ),
    "unite_a_renvoyer": Code(
        L,
        _("L'unité « {unite} » a manqué un envoi : elle attend un envoi complet."),
        _("Envoyez un dossier complet, ou complet pour cette unité (« perimetre.unites »)."),
    ),
    "unite_deja_servie": Code(
        L,
        _("La source « {source} » tient déjà cette copropriété ou ce mandat ({numero})."),
        _(
            "Une seule source envoie chaque unité : retirez-la de l'une des deux, ou déclarez « source.remplace »."
        ),
    ),
    "correspondance_table": Code(
        L,
        _("La table « {cible} » n'a pas d'identifiant que l'on puisse remplacer."),
        _("Les correspondances portent sur les tables dont la clé est « id »."),
    ),
    "ancien_id_present": Code(
        L,
        _("L'ancien identifiant figure encore dans la table « {cible} » de cet envoi."),
        _("Une ligne change d'identifiant ou le garde : retirez l'ancienne, ou la correspondance."),
    ),
    "nouvel_id_utilise": Code(
        L,
        _("Le nouvel identifiant est déjà celui d'une autre ligne de la table « {cible} »."),
        _("Un identifiant n'est jamais réutilisé : vérifiez la correspondance."),
    ),
    "ancien_id_inconnu": Code(
        A,
        _("L'ancien identifiant n'est pas en ligne dans la table « {cible} » : rien n'est à reprendre."),
        _("Vérifiez-le : sans correspondance juste, la ligne est nouvelle et perd les liens des clients."),
    ),
    "correspondance_refusee": Code(
        L,
        _("La correspondance vers cet identifiant est refusée : la ligne n'est pas reprise."),
        _("Corrigez la table correspondances."),
    ),
    "identifiant_remplace": Code(
        L,
        _("Cet identifiant a été remplacé par « {nouvel} » lors d'un envoi précédent."),
        _("Un identifiant n'est jamais réutilisé : donnez-en un nouveau à la ligne."),
    ),
    "suppression_inconnue": Code(
        A,
        _("La ligne à supprimer n'est pas en ligne dans la table « {cible} »."),
        _("Vérifiez l'identifiant ; s'il a plusieurs parties, elles sont jointes par « | »."),
    ),
    "suppression_table": Code(
        L, _("La table « {cible} » n'existe pas dans le format."), _("Corrigez le nom de la table.")
    ),
    "suppression_contradictoire": Code(
        L,
        _("La ligne est supprimée et donnée dans le même envoi (table « {cible} »)."),
        _("Gardez l'une des deux."),
    ),
    "suppression_citee": Code(
        L,
        _("La ligne supprimée est encore citée par {nombre} lignes en ligne de la table « {cible} »."),
        _("Supprimez aussi ces lignes, ou rattachez-les ailleurs dans le même envoi."),
    ),
    "contrat_sans_objet": Code(
        L,
        _("Le contrat ne nomme ni copropriété ni bail."),
        _("Renseignez « copropriete_id » ou « bail_id »."),
    ),
    "unite_perimetre_inconnue": Code(
        A,
        _("L'unité « {unite} » du périmètre n'apparaît ni dans le dossier ni en ligne."),
        _("Vérifiez l'identifiant dans « perimetre.unites »."),
    ),
    "fin_avant_debut": Code(
        L, _("La date de fin précède la date de début ({debut})."), _("Corrigez l'une des deux dates.")
    ),
    "total_tantiemes": Code(
        L,
        _("La somme des tantièmes est {somme} ; la base de la clé est {base}."),
        _("Complétez les tantièmes, ou corrigez la base."),
    ),
    "total_echeance": Code(
        L,
        _("La somme des lignes est {somme} ; le montant de l'échéance est {montant}."),
        _("Corrigez les lignes ou le montant."),
    ),
    "total_solde": Code(
        L,
        _("La somme des mouvements du compte est {somme} ; son solde est {solde}."),
        _("Exportez toutes les écritures du compte, ou déclarez « historique » : « partiel »."),
    ),
    "total_solde_partiel": Code(
        A,
        _("La somme des mouvements du compte est {somme} ; son solde est {solde} (historique partiel)."),
        _("C'est normal si l'historique est coupé ; un report à nouveau rend le compte lisible au client."),
    ),
    "copropriete_requise": Code(
        L,
        _("Un compte de copropriétaire indique sa copropriété."),
        _("Renseignez « copropriete_id »."),
    ),
    "role_incoherent": Code(
        L,
        _("Le compte indiqué n'a pas la qualité attendue ({attendu})."),
        _("Vérifiez l'identifiant du compte, ou son rôle."),
    ),
    "copropriete_incoherente": Code(
        L,
        _("La ligne réunit deux copropriétés différentes."),
        _("Vérifiez les identifiants : un lot, sa clé et son compte sont de la même copropriété."),
    ),
    "audience_trop_large": Code(
        L,
        _("L'audience « {audience} » est plus large que la portée « {portee} » ne le permet."),
        _(
            "Un document de compte, de lot, de mandat ou de bail n'est lu que par ses titulaires ou par l'agence."
        ),
    ),
    "audience_sans_copropriete": Code(
        L,
        _("L'audience « {audience} » demande une copropriété, et le document ne s'y rattache pas."),
        _("Rattachez le document à la copropriété, ou adressez-le au compte."),
    ),
    "lot_sans_titulaire": Code(
        L,
        _("Aucun compte ne détient le lot à la date du document."),
        _("Complétez la table detentions, ou rattachez le document au compte."),
    ),
    "portee_inconnue": Code(
        L,
        _("« portee_id » ne correspond à aucune ligne de la table « {cible} »."),
        _("Corrigez l'identifiant, ou ajoutez la ligne attendue."),
    ),
    "email_partage": Code(
        A,
        _("La même adresse électronique sert à {nombre} personnes sans compte commun."),
        _("Vérifiez à qui est l'adresse : chacune recevrait les messages de l'autre."),
    ),
    "fichier_absent": Code(
        L, _("Le fichier du document n'est pas dans le zip."), _("Ajoutez le fichier, ou retirez la ligne.")
    ),
    "fichier_taille": Code(
        L,
        _("Le fichier fait {taille} octets ; la table en déclare {declaree}."),
        _("Refaites l'export du document."),
    ),
    "fichier_empreinte": Code(
        L,
        _("L'empreinte SHA-256 du fichier diffère de celle de la table."),
        _("Refaites l'export du document."),
    ),
    "fichier_pas_pdf": Code(L, _("Le fichier n'est pas un PDF."), _("Produisez le document en PDF.")),
    "fichier_illisible": Code(
        L, _("Le fichier du document est abîmé ou trop gros."), _("Refaites le document, puis l'export.")
    ),
    "fichier_non_reference": Code(
        A,
        _("{nombre} fichiers du zip ne sont cités par aucun document ; le premier est « {membre} »."),
        _("Ajoutez leurs lignes à la table documents, ou retirez-les."),
    ),
    "tout_ou_rien": Code(
        B,
        _("Le dossier demande « tout ou rien » et {nombre} lignes sont refusées : rien n'est mis en ligne."),
        _("Corrigez les lignes signalées, ou choisissez la politique « par_unite »."),
    ),
    "unite_retenue": Code(
        INFO,
        _("L'unité « {unite} » garde sa version précédente : {nombre} lignes sont à corriger."),
        _("Corrigez ses lignes ; elle sera mise en ligne au prochain envoi."),
    ),
}

CODES: dict[str, Code] = {**CONTENEUR, **TABLE, **METIER}
