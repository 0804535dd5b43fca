"""The end of what privacy itself keeps: proofs of cookie choices, audience counts."""

from datetime import timedelta

from django.db import transaction

from palier.agences.models import Agence
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now, today
from palier.core.tenancy import acting_as
from palier.vie_privee.models import Audience, AudienceAgence, ChoixTemoins

GARDE_CHOIX = timedelta(days=365)  # six months of effect, and six more to answer for it
GARDE_AUDIENCE = timedelta(days=761)  # 25 months (CNIL, exemption of audience measurement)


def clean() -> None:
    """Erase the choices older than a year and the counts older than 25 months."""
    with transaction.atomic(), writing("vie_privee.menage"):
        ChoixTemoins.objects.filter(le__lt=now() - GARDE_CHOIX).delete()
        Audience.objects.filter(jour__lt=today() - GARDE_AUDIENCE).delete()
    for agence_id in Agence.objects.order_by("id").values_list("id", flat=True):
        with acting_as(Actor.system(agence_id, "vie_privee.menage")) as actor, writing("vie_privee.menage"):
            rows = AudienceAgence.objects.visible_to(actor).filter(agence_id=agence_id)
            rows.filter(jour__lt=today() - GARDE_AUDIENCE).delete()
