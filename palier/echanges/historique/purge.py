"""Erases the former states of rows once they are older than they are kept: an import may not be taken back then."""

from datetime import timedelta
from typing import Any

from django.db import connection

from palier.agences.models import Agence
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.tenancy import acting_as
from palier.echanges.historique.jugement import kept_days

#: Rows erased in one transaction.
LOT = 20_000

_VERSIONS = """
delete from echanges_version where agence_id = %(agence)s and id in (
  select id from echanges_version where agence_id = %(agence)s and cree_le < %(limite)s limit %(lot)s)
"""
_CHANGEMENTS = """
delete from echanges_changement c using echanges_import i
where c.agence_id = %(agence)s and i.agence_id = c.agence_id and i.id = c.import_id and i.fin_le < %(limite)s
"""


def purge_everywhere() -> int:
    """Purge every agence, under contract or not; return how many versions were erased."""
    return sum(
        purge_agence(Actor.system(a.id, "purge des versions")) for a in Agence.objects.order_by("slug")
    )


def purge_agence(actor: Actor) -> int:
    """Erase what is older than the agence keeps it , a lot at a time; return how many."""
    limite = now() - timedelta(days=kept_days(actor.agence_id))
    params: dict[str, Any] = {"agence": actor.agence_id, "limite": limite, "lot": LOT}
    total = 0
    while True:
        with acting_as(actor), writing("purge"), connection.cursor() as cursor:
            cursor.execute(_VERSIONS, params)
            count = int(cursor.rowcount)
            if count < LOT:
                cursor.execute(_CHANGEMENTS, params)
        total += count
        if count < LOT:
            return total
