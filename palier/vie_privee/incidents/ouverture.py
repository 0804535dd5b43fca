"""Open an incident, once for a given thing on a given day, and tell the exploitant."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from palier.core.action import writing
from palier.core.dates import now
from palier.core.ids import new_id
from palier.courrier.envois import send_later
from palier.vie_privee.models import Incident


def open_incident(
    genre: str,
    titre: str,
    *,
    key: str,
    since: datetime,
    account_id: UUID | None = None,
    description: str = "",
) -> int:
    """Write an incident unless ``key`` names one already; return 1 when it is new. The exploitant gets a mail."""
    with transaction.atomic(), writing("incident"):
        rows = Incident.objects.bulk_create(
            [
                Incident(
                    id=new_id(), genre=genre, titre=titre[:200], cle=key[:120], account_id=account_id,
                    constate_le=now(), debut_le=since, description=description,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        # With conflicts ignored the row may not have been written: only what is there with this id is ours.
        row = Incident.objects.filter(id=rows[0].id).first()
        if row is None:
            return 0
        send_later(
            "incident_ouvert", to=settings.EXPLOITANT["securite"] or settings.EXPLOITANT["email"], titre=row.titre,
            lien=f"{settings.SITE_URL}{reverse('exploitant:incident', args=[row.id])}",
        )  # fmt: skip
    return 1
