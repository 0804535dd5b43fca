"""Writes of the agences' room: opening an agence, its settings, its staff and their invitations."""

import hashlib
import re
import secrets
from datetime import date, timedelta
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from palier.agences.enums import RoleEquipe
from palier.agences.models import Agence, CleAgence, Habilitation, InvitationEquipe
from palier.core import journal
from palier.core.access import Gesture, require
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import keyed_id
from palier.core.tenancy import open_actor
from palier.core.trousseau import note_later
from palier.core.vault import wrap_new_key

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_COULEUR = re.compile(r"#[0-9a-fA-F]{6}$")
INVITATION_JOURS = 7  # an invitation carries full rights over an agence: it lives a week
VALIDITE_CODE = (1, 365)  # days that an agence may choose for its codes
VERSIONS_JOURS = (
    30,
    90,
)  # days that former states of rows may be kept (vie_privee/conservation: « versions »)
# Months that returns may be kept once settled: a year to answer a question, five to answer a claim (C. civ. art. 2224).
RETOURS_MOIS = (12, 60)
AVIS_DELAI = (0, 48)  # hours that the mails about new documents may wait


def digest(token: str) -> str:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@action(Gesture.AGENCE_CREATE)
def create_agence(
    actor: Actor,
    *,
    slug: str,
    nom: str,
    telephone: str = "",
    email: str = "",
    adresse: str = "",
    couleur: str = "#3a5a78",
    contrat_debut: date | None = None,
    contrat_fin: date | None = None,
    validite_code_jours: int = 90,
) -> Agence:
    """Open an agence: its public facts, its data key, and the cercle of its staff.

    Raises ``BusinessError`` when the slug is malformed or taken, or the colour is not ``#rrggbb``.
    """
    if not _SLUG.match(slug) or len(slug) > 60:
        raise BusinessError(
            "slug_mal_forme",
            _(
                "L’adresse courte « %(slug)s » n’est pas possible : "
                "écrivez des minuscules sans accent, des chiffres et des tirets."
            )
            % {"slug": slug},
        )
    if Agence.objects.filter(slug=slug).exists():
        raise BusinessError(
            "slug_pris",
            _("L’adresse courte « %(slug)s » est déjà prise : choisissez-en une autre.") % {"slug": slug},
        )
    _check_settings(couleur, validite_code_jours)
    agence = Agence(
        slug=slug, nom=nom, telephone=telephone, email=email, adresse=adresse, couleur=couleur.lower(),
        contrat_debut=contrat_debut, contrat_fin=contrat_fin, validite_code_jours=validite_code_jours,
    )  # fmt: skip
    agence.save(force_insert=True)
    open_actor(Actor.system(agence.id, "ouverture de l’agence"))
    wrapped, salt = wrap_new_key(agence.id)
    CleAgence.objects.create(agence_id=agence.id, cle_enveloppee=wrapped, sel=salt)
    # The room of the cercles stands above this one: it is reached by its name, not imported.
    apps.get_model("acces", "Cercle").objects.create(
        agence_id=agence.id,
        id=keyed_id(salt, "cercle", "interne", str(agence.id)),
        genre="interne",
        objet_id=agence.id,
    )
    open_actor(actor)
    journal.record(actor, Gesture.AGENCE_CREATE, f"agence:{agence.id}", agence_id=agence.id, slug=slug)
    return agence


def _check_settings(couleur: str, validite_code_jours: int) -> None:
    if not _COULEUR.match(couleur):
        raise BusinessError(
            "couleur_mal_formee",
            _("La couleur s’écrit # suivi de six chiffres ou lettres de a à f, par exemple #3a5a78."),
        )
    least, most = VALIDITE_CODE
    if not least <= validite_code_jours <= most:
        raise BusinessError(
            "validite_hors_bornes",
            _("La durée d’un code va de %(least)s à %(most)s jours.") % {"least": least, "most": most},
        )


