"""Keep a choice about cookies, with its proof."""

import secrets
from datetime import datetime

from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.vie_privee.models import ChoixTemoins
from palier.vie_privee.queries import text_in_force
from palier.vie_privee.temoins.registre import CHOIX, Finalite


@action(Gesture.PUBLIC_ONLY)
def record_choice(
    actor: Actor, acceptes: frozenset[Finalite], origine: str, langue: str
) -> tuple[str, datetime]:
    """Keep a choice and return (its reference, its moment) for the cookie. The line names nobody."""
    texte = text_in_force("cookies", langue)
    reference, moment = secrets.token_urlsafe(9), now()
    ChoixTemoins.objects.create(
        reference=reference,
        le=moment,
        acceptes=",".join(f.value for f in CHOIX if f in acceptes) or "aucun",
        origine=origine,
        texte=texte.empreinte if texte else "",
    )
    return reference, moment
