"""The mail that invites somebody to an agence's staff: the desk and the operator's console both send it."""

from django.conf import settings
from django.urls import reverse

from palier.agences.models import Agence, InvitationEquipe
from palier.core.dates import date_longue
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits


def send_invitation(agence: Agence, invitation: InvitationEquipe, token: str) -> None:
    """Queue the invitation's mail; the token leaves in its link only, and travels sealed."""
    link = reverse("equipe_invitation", kwargs={"agence": agence.slug, "jeton": token})
    send_later(
        "invitation_equipe",
        to=invitation.email,
        agence_id=agence.id,
        nom=invitation.nom,
        lien=f"{settings.SITE_URL}{link}",
        expire=date_longue(invitation.expire_le),
        **agence_faits(agence),
    )