@action(Gesture.AGENCE_SETTINGS)
def change_settings(
    actor: Actor,
    *,
    telephone: str,
    email: str,
    adresse: str,
    couleur: str,
    validite_code_jours: int,
    avis_delai_heures: int,
    versions_jours: int = VERSIONS_JOURS[1],
    retours_mois: int = RETOURS_MOIS[1],
) -> Agence:
    """Change what the agence's administrator decides; return the agence. The journal names the fields changed."""
    _check_settings(couleur, validite_code_jours)
    least, most = AVIS_DELAI
    if not least <= avis_delai_heures <= most:
        raise BusinessError(
            "avis_hors_bornes",
            _("Le délai des avis va de %(least)s à %(most)s heures.") % {"least": least, "most": most},
        )
    least, most = VERSIONS_JOURS
    if not least <= versions_jours <= most:
        raise BusinessError(
            "versions_hors_bornes",
            _("Les états antérieurs se gardent de %(least)s à %(most)s jours.")
            % {"least": least, "most": most},
        )
    least, most = RETOURS_MOIS
    if not least <= retours_mois <= most:
        raise BusinessError(
            "retours_hors_bornes",
            _("Les retours se gardent de %(least)s à %(most)s mois.") % {"least": least, "most": most},
        )
    wanted = {
        "telephone": telephone,
        "email": email,
        "adresse": adresse,
        "couleur": couleur.lower(),
        "validite_code_jours": validite_code_jours,
        "avis_delai_heures": avis_delai_heures,
        "versions_jours": versions_jours,
        "retours_mois": retours_mois,
    }
    agence = Agence.objects.select_for_update().get(id=actor.agence_id)
    changed = [name for name, value in wanted.items() if getattr(agence, name) != value]
    for name in changed:
        setattr(agence, name, wanted[name])
    if changed:
        agence.save(update_fields=changed)
        journal.record(
            actor, Gesture.AGENCE_SETTINGS, f"agence:{agence.id}", agence_id=agence.id, champs=changed
        )
    return agence


# --- Staff -------------------------------------------------------------------------------------------------------


@action(Gesture.EQUIPE_MANAGE)
def add_staff(actor: Actor, *, account_id: UUID, nom: str, role: str) -> Habilitation:
    """Give an existing account a place in the staff of the actor's agence (commands, accepted invitations).

    Giving it twice changes the role and the name rather than fail.
    """
    agence_id, role = actor.agence_id, RoleEquipe(role).value
    held = _live_staff(actor).filter(account_id=account_id).first()
    if held is not None:
        if held.role == RoleEquipe.ADMINISTRATEUR and role != RoleEquipe.ADMINISTRATEUR:
            _refuse_last_administrator(actor, held)
        held.role, held.nom = role, nom
        if role != RoleEquipe.GESTIONNAIRE:
            held.portefeuille, held.gestes_fermes = None, []  # an administrator sees and does everything
        held.save(update_fields=["role", "nom", "portefeuille", "gestes_fermes"])
    else:
        held = Habilitation.objects.create(agence_id=agence_id, account_id=account_id, nom=nom, role=role)
    journal.record(
        actor,
        Gesture.EQUIPE_MANAGE,
        f"habilitation:{held.id}",
        agence_id=agence_id,
        acte="ajout",
        role_donne=role,
    )
    return held


