"""A member kept to a portfolio asks for what is outside it: he gets 404, the journal a line, the detection its count."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.tenancy import serving

# What a desk's addresses name: persons, their spaces, documents. An identifier of nothing is a mistyped address.
_DEHORS = """
select 'acces:' || id from acces_acces where agence_id = %(agence)s and id = any(%(ids)s)
union all select 'espace:' || id from acces_espace where agence_id = %(agence)s and id = any(%(ids)s)
union all select 'document:' || id from ged_document where agence_id = %(agence)s and id = any(%(ids)s)
order by 1 limit 1
"""


@action(Gesture.PORTEFEUILLE_OVERSTEP)
def record_overstep(actor: Actor, agence_id: UUID, ids: Sequence[UUID]) -> bool:
    """Write that ``actor`` asked for a row that exists and that he does not follow; return whether there is one.

    Called once the page was refused. The line names no person (``acces_id``): nobody read anything about him.
    """
    with serving(actor, agence_id, "demande hors du portefeuille"), connection.cursor() as cursor:
        cursor.execute(_DEHORS, {"agence": agence_id, "ids": list(ids)})
        row = cursor.fetchone()
    if row is None:
        return False
    journal.record(actor, Gesture.PORTEFEUILLE_OVERSTEP, row[0], agence_id=agence_id)
    return True
