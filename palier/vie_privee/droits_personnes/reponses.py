"""Answering, for an agence or for the accounts: extend, doubt, verify, answer, refuse. Each step told and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple, now, today
from palier.core.errors import BusinessError, Invisible
from palier.courrier.envois import send_later
from palier.vie_privee.droits_personnes.demandes import CLOS, address_of, mailbox_of
from palier.vie_privee.droits_personnes.fichiers import Demande, Envoye, erase_later, keep
from palier.vie_privee.enums import EtatDemande
from palier.vie_privee.models import DemandeAgence, DemandeCompte
from palier.vie_privee.rules.droits import PIECES, echeance, peut_prolonger


@dataclass(frozen=True, slots=True)
class Acte:
    """What the controller does: ``prolonger``, ``identite``, ``verifier``, ``repondre`` or ``refuser``."""

    nom: str
    texte: str = ""
    fichiers: Sequence[Envoye] = field(default_factory=tuple)


@action(Gesture.DROITS_REPONDRE)
def act_for_agency(actor: Actor, demande_id: UUID, acte: Acte) -> DemandeAgence:
    """Do ``acte`` to a request addressed to the actor's agence. Raises Invisible, BusinessError."""
    rows = DemandeAgence.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=demande_id)
    row: DemandeAgence | None = rows.select_for_update().first()
    if row is None:
        raise Invisible
    _act(actor, row, acte)
    journal.record(
        actor, Gesture.DROITS_REPONDRE, f"demande:{row.id}", agence_id=row.agence_id, acces_id=row.acces_id,
        acte=acte.nom,
    )  # fmt: skip
    return row


@action(Gesture.DROITS_COMPTE)
def act_for_account(actor: Actor, demande_id: UUID, acte: Acte) -> DemandeCompte:
    """The same by the DPO, for what the exploitant controls."""
    row = DemandeCompte.objects.select_for_update().filter(id=demande_id).first()
    if row is None:
        raise Invisible
    _act(actor, row, acte)
    journal.record(actor, Gesture.DROITS_COMPTE, f"demande:{row.id}", acte=acte.nom)
    return row


def _act(actor: Actor, row: Demande, acte: Acte) -> None:
    if row.etat in CLOS:
        raise BusinessError(
            "demande_close", _("Cette demande est close : sa réponse ne change plus."), status=409
        )
    texte = acte.texte.strip()[:10000]
    if not texte and acte.nom != "verifier":
        raise BusinessError("texte_absent", _("Écrivez ce que la personne doit lire."))
    {
        "prolonger": _extend,
        "identite": _doubt,
        "verifier": _verify,
        "repondre": _answer,
        "refuser": _refuse,
    }[acte.nom](actor, row, Acte(acte.nom, texte, acte.fichiers))
    row.save()


def _extend(actor: Actor, row: Demande, acte: Acte) -> None:
    if row.prolongee_le is not None:
        raise BusinessError(
            "deja_prolongee", _("Le délai est déjà prolongé : il ne l’est qu’une fois."), status=409
        )
    if not peut_prolonger(today(), row.echeance):
        raise BusinessError(
            "trop_tard",
            _(
                "Le premier mois est passé : le délai ne peut plus être prolongé (RGPD, article 12.3). Répondez."
            ),
            status=409,
        )
    waited = (
        row.identite_recue_le - row.identite_demandee_le
        if row.identite_recue_le and row.identite_demandee_le
        else None
    )
    row.prolongee_le, row.prolongation = now(), acte.texte
    row.echeance = (
        echeance(row.recue_le.date(), prolongee=True, suspension=waited)
        if waited
        else echeance(row.recue_le.date(), prolongee=True)
    )
    _tell(row, "demande_prolongee", motif=acte.texte)


def _doubt(actor: Actor, row: Demande, acte: Acte) -> None:
    if row.identite_demandee_le is not None:
        raise BusinessError(
            "identite_deja_demandee", _("Une preuve a déjà été demandée : on ne la demande qu’une fois."), status=409
        )  # fmt: skip
    if not mailbox_of(row):
        raise BusinessError(
            "personne_injoignable",
            _("Cette personne n’a plus de compte : demandez-lui cette preuve par courrier."),
            status=409,
        )
    row.identite_demandee_le, row.identite_motif, row.etat = now(), acte.texte, EtatDemande.IDENTITE
    _tell(row, "demande_identite", motif=acte.texte)


def _verify(actor: Actor, row: Demande, acte: Acte) -> None:
    if not row.identite:
        raise BusinessError("identite_absente", _("Aucune preuve d’identité n’a été reçue."), status=409)
    row.identite_verifiee_le = now()
    _forget_identity(actor, row)


def _forget_identity(actor: Actor, row: Demande) -> None:
    erase_later(actor, row, row.identite)
    row.identite = {}


def _close(actor: Actor, row: Demande, acte: Acte, etat: EtatDemande, texte: str) -> None:
    if len(acte.fichiers) > PIECES:
        raise BusinessError("trop_de_pieces", _("Cinq pièces au plus : réunissez-les dans une archive zip."))
    row.pieces = [keep(actor, row, one) for one in acte.fichiers]
    row.etat, row.reponse, row.repondue_le, row.repondue_par = etat, texte, now(), actor.account_id
    _forget_identity(actor, row)
    _tell(row, "demande_repondue")


def _answer(actor: Actor, row: Demande, acte: Acte) -> None:
    _close(actor, row, acte, EtatDemande.REPONDUE, acte.texte)


def _refuse(actor: Actor, row: Demande, acte: Acte) -> None:
    """A refusal says its reasons and where to complain (art. 12.4)."""
    _close(actor, row, acte, EtatDemande.REFUSEE, acte.texte)


def _tell(row: Demande, modele: str, **faits: str) -> None:
    mailbox = mailbox_of(row)
    if not mailbox:  # his account is erased: the page says so, and the agence writes to him by its own means
        return
    if isinstance(row, DemandeAgence):
        agence = Agence.objects.get(id=row.agence_id)
        qui, nom, agence_id = agence.nom, agence.nom, agence.id
    else:
        qui, nom, agence_id = settings.EXPLOITANT["nom"], "", None
    send_later(
        modele, to=mailbox, agence_id=agence_id, account_id=row.account_id, langue=row.langue, qui=qui, agence=nom,
        jour=date_simple(row.echeance, row.langue), lien=address_of(row), **faits,
    )  # fmt: skip
