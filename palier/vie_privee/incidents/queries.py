"""Reads of the incidents, of the public status, and of who looked at a person's data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from palier.core.actor import Actor
from palier.core.dates import now
from palier.vie_privee.enums import EtatIncident
from palier.vie_privee.models import EtatPublic, Incident, IncidentAgence


def incidents() -> list[Incident]:
    """Return the register: those to examine first, then the open ones, then the closed, newest first."""
    rank = {EtatIncident.A_EXAMINER: 0, EtatIncident.EN_COURS: 1, EtatIncident.CLOS: 2}
    rows = list(Incident.objects.order_by("-constate_le", "id")[:300])
    return sorted(rows, key=lambda row: rank[EtatIncident(row.etat)])


def of_agencies(actor: Actor, incident_id: UUID) -> list[IncidentAgence]:
    """Return the agences concerned by an incident, with their counts."""
    return list(
        IncidentAgence.objects.visible_to(actor).filter(incident_id=incident_id).order_by("agence_id")
    )


def for_agency(actor: Actor) -> list[IncidentAgence]:
    """Return the incidents that the agence was told of, the newest first."""
    rows = IncidentAgence.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, prevenue_le__isnull=False
    )
    return list(rows.order_by("-prevenue_le", "id"))


_PERSONNES = """
select p.incident_id, p.acces_id, concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom), p.actes, p.prevenue_le
from vie_privee_incidentpersonne p
join acces_acces a on a.agence_id = p.agence_id and a.id = p.acces_id
join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where p.agence_id = %s order by p.incident_id, t.nom, p.acces_id limit 2000
"""


def persons(actor: Actor) -> dict[UUID, list[tuple[Any, ...]]]:
    """Return, by incident, the agence's persons concerned: (accès, name, acts, told)."""
    found: dict[UUID, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PERSONNES, [actor.agence_id])
        for incident, *rest in cursor.fetchall():
            found.setdefault(incident, []).append(tuple(rest))
    return found


def public_status() -> tuple[list[EtatPublic], list[EtatPublic]]:
    """Return (what is going on, what was over in the last 90 days)."""
    rows = EtatPublic.objects.filter(Q(fin_le=None) | Q(fin_le__gt=now() - timedelta(days=90)))
    found = list(rows.order_by("-debut_le", "id"))
    return [r for r in found if r.fin_le is None], [r for r in found if r.fin_le is not None]


@dataclass(frozen=True, slots=True)
class Consultation:
    """Somebody opened a person's data: when, at which agence, in which capacity, what."""

    le: datetime
    agence: str
    role: str
    gesture: str
    detail: dict[str, Any]


# What was done by others to the person's own accès: the floor shows nothing else (core 0003).
_CONSULTATIONS = """
select j.le, g.nom, j.role, j.gesture, j.detail::text from core_journal j
left join agences_agence g on g.id = j.chaine_id
where j.acces_id = any(%(acces)s) and j.role in ('gestionnaire', 'administrateur', 'assistance', 'exploitant')
  and (j.account_id is null or j.account_id <> %(account)s) and j.le > %(depuis)s
order by j.le desc, j.sequence desc limit 300
"""


def consultations(actor: Actor) -> list[Consultation]:
    """Return who opened or changed the person's data at his agences over the last year, newest first."""
    import json

    if not actor.acces:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _CONSULTATIONS,
            {"acces": actor.acces_ids, "account": actor.account_id, "depuis": now() - timedelta(days=365)},
        )
        return [
            Consultation(le, nom or "", role, gesture, json.loads(detail))
            for le, nom, role, gesture, detail in cursor.fetchall()
        ]
