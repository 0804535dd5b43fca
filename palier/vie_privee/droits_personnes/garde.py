"""The end of what was kept as proof: requests answered, restrictions ended, directives withdrawn, past the prescription."""

from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction

from palier.agences.models import Agence
from palier.core import vault
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.tenancy import open_actor
from palier.vie_privee.droits_personnes.fichiers import Demande, demande_key
from palier.vie_privee.models import DemandeAgence, DemandeCompte

_GLOBALES = (
    "delete from vie_privee_limitationcompte where fin_le < %(avant)s",
    "delete from vie_privee_directive where coalesce(executee_le, retiree_le) < %(avant)s",
)


def forget_requests(avant: datetime) -> int:
    """Erase what ended before ``avant``, with its files; return how many rows."""
    number = 0
    with transaction.atomic(), writing("conservation"):
        for one in DemandeCompte.objects.filter(recue_le__lt=avant, repondue_le__lt=avant).order_by("id")[
            :500
        ]:
            _erase_files(Actor.anonymous(), one)
            number += one.delete()[0]
        with connection.cursor() as cursor:
            for statement in _GLOBALES:
                cursor.execute(statement, {"avant": avant})
                number += int(cursor.rowcount)
    for agence in Agence.objects.order_by("id"):
        actor = Actor.system(agence.id, "durées de conservation")
        with transaction.atomic(), writing("conservation"):
            open_actor(actor)
            rows = DemandeAgence.objects.visible_to(actor).filter(agence_id=agence.id, repondue_le__lt=avant)
            for row in rows.order_by("id")[:500]:
                _erase_files(actor, row)
                number += row.delete()[0]
            with connection.cursor() as cursor:
                cursor.execute(
                    "delete from vie_privee_limitation where agence_id = %s and fin_le < %s",
                    [agence.id, avant],
                )
                number += int(cursor.rowcount)
    return number


def _erase_files(actor: Actor, row: Demande) -> None:
    files = [*row.pieces, *([row.identite] if row.identite else [])]
    if not files:
        return
    with suppress(Invisible, vault.DamagedFile):  # the key is gone already: so are the files
        key = demande_key(actor, row)
        for kept in files:
            vault.erase(key, kept["adresse"])
