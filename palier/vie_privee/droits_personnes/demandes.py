"""Asking: one request, split by controller, acknowledged at once. By a signed-in person, or by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple, now, today
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import serving
from palier.core.throttle import limit
from palier.core.vault import wrap_new_key
from palier.courrier.envois import send_later
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.droits_personnes.effets import person_of
from palier.vie_privee.droits_personnes.fichiers import Demande, Envoye, erase_later, keep
from palier.vie_privee.enums import DroitDemande, EtatDemande
from palier.vie_privee.models import DemandeAgence, DemandeCompte
from palier.vie_privee.rules.droits import echeance

_SEL = "palier.vie_privee.demande"
PAR_JOUR = 10
#: The same words sent again within this time are one request: two clicks, or « back » and again.
DOUBLON = timedelta(minutes=10)
CLOS = (EtatDemande.REPONDUE, EtatDemande.REFUSEE, EtatDemande.ANNULEE)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and by whom as he says it."""

    droit: str
    message: str
    email: str
    nom: str = ""
    langue: str = "fr"

    def fields(self, dossier: UUID, account_id: UUID | None) -> dict[str, Any]:
        """Return the columns common to both parts."""
        return {
            "dossier_id": dossier, "droit": self.droit, "account_id": account_id, "nom": self.nom, "email": self.email,
            "langue": self.langue, "message": self.message, "recue_le": now(), "echeance": echeance(today()),
        }  # fmt: skip


def link(row: Demande) -> str:
    """Return the address by which a person without an account follows his request: it opens this one only."""
    agence = row.agence_id.hex if isinstance(row, DemandeAgence) else ""
    return (
        f"{settings.SITE_URL}{reverse('droits_suivi', args=[signing.dumps([agence, row.id.hex], salt=_SEL)])}"
    )


def address_of(row: Demande) -> str:
    """Return where its author reads it: his account, or the signed link."""
    if row.account_id is None:
        return link(row)
    return f"{settings.SITE_URL}{reverse('ma_demande', args=[row.id])}"


def mailbox_of(row: Demande) -> str:
    """Return where its author is written to: his account's address of today, or the one that he gave without one.

    Empty once his account is erased, for the part of an agence.
    """
    if row.account_id is None:
        return row.email
    account = Account.objects.filter(pk=row.account_id).first()
    return account.email if account else row.email


def read_link(token: str) -> tuple[UUID | None, UUID]:
    """Return (agence or None for the account's controller, request). Raises Invisible for an altered link."""
    try:
        agence, row = signing.loads(token, salt=_SEL)
        return (UUID(agence) if agence else None), UUID(row)
    except (signing.BadSignature, ValueError, TypeError):
        raise Invisible from None


def _checked(question: Question, seul: bool) -> None:
    if question.droit not in DroitDemande.values:
        raise BusinessError("droit_absent", _("Choisissez le droit que vous exercez."))
    if len(question.message.strip()) < 10:
        raise BusinessError("message_court", _("Dites en quelques mots ce que vous demandez."))
    if seul:
        raise BusinessError("destinataire_absent", _("Choisissez à qui s’adresse la demande."))


@action(Gesture.DROITS_EXERCER)
def ask(actor: Actor, droit: str, message: str, agences: Sequence[UUID], *, compte: bool) -> list[Demande]:
    """Ask the controllers chosen; return the parts. Raises Invisible for an agence where he holds no accès."""
    account = Account.objects.get(pk=person_of(actor))
    question = Question(droit, message.strip()[:5000], account.email, langue=account.langue)
    wanted = list(dict.fromkeys(agences))
    _checked(question, not wanted and not compte)
    held = {one.agence_id: one.id for one in reversed(actor.acces)}
    if not set(wanted) <= set(held):
        raise Invisible
    limit("demandes_droits", str(account.pk), PAR_JOUR, 86400, _too_many())
    dossier = new_id()
    parts: list[Demande] = []
    for agence in Agence.objects.filter(id__in=wanted).order_by("nom", "id"):
        mine = DemandeAgence.objects.visible_to(actor).filter(agence_id=agence.id, account_id=account.pk)
        parts.append(_same(mine, question) or _for_agency(actor, agence, question, dossier, account.pk,
                                                          held[agence.id]))  # fmt: skip
    if compte:
        parts.append(_same(DemandeCompte.objects.filter(account_id=account.pk), question)
                     or _for_account(actor, question, dossier, account.pk))  # fmt: skip
    if any(part.dossier_id == dossier for part in parts):
        _acknowledge(parts, question, account.pk)
    return parts


@action(Gesture.PUBLIC_ONLY)
def ask_publicly(actor: Actor, agence: Agence | None, question: Question, source: str) -> None:
    """Take the request of somebody without an account. Says nothing of whether he is known: it does not look.

    ``source``: the network address, counted and not kept. ``agence`` None: the portal itself.
    """
    _checked(question, False)
    limit("droits_adresse", source, PAR_JOUR, 86400, _too_many())
    limit("droits_boite", question.email.lower(), 3, 86400, _too_many())
    dossier = new_id()
    if agence is None:
        part: Demande = _for_account(actor, question, dossier, None)
    else:
        with serving(actor, agence.id, "demande d’une personne sans compte") as system:
            part = _for_agency(system, agence, question, dossier, None, None)
    _acknowledge([part], question, None)


def _too_many() -> str:
    return _("Vous avez déjà envoyé plusieurs demandes aujourd’hui : elles sont reçues, une réponse viendra.")


