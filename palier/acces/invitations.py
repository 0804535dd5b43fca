"""Accepting an invitation to an agence's staff. It stands here, above accounts, agences and legal texts at once."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.accounts.passwords import LONGUEUR_EQUIPE
from palier.agences.actions import add_staff, digest
from palier.agences.enums import RoleEquipe
from palier.agences.models import Agence, InvitationEquipe
from palier.core.access import Gesture, require
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import serving
from palier.vie_privee.actions import record_acceptances


@dataclass(frozen=True, slots=True)
class InvitationVue:
    """An open invitation, as its bearer reads it."""

    agence: Agence
    id: UUID
    email: str
    nom: str
    role: str
    has_account: bool

    @property
    def role_libelle(self) -> str:
        """« Gestionnaire » in the reader's language."""
        return str(RoleEquipe(self.role).label)


def read_invitation(actor: Actor, slug: str, token: str) -> InvitationVue:
    """Return the open invitation of a link; raise ``Invisible`` when there is none (used, old, taken back, forged)."""
    require(actor, Gesture.PUBLIC_ONLY)
    agence = Agence.objects.filter(slug=slug).first()
    if agence is None:
        raise Invisible
    with serving(actor, agence.id, "invitation présentée") as system:
        row = (
            InvitationEquipe.objects.visible_to(system)
            .filter(
                agence_id=agence.id,
                jeton=digest(token),
                acceptee_le__isnull=True,
                revoquee_le__isnull=True,
                expire_le__gt=now(),
            )
            .first()
        )
    if row is None:
        raise Invisible
    known = Account.objects.filter(email=row.email.lower()).exists()
    return InvitationVue(agence, row.id, row.email.lower(), row.nom, row.role, known)


@action(Gesture.PUBLIC_ONLY)
def accept_invitation(
    actor: Actor, slug: str, token: str, *, password: str, textes: list[UUID], langue: str
) -> Account:
    """Open the invited person's place in the staff; create the account when the address has none.

    The token came by mail: the mailbox is proved. A known address must be signed in (``actor.account_id``) and gives
    its present password, which must be as long as a member of staff's. Raises ``BusinessError``.
    """
    invitation = read_invitation(actor, slug, token)
    account = (
        _known(actor, invitation, password) if invitation.has_account else _new(invitation, password, langue)
    )
    with serving(actor, invitation.agence.id, "invitation acceptée") as system:
        taken = (
            InvitationEquipe.objects.visible_to(system)
            .filter(agence_id=invitation.agence.id, id=invitation.id)
            .filter(acceptee_le__isnull=True, revoquee_le__isnull=True)
            .update(acceptee_le=now())
        )
        if taken != 1:
            raise BusinessError(
                "invitation_servie", _("Cette invitation vient de servir : connectez-vous."), status=410
            )
        add_staff(system, account_id=account.pk, nom=invitation.nom, role=invitation.role)
    Account.objects.filter(id=account.pk).update(equipe=True)
    record_acceptances(actor, account.pk, textes)
    return account


def _known(actor: Actor, invitation: InvitationVue, password: str) -> Account:
    known = Account.objects.filter(email=invitation.email)
    account = known.filter(id=actor.account_id).first() if actor.account_id else None
    if account is None:
        raise BusinessError(
            "autre_compte", _("Connectez-vous avec l’adresse qui a reçu l’invitation."), status=403
        )
    if not account.check_password(password):
        raise BusinessError("mot_de_passe_faux", _("Ce mot de passe n’est pas celui de votre compte."))
    if len(password) < LONGUEUR_EQUIPE:
        raise BusinessError(
            "mot_de_passe_court",
            _(
                "Pour travailler dans une agence, votre mot de passe doit compter au moins %(n)d caractères : "
                "changez-le dans « Mon compte », puis rouvrez ce lien."
            )
            % {"n": LONGUEUR_EQUIPE},
        )
    return account


def _new(invitation: InvitationVue, password: str, langue: str) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create_user(invitation.email, password, langue=langue, equipe=True)
    except IntegrityError:
        raise BusinessError(
            "compte_existant", _("Un compte vient d’être créé avec cette adresse : connectez-vous.")
        ) from None
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account
