"""Reads of the agences' room: the staff and the invitations that wait."""

from uuid import UUID

from palier.agences.enums import FonctionPortail, GenreRestriction
from palier.agences.models import Agence, Habilitation, InvitationEquipe, RestrictionAgence
from palier.core.actor import Actor


def staff(actor: Actor) -> list[Habilitation]:
    """Return the present staff of the actor's agence, administrators first."""
    rows = Habilitation.objects.visible_to(actor).filter(agence_id=actor.agence_id, revoquee_le__isnull=True)
    return list(rows.order_by("role", "nom", "id"))


def open_invitations(actor: Actor) -> list[InvitationEquipe]:
    """Return the invitations that nobody accepted nor took back, expired ones included, newest first."""
    rows = InvitationEquipe.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, acceptee_le__isnull=True, revoquee_le__isnull=True
    )
    return list(rows.order_by("-expire_le", "id"))


def agences() -> list[Agence]:
    """Return every agence by name: its public facts and its contract."""
    return list(Agence.objects.order_by("nom", "id"))


def is_closed(actor: Actor, agence_id: UUID, fonction: FonctionPortail) -> bool:
    """Tell whether the agence keeps a feature closed to its clients. One query."""
    rows = RestrictionAgence.objects.visible_to(actor).filter(agence_id=agence_id)
    return bool(rows.filter(genre=GenreRestriction.FONCTION, valeur=fonction).exists())
