"""Writes of the processor's duties."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.enums import RoleEquipe, StatutAgence
from palier.agences.models import Agence, Habilitation
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple, now, today
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import serving
from palier.core.trousseau import note_later
from palier.courrier.envois import send_later
from palier.vie_privee.enums import BaseCommunication, EffetInstruction, EtatCommunication
from palier.vie_privee.models import Communication, Instruction, Obligation, Opposition, SousTraitant
from palier.vie_privee.rules.devoirs import is_transfert, premier_jour


def author_of(actor: Actor) -> str:
    """Return the name under which a member of staff signs."""
    row = (
        Habilitation.objects.visible_to(actor)
        .filter(agence_id=actor.agence_id, account_id=actor.account_id)
        .first()
    )
    return row.nom if row else ""


@action(Gesture.AGENCE_SETTINGS)
def give_instruction(actor: Actor, texte: str, effet: str, parametre: str = "") -> Instruction:
    """The agence instructs its processor. Raises BusinessError when a transfer names no country."""
    if effet == EffetInstruction.TRANSFERT and not (len(parametre) == 2 and parametre.isalpha()):
        raise BusinessError("pays_absent", _("Dites vers quel pays : deux lettres, par exemple GB."))
    row: Instruction = Instruction.objects.create(
        agence_id=actor.agence_id, texte=texte.strip(), effet=effet, parametre=parametre.upper(), donnee_le=now(),
        donnee_par=actor.account_id, auteur=author_of(actor),
    )  # fmt: skip
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"instruction:{row.id}", agence_id=actor.agence_id, effet=effet
    )
    return row


@action(Gesture.AGENCE_SETTINGS)
def end_instruction(actor: Actor, instruction_id: UUID) -> None:
    """The agence withdraws an instruction; the text stays, with its end."""
    rows = Instruction.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, id=instruction_id, fin_le=None
    )
    if not rows.update(fin_le=now()):
        raise Invisible
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"instruction:{instruction_id}", agence_id=actor.agence_id, acte="fin"
    )


@action(Gesture.AGENCE_SETTINGS)
def object_to(actor: Actor, sous_traitant_id: UUID, motif: str) -> Opposition:
    """The agence objects to a sub-processor announced and not started. Raises BusinessError once it has started."""
    row = SousTraitant.objects.filter(id=sous_traitant_id).first()
    if row is None:
        raise Invisible
    if row.depuis <= today():
        raise BusinessError(
            "opposition_tardive",
            _("Ce prestataire est en place depuis le %(jour)s : écrivez à l’exploitant.")
            % {"jour": date_simple(row.depuis)},
            status=409,
        )
    made: Opposition = Opposition.objects.create(
        agence_id=actor.agence_id,
        sous_traitant_id=row.id,
        motif=motif.strip(),
        le=now(),
        auteur=author_of(actor),
    )
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"sous_traitant:{row.id}",
        agence_id=actor.agence_id,
        acte="opposition",
    )
    return made


@action(Gesture.AGENCE_SETTINGS)
def mark_obligations_read(actor: Actor) -> None:
    """The agence has seen the legal obligations announced: the proof of the notice."""
    rows = Obligation.objects.visible_to(actor).filter(agence_id=actor.agence_id, lue_le=None)
    rows.update(lue_le=now())
    journal.record(actor, Gesture.AGENCE_SETTINGS, "obligations", agence_id=actor.agence_id, acte="lecture")


@action(Gesture.DEVOIRS)
def announce_sub_processor(
    actor: Actor, *, nom: str, role: str, donnees: str, pays: str, lieu: str, depuis: date
) -> SousTraitant:
    """Announce a sub-processor to every agence, a month before it starts.

    Raises BusinessError when the notice is too short, or outside the EEA when an agence has not instructed it.
    """
    first = premier_jour(today())
    if depuis < first:
        raise BusinessError(
            "preavis_court",
            _("Les agences doivent pouvoir s’y opposer : la date la plus proche possible est le %(jour)s.")
            % {"jour": date_simple(first)},
        )
    if is_transfert(pays):
        silent = _without_instruction(actor, pays.upper())
        if silent:
            raise BusinessError(
                "transfert_sans_instruction",
                _(
                    "Ce pays est hors de l’Espace économique européen : sans instruction écrite de %(agences)s, c’est non."
                )
                % {"agences": ", ".join(silent)},
            )
    row = SousTraitant.objects.create(
        nom=nom, role=role, donnees=donnees, pays=pays.upper(), lieu=lieu, annonce_le=today(), depuis=depuis
    )
    for agence in Agence.objects.filter(statut=StatutAgence.ACTIVE).order_by("id"):
        tell_administrators(
            actor, agence, "sous_traitant", nom=nom, role=role, pays=pays.upper(), jour=date_simple(depuis),
            lien=f"{settings.SITE_URL}{reverse('gestion:prestataires', args=[agence.slug])}",
        )  # fmt: skip
    journal.record(actor, Gesture.DEVOIRS, f"sous_traitant:{row.id}", pays=row.pays, depuis=depuis)
    return row


def _without_instruction(actor: Actor, pays: str) -> list[str]:
    told = Instruction.objects.visible_to(actor).filter(
        effet=EffetInstruction.TRANSFERT, parametre=pays, fin_le=None
    )
    with_one = set(told.order_by("agence_id").values_list("agence_id", flat=True))
    rows = Agence.objects.filter(statut=StatutAgence.ACTIVE).order_by("nom")
    return [agence.nom for agence in rows if agence.id not in with_one]


def tell_administrators(actor: Actor, agence: Agence, modele: str, **faits: str) -> None:
    """Mail the administrators of an agence; the exploitant, who may not read its staff, acts for it a moment."""
    with serving(actor, agence.id, "information de l’agence") as system:
        staff = Habilitation.objects.visible_to(system)
        rows = staff.filter(agence_id=agence.id, role=RoleEquipe.ADMINISTRATEUR, revoquee_le=None).order_by(
            "id"
        )
        ids = list(rows.values_list("account_id", flat=True))
    for account in Account.objects.filter(id__in=ids, is_active=True).order_by("id"):
        send_later(
            modele, to=account.email, agence_id=agence.id, account_id=account.pk, langue=account.langue,
            agence=agence.nom, **faits,
        )  # fmt: skip


@action(Gesture.DEVOIRS)
def end_sub_processor(actor: Actor, sous_traitant_id: UUID, jour: date) -> None:
    """A sub-processor stops on that day; its line stays in the public list as past."""
    if not SousTraitant.objects.filter(id=sous_traitant_id, jusqu_au=None).update(jusqu_au=jour):
        raise Invisible
    journal.record(actor, Gesture.DEVOIRS, f"sous_traitant:{sous_traitant_id}", acte="fin", jour=jour)


@action(Gesture.DEVOIRS)
def announce_obligation(
    actor: Actor, agence: Agence, *, texte: str, article: str, prevue_le: date, secrete: bool
) -> Obligation:
    """Tell an agence that a law obliges us to process its data, before doing it; unless that law forbids telling."""
    if prevue_le <= today() and not secrete:
        raise BusinessError("obligation_tardive", _("L’agence est prévenue avant : donnez une date à venir."))
    row: Obligation = Obligation.objects.create(
        agence_id=agence.id,
        texte=texte,
        article=article,
        prevue_le=prevue_le,
        annoncee_le=now(),
        secrete=secrete,
    )
    if not secrete:
        tell_administrators(
            actor, agence, "obligation_legale", article=article, jour=date_simple(prevue_le),
            lien=f"{settings.SITE_URL}{reverse('gestion:contrat', args=[agence.slug])}",
        )  # fmt: skip
    # A line that names the agence would tell what the law forbids telling: that one goes to the portal's own chain.
    journal.record(
        actor,
        Gesture.DEVOIRS,
        f"obligation:{row.id}",
        agence_id=None if secrete else agence.id,
        article=article,
    )
    return row


@action(Gesture.DEVOIRS)
def record_disclosure(
    actor: Actor, *, email: str, destinataire: str, donnees: str, motif: str, base: str, article: str
) -> Communication:
    """Write a disclosure of account data in the register, or ask the person's consent when that is its ground.

    Raises BusinessError when the account is unknown, or when the law is the ground and its article is missing.
    """
    account = Account.objects.filter(email=email.strip().lower()).first() if email else None
    if email and account is None:
        raise BusinessError("compte_inconnu", _("Aucun compte n’a cette adresse."))
    if base == BaseCommunication.LOI and not article.strip():
        raise BusinessError("article_absent", _("Citez le texte ou la décision qui oblige à communiquer."))
    asks = base == BaseCommunication.CONSENTEMENT
    if asks and account is None:
        raise BusinessError(
            "personne_absente", _("Un accord se demande à une personne : donnez l’adresse de son compte.")
        )
    moment = now()
    row = Communication.objects.create(
        account_id=account.pk if account else None, destinataire=destinataire, donnees=donnees, motif=motif, base=base,
        article=article, etat=EtatCommunication.DEMANDEE if asks else EtatCommunication.FAITE, demandee_le=moment,
        faite_le=None if asks else moment, par=actor.account_id,
    )  # fmt: skip
    if asks and account is not None:
        send_later(
            "communication_demandee", to=account.email, account_id=account.pk, langue=account.langue,
            destinataire=destinataire, donnees=donnees, lien=f"{settings.SITE_URL}{reverse('communications')}",
        )  # fmt: skip
    journal.record(actor, Gesture.DEVOIRS, f"communication:{row.id}", base=base)
    return row


@action(Gesture.ACCOUNT)
def answer_disclosure(actor: Actor, communication_id: UUID, *, accepte: bool) -> Communication:
    """The person agrees, refuses, or withdraws an agreement. What was already sent stays written."""
    rows = Communication.objects.select_for_update().filter(
        id=communication_id, account_id=actor.account_id, base=BaseCommunication.CONSENTEMENT
    )
    row = rows.exclude(etat=EtatCommunication.FAITE).first()
    if row is None:
        raise Invisible
    was_given = row.etat == EtatCommunication.ACCORDEE
    refused = EtatCommunication.RETIREE if was_given else EtatCommunication.REFUSEE
    row.etat, row.repondue_le = EtatCommunication.ACCORDEE if accepte else refused, now()
    row.save(update_fields=["etat", "repondue_le"])
    journal.record(actor, Gesture.ACCOUNT, f"communication:{row.id}", etat=str(row.etat))
    if not accepte:
        note_later(None)
    return row


@action(Gesture.DEVOIRS)
def disclose_with_consent(actor: Actor, communication_id: UUID) -> None:
    """Write that what the person agreed to was sent. Raises BusinessError without a standing agreement."""
    rows = Communication.objects.filter(id=communication_id, etat=EtatCommunication.ACCORDEE)
    if not rows.update(etat=EtatCommunication.FAITE, faite_le=now(), par=actor.account_id):
        raise BusinessError(
            "accord_absent", _("La personne n’a pas donné son accord, ou l’a retiré."), status=409
        )
    journal.record(actor, Gesture.DEVOIRS, f"communication:{communication_id}", acte="faite")