def _same(rows: Any, question: Question) -> Any:
    """Return the same request sent a moment ago, if any."""
    return rows.filter(
        droit=question.droit, message=question.message, recue_le__gt=now() - DOUBLON, etat=EtatDemande.RECUE
    ).first()


def _for_agency(
    actor: Actor,
    agence: Agence,
    question: Question,
    dossier: UUID,
    account_id: UUID | None,
    acces_id: UUID | None,
) -> DemandeAgence:
    facts = question.fields(dossier, account_id)
    if (
        account_id is not None
    ):  # the agence knows the person by its own file; the account's address is not its own
        facts["email"] = ""
    row: DemandeAgence = DemandeAgence.objects.create(
        agence_id=agence.id, id=new_id(), acces_id=acces_id, **facts
    )
    tell_administrators(
        actor, agence, "demande_agence", droit=str(DroitDemande(question.droit).label), jour=date_simple(row.echeance),
        lien=f"{settings.SITE_URL}{reverse('gestion:droit', args=[agence.slug, row.id])}",
    )  # fmt: skip
    journal.record(
        actor, Gesture.DROITS_EXERCER, f"demande:{row.id}", agence_id=agence.id, acces_id=acces_id, acte="demande",
        droit=question.droit,
    )  # fmt: skip
    return row


def _for_account(actor: Actor, question: Question, dossier: UUID, account_id: UUID | None) -> DemandeCompte:
    row = DemandeCompte(id=new_id(), **question.fields(dossier, account_id))
    row.cle, row.sel = wrap_new_key(row.id)
    row.save(force_insert=True)
    send_later(
        "demande_dpo", to=settings.EXPLOITANT["dpo"], droit=str(DroitDemande(question.droit).label),
        lien=f"{settings.SITE_URL}{reverse('exploitant:dpo_demande', args=[row.id])}",
    )  # fmt: skip
    journal.record(actor, Gesture.DROITS_EXERCER, f"demande:{row.id}", acte="demande", droit=question.droit)
    return row


def _acknowledge(parts: Sequence[Demande], question: Question, account_id: UUID | None) -> None:
    names = controllers(parts)
    where = f"{settings.SITE_URL}{reverse('mes_demandes')}" if account_id else link(parts[0])
    send_later(
        "demande_recue", to=question.email, account_id=account_id, langue=question.langue, lien=where,
        droit=str(DroitDemande(question.droit).label), jour=date_simple(parts[0].echeance, question.langue),
        qui=", ".join(names),
    )  # fmt: skip


def controllers(parts: Sequence[Demande]) -> list[str]:
    """Return the names of the controllers of these parts, in their order."""
    names = dict(
        Agence.objects.filter(
            id__in=[p.agence_id for p in parts if isinstance(p, DemandeAgence)]
        ).values_list("id", "nom")
    )
    return [names[p.agence_id] if isinstance(p, DemandeAgence) else settings.EXPLOITANT["nom"] for p in parts]


@action(Gesture.DROITS_EXERCER)
def withdraw(actor: Actor, demande_id: UUID) -> None:
    """Its author takes a request back. Raises Invisible; BusinessError once it is closed."""
    row = own_request(actor, demande_id)
    if row.etat in CLOS:
        raise BusinessError("demande_close", _("Cette demande est déjà close."), status=409)
    row.etat = EtatDemande.ANNULEE
    _drop_identity(actor, row)
    row.save(update_fields=["etat", "identite"])
    _recorded(actor, row, "annulation")


def own_request(actor: Actor, demande_id: UUID) -> Demande:
    """Return a request of the signed-in person, locked. Raises Invisible."""
    found = (
        DemandeCompte.objects.select_for_update().filter(id=demande_id, account_id=actor.account_id).first()
        or DemandeAgence.objects.visible_to(actor)
        .select_for_update()
        .filter(id=demande_id, account_id=actor.account_id)
        .first()
    )
    if found is None or actor.account_id is None:
        raise Invisible
    result: Demande = found
    return result


@action(Gesture.DROITS_EXERCER)
def send_identity(actor: Actor, demande_id: UUID, envoye: Envoye) -> None:
    """The person sends the proof that was asked."""
    take_identity(actor, own_request(actor, demande_id), envoye)


def take_identity(actor: Actor, row: Demande, envoye: Envoye) -> None:
    """Keep the proof; the clock, stopped meanwhile, goes on. Inside an action."""
    if row.etat != EtatDemande.IDENTITE or row.identite_demandee_le is None:
        raise BusinessError("identite_inutile", _("Aucune preuve d’identité n’est attendue."), status=409)
    kept = keep(actor, row, envoye, images_only=True)
    moment = now()
    row.identite, row.identite_recue_le, row.etat = kept, moment, EtatDemande.RECUE
    row.echeance = echeance(
        row.recue_le.date(),
        prolongee=row.prolongee_le is not None,
        suspension=moment - row.identite_demandee_le,
    )
    row.save(update_fields=["identite", "identite_recue_le", "etat", "echeance"])
    _recorded(actor, row, "depot")


def _drop_identity(actor: Actor, row: Demande) -> None:
    erase_later(actor, row, row.identite)
    row.identite = {}


def _recorded(actor: Actor, row: Demande, acte: str) -> None:
    agence = row.agence_id if isinstance(row, DemandeAgence) else None
    acces = row.acces_id if isinstance(row, DemandeAgence) else None
    journal.record(
        actor, Gesture.DROITS_EXERCER, f"demande:{row.id}", agence_id=agence, acces_id=acces, acte=acte
    )
