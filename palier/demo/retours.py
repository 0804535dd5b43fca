"""What clients of the demo have said: changes of contact details, consents, an insurance certificate, one return file.

Through the actions that the pages use, once: a person who said something already is left alone.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from palier.acces.models import Espace
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import today
from palier.core.tenancy import acting_as, enter
from palier.echanges.generateur.blocs import texte
from palier.echanges.generateur.presse import print_piece
from palier.echanges.retours.actions import prepare_return
from palier.retours.actions_agence import refuse_row
from palier.retours.actions_consentements import choose_consent
from palier.retours.actions_coordonnees import confirm_details, propose_changes
from palier.retours.actions_justificatifs import Depot, send_proof
from palier.retours.models import ChangementCoordonnees, Consentement
from palier.retours.rules.consentements import REGLES

AGENCE = "les-tilleuls"
REASON = "chargement de la démonstration"


def seed() -> None:
    """Have four clients of the demo speak; the first two are in a return file, the others still wait."""
    agence = Agence.objects.filter(slug=AGENCE).first()
    if agence is None or _done(agence.id):
        return
    _speak(
        "helene.lefevre@courriel.example",
        {"telephone_mobile": {"telephone_mobile": "0600000017"}},
        "appel_de_fonds",
    )
    refused = _speak(
        "bernard.quemeneur@courriel.example", {"telephone_fixe": {"telephone_fixe": "0500000000"}}, ""
    )
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        if refused is not None:
            refuse_row(actor, "coordonnees", refused, "Ce numéro est celui de l’accueil de l’agence.")
        prepare_return(actor)
    _speak("francoise.peron@courriel.example", {"adresse": _adresse()}, "compte_rendu")
    _tenant("yanis.belhadj@courriel.example", agence.nom)
    _speak("anne-laure.daubigne@courriel.example", {}, "notification", sens="retire")


def _done(agence_id: UUID) -> bool:
    with acting_as(Actor.system(agence_id, REASON)) as actor:
        return any(
            model.objects.visible_to(actor).exists() for model in (ChangementCoordonnees, Consentement)
        )


def _adresse() -> dict[str, str]:
    return {
        "adresse_1": "14 allée des Mésanges",
        "adresse_2": "Résidence du Lac",
        "code_postal": "31200",
        "ville": "Toulouse",
        "pays": "FR",
    }


def _speak(email: str, valeurs: dict[str, dict[str, str]], genre: str, *, sens: str = "donne") -> UUID | None:
    """Have a client ask for changes and choose a consent; return the id of a request."""
    account = Account.objects.filter(email=email).first()
    if account is None:
        return None
    with transaction.atomic():
        actor = enter(account.pk)
        for ref in actor.acces[:1]:
            if valeurs:
                propose_changes(actor, ref.id, valeurs)
            else:
                confirm_details(actor, ref.id)
            if genre:
                choose_consent(actor, ref.id, genre, sens, REGLES[genre].version)
            rows = ChangementCoordonnees.objects.visible_to(actor).filter(acces_id=ref.id)
            return rows.order_by("-cree_le", "-id").values_list("id", flat=True).first()
    return None


def _tenant(email: str, agence: str) -> None:
    """A tenant consents to electronic receipts and sends his certificate, a real PDF."""
    _speak(email, {"email": {"email": "yanis.belhadj.2026@courriel.example"}}, "quittance")
    account = Account.objects.filter(email=email).first()
    if account is None:
        return
    du = today().replace(day=1)
    au = date(du.year + 1, du.month, 1) - timedelta(days=1)
    with transaction.atomic():
        actor = enter(account.pk)
        espace = Espace.objects.visible_to(actor).filter(qualite="locataire").order_by("id").first()
        if espace is None or espace.compte_client_id is None:
            return
        depot = Depot("attestation-assurance.pdf", _certificate(agence, du, au), du, au)
        send_proof(actor, espace.acces_id, espace.compte_client_id, depot)


def _certificate(agence: str, du: date, au: date) -> bytes:
    contenu = (
        f"La Prévoyance imaginaire atteste que le logement de M. Yanis Belhadj est assuré du {du:%d/%m/%Y} au "
        f"{au:%d/%m/%Y} contre les risques dont répond un locataire. Attestation destinée à {agence}."
    )
    return print_piece(
        {
            "titre": "Attestation d’assurance habitation",
            "sous_titre": "Document inventé",
            "date": f"Toulouse, le {du:%d/%m/%Y}",
            "agence": {
                "nom": "La Prévoyance imaginaire",
                "adresse": "1 place de l’Invention, 31000 Toulouse",
                "telephone": "05 00 00 00 00",
                "couleur": "#3a5a78",
            },
            "destinataire": ["M. Yanis Belhadj"],
            "pied": "document de démonstration",
            "blocs": [texte(contenu)],
        }
    )
