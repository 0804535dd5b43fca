"""Erases what went back to the agence once it is older than the agence keeps it. Proofs of consent are not here.

What still waits is kept whatever its age; a consent stays while its contract does: it proves why letters stopped.
"""

from functools import partial
from typing import Any

from django.db import connection, transaction

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core import vault
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.retours.actions_justificatifs import proof_key

_LIMITE = "(now() - make_interval(months => %(mois)s))"
_OUVERT = "etat in ('demande', 'transmis', 'acquitte')"

#: A return file names rows that it carried; the last one is kept: the next takes its number from it.
_FICHIERS = f"""
select id from retours_retour r where r.agence_id = %(agence)s and r.acquitte_le < {_LIMITE}
  and r.sequence < (select max(sequence) from retours_retour where agence_id = %(agence)s)
"""
_LIGNES = (
    f"delete from retours_changementcoordonnees where agence_id = %(agence)s and not {_OUVERT}"
    f" and coalesce(applique_le, refuse_le, annule_le, acquitte_le, transmis_le, cree_le) < {_LIMITE}",
    f"delete from retours_coordonneesverifiees v where v.agence_id = %(agence)s and v.le < {_LIMITE} and exists ("
    "select 1 from retours_coordonneesverifiees w where w.agence_id = v.agence_id and w.acces_id = v.acces_id"
    " and w.le > v.le)",
)
_DETACHER = (
    "update retours_{table} set retour_id = null where agence_id = %(agence)s and retour_id in ({fichiers})"
)
_PIECES = f"""
select id, adresse from retours_justificatif
where agence_id = %(agence)s and etat <> 'demande' and au < {_LIMITE}::date
"""


def purge_everywhere() -> int:
    """Purge every agence; return how many rows were erased. Each agence's choice of months decides."""
    total = 0
    for agence in Agence.objects.order_by("slug"):
        actor = Actor.system(agence.id, "purge des retours")
        with acting_as(actor), writing("purge"):
            total += _purge(actor, {"agence": agence.id, "mois": agence.retours_mois})
    return total


def _purge(actor: Actor, values: dict[str, Any]) -> int:
    total = 0
    with connection.cursor() as cursor:
        for statement in _LIGNES:
            cursor.execute(statement, values)
            total += int(cursor.rowcount)
        cursor.execute(_PIECES, values)
        pieces = cursor.fetchall()
        if pieces:
            ids = [row[0] for row in pieces]
            cursor.execute(
                "update retours_justificatif set remplace_id = null where remplace_id = any(%s)", [ids]
            )
            cursor.execute("delete from retours_justificatif where id = any(%s)", [ids])
            total += int(cursor.rowcount)
            key = agence_key(actor, values["agence"])
            for row_id, adresse in pieces:
                transaction.on_commit(partial(vault.erase, proof_key(key, str(row_id)), adresse))
        for table in ("changementcoordonnees", "consentement", "justificatif"):
            cursor.execute(_DETACHER.format(table=table, fichiers=_FICHIERS), values)
        cursor.execute(f"delete from retours_retour where id in ({_FICHIERS})", values)
        return total + int(cursor.rowcount)
