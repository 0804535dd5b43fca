"""Codes that leave by e-mail: whoever reads the mailbox holds both halves, so a letter is safer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palier.acces.codes import Vu, issue_codes
from palier.acces.lettres import activation_link
from palier.acces.models import Acces
from palier.agences.models import Agence
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple
from palier.core.errors import BusinessError, Invisible
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits


@dataclass(frozen=True, slots=True)
class BilanEmail:
    """How many invitations leave, and how many persons have no address (or an accès already attached)."""

    envoyes: int
    sans_adresse: int


@action(Gesture.CODE_ISSUE)
def email_codes(
    actor: Actor, acces_ids: Sequence[UUID], *, vus: Mapping[UUID, Vu] | None = None
) -> BilanEmail:
    """Issue codes and send them to the addresses that the back-office holds; the others keep their old code.

    Raises as ``issue_codes``.
    """
    rows = list(Acces.objects.visible_to(actor).filter(id__in=list(acces_ids)).select_related("tiers"))
    if len(rows) != len(set(acces_ids)):
        raise Invisible
    reachable = [row.id for row in rows if row.tiers.email and row.account_id is None]
    if not reachable:
        raise BusinessError(
            "sans_adresse",
            _("Aucune de ces personnes n’a d’adresse e-mail dans votre logiciel : envoyez-leur un courrier."),
        )
    agence = Agence.objects.get(id=actor.agence_id)
    for code in issue_codes(actor, reachable, "email", vus=vus):
        send_later(
            "invitation_code",
            to=code.email,
            agence_id=agence.id,
            appel=code.appel,
            identifiant=code.identifiant_imprime,
            secret=code.secret_imprime,
            expire=date_simple(code.expire_le),
            lien=activation_link(code.identifiant),
            **agence_faits(agence),
        )
    return BilanEmail(len(reachable), len(rows) - len(reachable))