@action(Gesture.EQUIPE_MANAGE)
def revoke_staff(actor: Actor, habilitation_id: UUID) -> Habilitation:
    """Take away a member's place: the desk closes at his next request. The last administrator stays."""
    held = _live_staff(actor).select_for_update().filter(id=habilitation_id).first()
    if held is None:
        raise Invisible
    if held.role == RoleEquipe.ADMINISTRATEUR:
        _refuse_last_administrator(actor, held)
    held.revoquee_le = now()
    held.save(update_fields=["revoquee_le"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"habilitation:{held.id}", agence_id=actor.agence_id, acte="retrait"
    )
    note_later(actor.agence_id)
    return held


def _live_staff(actor: Actor) -> QuerySet[Habilitation]:
    rows = Habilitation.objects.visible_to(actor)
    return rows.filter(agence_id=actor.agence_id, revoquee_le__isnull=True)


def _refuse_last_administrator(actor: Actor, leaving: Habilitation) -> None:
    # Locked in a fixed order: two administrators who remove one another at once must not both succeed.
    rows = _live_staff(actor).filter(role=RoleEquipe.ADMINISTRATEUR).order_by("id").select_for_update()
    if [row.id for row in rows] == [leaving.id]:
        raise BusinessError(
            "dernier_administrateur",
            _("C’est le dernier administrateur de l’agence : nommez-en un autre d’abord."),
            status=409,
        )


@action(Gesture.EQUIPE_MANAGE)
def invite_staff(actor: Actor, *, email: str, nom: str, role: str) -> tuple[InvitationEquipe, str]:
    """Invite a future member; return the invitation and its token, which is kept nowhere else than in the mail.

    Inviting the same address again replaces the former invitation. The caller sends the mail in the same transaction.
    """
    _live_invitations(actor).filter(email=email.lower()).update(revoquee_le=now())
    token = secrets.token_urlsafe(32)
    invitation = InvitationEquipe.objects.create(
        agence_id=actor.agence_id,
        email=email.lower(),
        nom=nom,
        role=RoleEquipe(role).value,
        jeton=digest(token),
        # The first administrator is invited by the operator: a system actor has no account.
        invitee_par=actor.account_id or UUID(int=0),
        expire_le=now() + timedelta(days=INVITATION_JOURS),
    )
    journal.record(
        actor,
        Gesture.EQUIPE_MANAGE,
        f"invitation:{invitation.id}",
        agence_id=actor.agence_id,
        acte="invitation",
        role_donne=invitation.role,
    )
    return invitation, token


@action(Gesture.EQUIPE_MANAGE)
def resend_invitation(actor: Actor, invitation_id: UUID) -> tuple[InvitationEquipe, str]:
    """Give an invitation a new token and a new week; the former link dies. Return both as ``invite_staff``."""
    invitation = _live_invitations(actor).select_for_update().filter(id=invitation_id).first()
    if invitation is None:
        raise Invisible
    token = secrets.token_urlsafe(32)
    invitation.jeton = digest(token)
    invitation.expire_le = now() + timedelta(days=INVITATION_JOURS)
    invitation.save(update_fields=["jeton", "expire_le"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"invitation:{invitation.id}", agence_id=actor.agence_id, acte="renvoi"
    )
    return invitation, token


@action(Gesture.EQUIPE_MANAGE)
def revoke_invitation(actor: Actor, invitation_id: UUID) -> InvitationEquipe:
    """Take an invitation back: its link opens nothing any more."""
    invitation = _live_invitations(actor).filter(id=invitation_id).first()
    if invitation is None:
        raise Invisible
    invitation.revoquee_le = now()
    invitation.save(update_fields=["revoquee_le"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"invitation:{invitation.id}", agence_id=actor.agence_id, acte="retrait"
    )
    note_later(actor.agence_id)
    return invitation


def _live_invitations(actor: Actor) -> QuerySet[InvitationEquipe]:
    rows = InvitationEquipe.objects.visible_to(actor)
    return rows.filter(agence_id=actor.agence_id, acceptee_le__isnull=True, revoquee_le__isnull=True)


@action(Gesture.AGENCE_CREATE)
def invite_administrator(
    actor: Actor, agence_id: UUID, *, email: str, nom: str
) -> tuple[InvitationEquipe, str]:
    """The operator invites an agence's first administrator, without reaching any other row of that agence."""
    system = Actor.system(agence_id, "invitation de l’administrateur par l’exploitant")
    open_actor(system)
    invited = invite_staff(system, email=email, nom=nom, role=RoleEquipe.ADMINISTRATEUR)
    open_actor(actor)
    journal.record(actor, Gesture.AGENCE_CREATE, f"agence:{agence_id}", acte="invitation")
    return invited


@action(Gesture.VIEW_AS)
def record_view(actor: Actor, acces_id: UUID, acte: str) -> None:
    """Write in the journal that staff begins (``debut``) or ends (``fin``) looking at what a person sees."""
    journal.record(
        actor, Gesture.VIEW_AS, f"acces:{acces_id}", agence_id=actor.agence_id, acces_id=acces_id, acte=acte
    )


def record_reading(actor: Actor, acces_id: UUID) -> None:
    """Write in the journal that staff opened a person's page: he sees it in « Qui a consulté mes données ».

    One line in the page's own transaction: an action of its own would cost two more round trips for nothing to undo.
    """
    require(actor, Gesture.PERSONNE_READ)
    with writing("record_reading"):
        journal.record(
            actor, Gesture.PERSONNE_READ, f"acces:{acces_id}", agence_id=actor.agence_id, acces_id=acces_id
        )
