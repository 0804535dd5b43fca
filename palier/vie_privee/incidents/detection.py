"""What the worker looks for, every quarter of an hour: it opens incidents to examine, and decides nothing."""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import now, today
from palier.core.tenancy import acting_as
from palier.vie_privee.enums import GenreIncident
from palier.vie_privee.incidents.ouverture import open_incident
from palier.vie_privee.rules.incidents import (
    ESSAIS_PAR_HEURE,
    HORS_PORTEFEUILLE_PAR_HEURE,
    TELECHARGEMENTS_PAR_HEURE,
    far_apart,
)

# The counters hold no address: only that some account, or the whole portal, was tried this often. What one address
# tries beyond its own limit weighs on no account: its short windows are looked at for an hour.
_ESSAIS = (
    "select cle, nombre from core_compteur where nombre >= %s and (fin > now() "
    "and (cle like 'connexion_echecs:%%' or cle like 'connexion_compte:%%') "
    "or fin > now() - interval '1 hour' and cle like 'connexion_couple:%%') order by nombre desc, cle limit 20"
)
_SESSIONS = (
    "select user_id, created_at, ip from usersessions_usersession where created_at > now() - interval '2 hours' "
    "order by user_id, created_at"
)
_DEHORS = (
    "select account_id, count(distinct objet) from core_journal where chaine_id = %s and gesture = "
    "'portefeuille:overstep' and le > now() - interval '1 hour' and account_id is not null "
    "group by account_id having count(distinct objet) >= %s"
)
_LECTURES = (
    "select account_id, count(*) from core_journal where chaine_id = %s and gesture = 'document:read' "
    "and le > now() - interval '1 hour' and account_id is not null group by account_id having count(*) >= %s"
)


def look() -> int:
    """Look for what is unusual; return how many incidents were opened."""
    found = _failures() + _networks()
    for agence in Agence.objects.order_by("id"):
        found += _downloads(agence) + _outside(agence)
    return found


def _failures() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ESSAIS, [ESSAIS_PAR_HEURE])
        rows = cursor.fetchall()
    opened = 0
    for key, number in rows:
        opened += open_incident(
            GenreIncident.ESSAIS,
            _("%(nombre)d connexions refusées en une heure sur un même compte") % {"nombre": number},
            key=f"essais:{today()}:{str(key)[-16:]}",
            since=now() - timedelta(hours=1),
        )
    return opened


def _networks() -> int:
    visits: dict[UUID, list[tuple[object, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS)
        for account, moment, address in cursor.fetchall():
            visits.setdefault(account, []).append((moment, str(address)))
    opened = 0
    for account, seen in sorted(visits.items(), key=lambda item: str(item[0])):
        if far_apart(seen):  # type: ignore[arg-type]
            opened += open_incident(
                GenreIncident.RESEAUX,
                _("Un compte ouvert depuis plusieurs réseaux éloignés en une heure"),
                key=f"reseaux:{today()}:{account}",
                since=now() - timedelta(hours=2),
                account_id=account,
            )
    return opened


def _counts(agence: Agence, statement: str, minimum: int) -> list[tuple[UUID, int]]:
    """Return (account, number of lines of the agence's journal) where the number reaches ``minimum``."""
    with acting_as(Actor.system(agence.id, "détection")), connection.cursor() as cursor:
        cursor.execute(statement, [agence.id, minimum])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _downloads(agence: Agence) -> int:
    return sum(
        open_incident(
            GenreIncident.TELECHARGEMENTS,
            _("%(nombre)d documents ouverts en une heure par un même compte") % {"nombre": number},
            key=f"telechargements:{today()}:{account}",
            since=now() - timedelta(hours=1),
            account_id=account,
        )
        for account, number in _counts(agence, _LECTURES, TELECHARGEMENTS_PAR_HEURE)
    )


def _outside(agence: Agence) -> int:
    return sum(
        open_incident(
            GenreIncident.HORS_PORTEFEUILLE,
            _(
                "%(nombre)d fiches ou documents hors de son portefeuille demandés en une heure par un membre d’une équipe"
            )
            % {"nombre": number},
            key=f"hors_portefeuille:{today()}:{account}",
            since=now() - timedelta(hours=1),
            account_id=account,
        )
        for account, number in _counts(agence, _DEHORS, HORS_PORTEFEUILLE_PAR_HEURE)
    )
