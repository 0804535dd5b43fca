"""What a restriction stops (RGPD art. 18): asked by every act of the staff about a person. The floor says it too."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible

_LIMITES = """
select l.acces_id from vie_privee_limitation l where l.acces_id = any(%s) and l.genre = 'limitation'
  and (l.fin_le is null or l.fin_le > now())
"""


def restricted(acces_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these accès whose data are under restriction now (art. 18)."""
    wanted = list(acces_ids)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_LIMITES, [wanted])
        return {row[0] for row in cursor.fetchall()}


def refuse_restricted(acces_id: UUID) -> None:
    """Raise BusinessError when the staff may do nothing with this person's data but keep them."""
    if restricted([acces_id]):
        raise BusinessError(
            "donnees_limitees",
            _(
                "Cette personne a demandé la limitation de ses données : elles sont gardées, et rien d’autre ne peut en "
                "être fait (RGPD, article 18). Traitez sa demande dans « Confiance », puis annoncez-lui la levée."
            ),
            status=409,
        )


def person_of(actor: Actor) -> UUID:
    """Return the account of the person who acts. Raises Invisible for a visitor."""
    if actor.account_id is None:
        raise Invisible
    return actor.account_id
