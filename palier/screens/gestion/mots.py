"""The journal's gestures and roles in the reader's words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.screens.gestion.queries.base import as_json

GESTES: dict[str, Promise | str] = {
    Gesture.DOCUMENT_READ: _("Document ouvert"),
    Gesture.DOCUMENT_MARK: _("Document marqué comme lu"),
    Gesture.CODE_ISSUE: _("Code émis"),
    Gesture.CODE_REVOKE: _("Code révoqué"),
    Gesture.ACCES_ATTACH: _("Accès rattaché à un compte"),
    Gesture.ACCES_DISSOCIATE: _("Compte dissocié de l’accès"),
    Gesture.ACCES_SHARE: _("Adresse e-mail du compte partagée"),
    Gesture.VIEW_AS: _("Vue comme la personne"),
    Gesture.IMPORT_RUN: _("Import"),
    Gesture.EQUIPE_MANAGE: _("Équipe modifiée"),
    Gesture.AGENCE_SETTINGS: _("Réglages modifiés"),
    Gesture.AGENCE_CREATE: _("Agence ouverte"),
    Gesture.ACCOUNT: _("Compte modifié"),
    Gesture.PERSONNE_READ: _("Fiche consultée"),
    Gesture.PORTEFEUILLE_OVERSTEP: _("Fiche demandée hors du portefeuille, refusée"),
    Gesture.API_MANAGE: _("Clé d’API ou webhook"),
    Gesture.DOCUMENT_SEND: _("Document reçu par l’API"),
    Gesture.IMPORT_CONFIRM: _("Import confirmé"),
    Gesture.COORDONNEES: _("Coordonnées"),
    Gesture.CONSENTEMENT: _("Accord électronique"),
    Gesture.JUSTIFICATIF_SEND: _("Justificatif"),
    Gesture.JUSTIFICATIF_READ: _("Justificatif ouvert"),
    Gesture.RETOUR_MANAGE: _("Retour"),
    Gesture.ASSISTANCE_GRANT: _("Assistance demandée"),
    Gesture.ASSISTANCE_ENTER: _("Page ouverte par l’assistance"),
    Gesture.INCIDENT_READ: _("Incident"),
    Gesture.INCIDENT_MANAGE: _("Incident"),
    Gesture.DROITS_EXERCER: _("Droit exercé par la personne"),
    Gesture.DROITS_REPONDRE: _("Réponse à une demande de droits"),
    Gesture.DROITS_COMPTE: _("Demande de droits sur un compte"),
    Gesture.DEVOIRS: _("Registre de l’exploitant"),
}

ROLES: dict[str, Promise | str] = {
    "client": _("la personne"),
    "gestionnaire": _("un gestionnaire"),
    "administrateur": _("un administrateur"),
    "exploitant": _("l’exploitant"),
    "dpo": _("le délégué à la protection des données"),
    "systeme": _("le portail"),
    "vue": _("un membre de l’équipe"),
    "anonyme": _("un visiteur"),
    "assistance": _("l’assistance de l’exploitant"),
    "machine": _("un logiciel"),
}

_CANAUX = {"courrier": _("lettre"), "liste": _("liste imprimée"), "email": _("e-mail")}
_ACTES = {
    "ajout": _("ajout"),
    "retrait": _("retrait"),
    "invitation": _("invitation"),
    "renvoi": _("nouvel envoi"),
    "debut": _("début"),
    "fin": _("fin"),
    "depot": _("dépôt"),
    "confirmation": _("confirmation"),
    "abandon": _("abandon"),
    "controle": _("contrôle"),
    "application": _("mise en ligne"),
    "essai": _("essai"),
    "expiration": _("expiration"),
    "purge": _("effacement"),
    "copie_illisible": _("copie illisible"),
    "annulation": _("annulation"),
    "suppression": _("suppression"),
    "donne": _("donné"),
    "retire": _("retiré"),
    "refus": _("refus"),
    "preparation": _("préparation"),
    "acquittement": _("acquittement"),
    "demande": _("demande"),
    "limitation": _("limitation"),
    "opposition": _("opposition"),
    "levee": _("levée"),
    "prolonger": _("délai prolongé"),
    "identite": _("identité demandée"),
    "verifier": _("identité vérifiée"),
    "repondre": _("réponse"),
    "refuser": _("refus"),
    "telechargement": _("téléchargement"),
}


def geste(value: str, stored: Any = None) -> str:
    """Return the words of a gesture; one that has none is shown as it is stored.

    ``stored``: the facts of the line, for the gestures that are done and undone by the same name.
    """
    detail: dict[str, Any] = as_json(stored) or {}
    if value == Gesture.DOCUMENT_READ and "fichier_abime" in detail:
        return _t("Document non servi")
    if value == Gesture.ACCES_SHARE and detail.get("partage") is False:
        return _t("Adresse e-mail du compte reprise")
    return str(GESTES.get(value, value))


def auteur(row: Any) -> str:
    """Return who did it: a name of the staff, else a capacity."""
    return str(row.auteur or ROLES.get(row.role, row.role))


def canal(value: str | None) -> str:
    """Return the words of a channel."""
    return str(_CANAUX.get(value or "", value or ""))


def facts(stored: Any) -> str:
    """Return the facts of a line in one short sentence; identifiers and unknown facts stay out."""
    detail: dict[str, Any] = as_json(stored) or {}
    found = []
    if detail.get("acte"):
        found.append(str(_ACTES.get(detail["acte"], detail["acte"])))
    if detail.get("canal"):
        found.append(_t("par %(canal)s") % {"canal": canal(detail["canal"])})
    if detail.get("telecharge"):
        found.append(str(_ACTES["telechargement"]))
    if "fichier_abime" in detail:  # its cause is for the exploitant's own log
        found.append(_t("fichier abîmé dans le stockage"))
    if detail.get("nom_different"):
        found.append(_t("compte à un autre nom, confirmé par la personne"))
    if detail.get("champs"):
        found.append(", ".join(str(name) for name in detail["champs"]))
    if detail.get("raison"):
        found.append(str(detail["raison"]))
    return " · ".join(found)
