"""Reads of requests: the person's own, an agence's, the DPO's; their figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import PARIS, today
from palier.vie_privee.droits_personnes.demandes import CLOS
from palier.vie_privee.droits_personnes.fichiers import Demande
from palier.vie_privee.enums import EtatDemande
from palier.vie_privee.models import DemandeAgence, DemandeCompte, Directive, LimitationCompte


def own_requests(actor: Actor) -> list[tuple[Demande, str]]:
    """Return the person's requests with the name of their controller, the newest first."""
    if actor.account_id is None:
        return []
    rows: list[Demande] = [
        *DemandeCompte.objects.filter(account_id=actor.account_id).order_by("-recue_le", "id")[:100],
        *DemandeAgence.objects.visible_to(actor)
        .filter(account_id=actor.account_id)
        .order_by("-recue_le", "id")[:100],
    ]
    rows.sort(key=lambda row: row.recue_le, reverse=True)
    wanted = {row.agence_id for row in rows if isinstance(row, DemandeAgence)}
    names = dict(Agence.objects.filter(id__in=wanted).values_list("id", "nom"))
    return [
        (row, names.get(row.agence_id, "") if isinstance(row, DemandeAgence) else settings.EXPLOITANT["nom"])
        for row in rows
    ]


def of_agency(actor: Actor) -> list[DemandeAgence]:
    """Return the requests addressed to the actor's agence: those that wait first, the most urgent first."""
    rows = (
        DemandeAgence.objects.visible_to(actor)
        .filter(agence_id=actor.agence_id)
        .order_by("echeance", "recue_le", "id")[:500]
    )
    return sorted(rows, key=lambda row: row.etat in CLOS)


_AUTEURS = """
select a.id, concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom)
from acces_acces a join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where a.agence_id = %(agence)s and a.id = any(%(acces)s)
"""


def authors_of(actor: Actor, rows: Iterable[DemandeAgence]) -> dict[UUID, str]:
    """Return, by request, the name that its author has in the agence's own file; else the one that he gave.

    Empty for a person whose file is gone. One query.
    """
    found = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            _AUTEURS, {"agence": actor.agence_id, "acces": [row.acces_id for row in found if row.acces_id]}
        )
        names = dict(cursor.fetchall())
    return {row.id: names.get(row.acces_id, "") or row.nom or row.email for row in found}


def of_accounts() -> list[DemandeCompte]:
    """Return the requests addressed to the exploitant, in the same order."""
    rows = DemandeCompte.objects.defer("cle", "sel").order_by("echeance", "recue_le", "id")[:500]
    return sorted(rows, key=lambda row: row.etat in CLOS)


@dataclass(frozen=True, slots=True)
class Chiffres:
    """How requests were answered: counts, days (median), how many late, open or answered."""

    recues: int
    ouvertes: int
    en_retard: int
    repondues: int
    refusees: int
    prolongees: int
    jours: int | None
    tardives: int


def figures(rows: Iterable[Demande], jour: date | None = None) -> Chiffres:
    """Return the figures of these requests."""
    day, found = jour or today(), list(rows)
    waiting = [row for row in found if row.etat not in CLOS]
    answered = [(row, row.repondue_le) for row in found if row.repondue_le is not None]
    days = [(end - row.recue_le).days for row, end in answered]
    return Chiffres(
        recues=len(found),
        ouvertes=len(waiting),
        en_retard=sum(day > row.echeance and row.etat != EtatDemande.IDENTITE for row in waiting),
        repondues=sum(row.etat == EtatDemande.REPONDUE for row in found),
        refusees=sum(row.etat == EtatDemande.REFUSEE for row in found),
        prolongees=sum(row.prolongee_le is not None for row in found),
        jours=round(median(days)) if days else None,
        tardives=sum(end.astimezone(PARIS).date() > row.echeance for row, end in answered),
    )


_LIMITEES = """
select l.id, l.acces_id, concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom) as nom, l.genre, l.motif,
  l.posee_le, l.fin_le
from vie_privee_limitation l
join acces_acces a on a.agence_id = l.agence_id and a.id = l.acces_id
join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where l.agence_id = %(agence)s and (l.fin_le is null or l.fin_le > now()) order by l.posee_le, l.id limit 500
"""


def restrictions_of(actor: Actor) -> list[dict[str, Any]]:
    """Return the restrictions and objections that run at the actor's agence."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMITEES, {"agence": actor.agence_id})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def limited_genres(actor: Actor, acces_id: UUID) -> list[str]:
    """Return what runs for one accès of the actor's agence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select genre from vie_privee_limitation where agence_id = %s and acces_id = %s"
            " and (fin_le is null or fin_le > now()) order by genre",
            [actor.agence_id, acces_id],
        )
        return [row[0] for row in cursor.fetchall()]


def account_restrictions() -> list[LimitationCompte]:
    """Return the restrictions of accounts that no end was announced for."""
    return list(LimitationCompte.objects.filter(fin_le=None).order_by("posee_le", "id")[:500])


def directives_in_force() -> list[Directive]:
    """Return the directives neither withdrawn nor executed, the last version of each account."""
    rows = Directive.objects.filter(retiree_le=None, executee_le=None).order_by("account_id", "-version")
    return list(rows.distinct("account_id")[:500])
