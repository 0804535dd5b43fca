"""An agence lets the exploitant in; he comes in, page by page in the journal; it ends by itself, or when it says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.trousseau import note_later
from palier.vie_privee.devoirs.actions import author_of
from palier.vie_privee.models import Assistance
from palier.vie_privee.rules.incidents import ASSISTANCE_HEURES


@action(Gesture.ASSISTANCE_GRANT)
def grant(actor: Actor, motif: str, heures: int) -> Assistance:
    """Let the exploitant in, for a reason and some hours. Raises BusinessError out of bounds or when one is open."""
    least, most = ASSISTANCE_HEURES
    if not motif.strip():
        raise BusinessError("motif_absent", _("Dites ce que l’assistance doit regarder."))
    if not least <= heures <= most:
        raise BusinessError(
            "duree_hors_bornes", _("La durée va de %(a)s à %(b)s heures.") % {"a": least, "b": most}
        )
    if live(actor, actor.agence_id):
        raise BusinessError(
            "assistance_ouverte", _("Une assistance est déjà ouverte : mettez-y fin d’abord."), status=409
        )
    row: Assistance = Assistance.objects.create(
        agence_id=actor.agence_id, motif=motif.strip(), debut_le=now(), fin_le=now() + timedelta(hours=heures),
        demandee_par=actor.account_id, auteur=author_of(actor),
    )  # fmt: skip
    journal.record(
        actor,
        Gesture.ASSISTANCE_GRANT,
        f"assistance:{row.id}",
        agence_id=actor.agence_id,
        heures=heures,
        acte="ouverture",
    )
    return row


@action(Gesture.ASSISTANCE_GRANT)
def end(actor: Actor, assistance_id: UUID) -> None:
    """The agence ends it at once."""
    rows = Assistance.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, id=assistance_id, fin_le__gt=now()
    )
    if not rows.update(fin_le=now()):
        raise Invisible
    journal.record(
        actor, Gesture.ASSISTANCE_GRANT, f"assistance:{assistance_id}", agence_id=actor.agence_id, acte="fin"
    )
    note_later(actor.agence_id)


def live(actor: Actor, agence_id: UUID) -> Assistance | None:
    """Return the assistance open now at an agence, if any."""
    moment = now()
    rows = Assistance.objects.visible_to(actor).filter(
        agence_id=agence_id, debut_le__lte=moment, fin_le__gt=moment
    )
    found: Assistance | None = rows.order_by("-debut_le").first()
    return found


@dataclass(frozen=True, slots=True)
class Porte:
    """An agence that calls for help now."""

    id: UUID
    agence_id: UUID
    motif: str
    fin_le: datetime


def open_doors(actor: Actor) -> list[Porte]:
    """Return where the exploitant may come in now. Only the exploitant sees more than his own agence's."""
    rows = (
        Assistance.objects.visible_to(actor)
        .filter(debut_le__lte=now(), fin_le__gt=now())
        .order_by("fin_le", "id")
    )
    return [Porte(r.id, r.agence_id, r.motif, r.fin_le) for r in rows]


def visits(actor: Actor, agence_id: UUID | None = None) -> list[Assistance]:
    """Return the past and present assistances that the actor sees, the newest first."""
    rows = Assistance.objects.visible_to(actor)
    if agence_id is not None:
        rows = rows.filter(agence_id=agence_id)
    return list(rows.order_by("-debut_le", "id")[:100])


@action(Gesture.ASSISTANCE_ENTER)
def record_page(actor: Actor, assistance: Assistance, page: str, acces_id: UUID | None) -> None:
    """Write that the exploitant opened a page of the agence; a person's page carries his accès, so that he sees it."""
    rows = Assistance.objects.visible_to(actor).filter(agence_id=assistance.agence_id, id=assistance.id)
    moment = now()
    rows.update(
        pages=F("pages") + 1,
        derniere_page_le=moment,
        visiteur=actor.account_id,
        entree_le=assistance.entree_le or moment,
    )
    journal.record(
        actor, Gesture.ASSISTANCE_ENTER, f"assistance:{assistance.id}", agence_id=assistance.agence_id, acces_id=acces_id,
        page=page,
    )  # fmt: skip
