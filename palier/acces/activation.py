"""Creating an account from a code: nothing of it exists until its mailbox is proved."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.acces.models import Activation
from palier.acces.rattachement import lock_code, only_space, record_attachment, use_code
from palier.acces.verification import reread
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError
from palier.core.ids import new_id
from palier.core.tenancy import serving
from palier.core.throttle import limit
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits
from palier.vie_privee.actions import record_acceptances

DUREE = timedelta(hours=24)
_SEL = "palier.activation"
MAILS_PAR_HEURE = 5
ESSAIS_MOT_DE_PASSE = 10


@dataclass(frozen=True, slots=True)
class Ouverture:
    """What a confirmed activation opened."""

    account: Account
    espace_id: UUID | None


def link_token(activation: Activation) -> str:
    """Return the signed token of the link: which activation, which round. No personal data (U1)."""
    return signing.dumps([str(activation.id), activation.tour], salt=_SEL)


def read_token(token: str) -> Activation:
    """Return the activation of a link; raise ``BusinessError`` when it is forged, old, replaced or already served."""
    try:
        ident, tour = signing.loads(token, salt=_SEL, max_age=DUREE)
        activation = Activation.objects.filter(id=UUID(ident)).first()
    except (signing.BadSignature, ValueError, TypeError):
        raise _dead_link() from None
    if activation is None or activation.tour != tour or activation.expire_le <= now():
        raise _dead_link()
    return activation


def _dead_link() -> BusinessError:
    return BusinessError(
        "lien_mort",
        _(
            "Ce lien ne vaut plus : il a déjà servi, il a été remplacé par un plus récent, ou il date de plus de "
            "24 heures. Si votre compte est ouvert, connectez-vous ; sinon, reprenez votre courrier."
        ),
        status=410,
    )


def owner_of(email: str) -> Account | None:
    """Return the account that holds this exact address."""
    return Account.objects.filter(email=email.lower()).first()


def _limit_mails(email: str, activation_id: UUID) -> None:
    """Bound the mails that a visitor can cause: to one mailbox, and in one activation."""
    message = _(
        "Plusieurs messages viennent déjà de partir : attendez une heure avant d’en demander un autre."
    )
    limit("activation_boite", email.lower(), MAILS_PAR_HEURE, 3600, message)
    limit("activation_envois", str(activation_id), MAILS_PAR_HEURE, 3600, message)


@action(Gesture.PUBLIC_ONLY)
def start_activation(
    actor: Actor,
    agence_id: UUID,
    code_id: UUID,
    *,
    email: str,
    password: str,
    textes: list[UUID],
    langue: str,
) -> Activation:
    """Keep what the person chose and send the link. Same work, same time, whether the address has an account (A1)."""
    reread(actor, agence_id, code_id)
    activation = Activation(
        id=new_id(),
        agence_id=agence_id,
        code_id=code_id,
        email=email.lower(),
        mot_de_passe=make_password(password),
        textes=[str(texte) for texte in textes],
        langue=langue,
        cree_le=now(),
        expire_le=now() + DUREE,
    )
    _limit_mails(activation.email, activation.id)
    activation.save(force_insert=True)
    _send_link(activation)
    return activation


@action(Gesture.PUBLIC_ONLY)
def resend_link(actor: Actor, activation_id: UUID, *, email: str | None = None) -> Activation:
    """Send the link again, to a corrected address when ``email`` is given: older links die then."""
    activation = Activation.objects.select_for_update().filter(id=activation_id, expire_le__gt=now()).first()
    if activation is None:
        raise BusinessError(
            "activation_finie", _("Cette activation est terminée ou trop ancienne : reprenez votre courrier.")
        )
    _limit_mails(email or activation.email, activation.id)
    if email and email.lower() != activation.email:
        activation.email = email.lower()
        activation.tour += 1
        activation.save(update_fields=["email", "tour"])
    _send_link(activation)
    return activation


def _send_link(activation: Activation) -> None:
    """Queue the mail: it is the only place that knows whether the address already has an account."""
    agence = Agence.objects.get(id=activation.agence_id)
    owner = owner_of(activation.email)
    langue = owner.langue if owner else activation.langue
    send_later(
        "activation_existant" if owner else "activation",
        to=activation.email,
        agence_id=activation.agence_id,
        langue=langue,
        lien=f"{settings.SITE_URL}{reverse('activer_confirmer', args=[link_token(activation)])}",
        **agence_faits(agence, langue),
    )


@action(Gesture.PUBLIC_ONLY)
def confirm_activation(actor: Actor, token: str, *, same_browser: bool, password: str = "") -> Ouverture:
    """Create the account and attach the accès, all or nothing; exactly one of two simultaneous uses passes.

    Opened elsewhere than where it was started, the link also asks the password chosen: a mistyped address's owner
    reads the mail but cannot enter. Raises ``BusinessError``.
    """
    found = read_token(token)
    with serving(actor, found.agence_id, "activation") as system:
        # The code before its activations, always: the winner erases them all, and must not wait for a loser's.
        lock_code(system, found.agence_id, found.code_id)
    activation = Activation.objects.select_for_update().filter(id=found.id, tour=found.tour).first()
    if activation is None:
        # Erased by whoever was quicker, who may be somebody else: the code itself tells what became of it.
        reread(actor, found.agence_id, found.code_id)
        raise _dead_link()
    if not same_browser:
        _check_password(activation, password)
    account = _create_account(activation)
    with serving(actor, activation.agence_id, "activation") as system:
        acces = use_code(system, activation.agence_id, activation.code_id, account)
        space = only_space(system, acces)
    record_acceptances(actor, account.pk, [UUID(texte) for texte in activation.textes])
    Activation.objects.filter(code_id=activation.code_id).delete()
    record_attachment(actor, acces, account)
    return Ouverture(account, space)


def _check_password(activation: Activation, password: str) -> None:
    limit(
        "activation_mot_de_passe",
        str(activation.id),
        ESSAIS_MOT_DE_PASSE,
        3600,
        _("Trop d’essais. Attendez une heure, ou reprenez votre courrier depuis le début."),
    )
    if not check_password(password, activation.mot_de_passe):
        raise BusinessError(
            "mot_de_passe_faux",
            _(
                "Ce n’est pas le mot de passe choisi au début. Essayez de nouveau, ou reprenez votre courrier depuis "
                "le début."
            ),
        )


def _create_account(activation: Activation) -> Account:
    """Create the account and its verified address; refuse when the address got an account meanwhile."""
    try:
        with transaction.atomic():
            account = Account(
                email=activation.email, password=activation.mot_de_passe, langue=activation.langue
            )
            account.save(force_insert=True)
    except IntegrityError:
        raise BusinessError(
            "compte_existant",
            _(
                "Un compte existe déjà avec cette adresse : connectez-vous, puis rouvrez ce lien pour y rattacher "
                "l’accès."
            ),
        ) from None
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account
