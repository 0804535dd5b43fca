"""Recompute the accès, spaces and droits of an agence from its facts, in the caller's transaction.

Set-based: the wished state is written to a temporary table, then compared with what stands, so that an unchanged
import writes nothing. Sources: loi 65-557 art. 18 and décret 2019-502 (who sees which space), loi 89-462 (a lease's
papers are its tenants'), law.md B6.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from palier.acces.droits import requetes


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a recomputation changed, in rows."""

    acces_crees: int
    droits_ouverts: int
    droits_fermes: int


def recompute(agence_id: UUID) -> Bilan:
    """Bring accès, spaces and droits in line with the facts of ``agence_id``; return what changed.

    Must run inside an action or an import, as an actor of that agence: the row policies refuse anything else.
    """
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.souhait_droit, pg_temp.souhait_espace")
        cursor.execute(requetes.FAITS, {"agence": agence_id})
        cursor.execute(requetes.ACCES, {"agence": agence_id})
        created = cursor.rowcount
        cursor.execute(requetes.RESTRICTIONS, {"agence": agence_id})
        cursor.execute(requetes.ESPACES_SOUHAITES, {"agence": agence_id})
        cursor.execute(requetes.ESPACES, {"agence": agence_id})
        cursor.execute(requetes.DROITS_FERMES, {"agence": agence_id})
        closed = cursor.rowcount
        cursor.execute(requetes.ESPACES_FERMES, {"agence": agence_id})
        cursor.execute(requetes.DROITS_OUVERTS, {"agence": agence_id})
        opened = cursor.rowcount
    return Bilan(created, opened, closed)


def refresh_names(agence_id: UUID, tiers: list[UUID]) -> int:
    """Bring the names of the spaces of these persons in line, without computing any droit; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(requetes.NOMS, {"agence": agence_id, "tiers": tiers})
        return int(cursor.rowcount)
