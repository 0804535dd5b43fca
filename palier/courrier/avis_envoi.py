"""Telling of new documents: one mail for each account and agence, once the grace delay has passed.

What is told is looked at again first: still on line, still open to that person, not opened meanwhile, still wanted.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.courrier.avis import DROIT_OUVRE
from palier.courrier.envois import send_later
from palier.courrier.preferences import stop_link

#: Titles named in a mail; accounts served in one transaction.
TITRES, LOT = 8, 200

_PRETS = """
select distinct account_id from courrier_avis
where agence_id = %(agence)s and etat = 'attente' and prevu_le <= now() order by account_id limit %(lot)s
"""

# Held until commit: two workers never tell the same notice.
_RETENUS = f"""
select v.id, v.acces_id, t.email, t.langue, d.titre, d.id is not null and a.id is not null and t.is_active
  and coalesce(p.avis, true) and exists (select 1 from acces_droit r where r.acces_id = v.acces_id and {DROIT_OUVRE})
  and (d.publie_du is null or d.publie_du <= %(jour)s) and (d.publie_au is null or d.publie_au >= %(jour)s)
  and not exists (select 1 from ged_lecture l where l.agence_id = v.agence_id and l.document_id = v.document_id
    and l.acces_id = v.acces_id)
  and not exists (select 1 from vie_privee_limitation m where m.agence_id = v.agence_id and m.acces_id = v.acces_id
    and (m.fin_le is null or m.fin_le > now()))
  and not exists (select 1 from vie_privee_limitationcompte m where m.account_id = v.account_id
    and (m.fin_le is null or m.fin_le > now()))
  and not exists (select 1 from agences_restrictionagence f where f.agence_id = v.agence_id and f.genre = 'fonction'
    and f.valeur in ('avis', 'documents')) as utile
from courrier_avis v
join accounts_account t on t.id = v.account_id
left join ged_document d on d.agence_id = v.agence_id and d.id = v.document_id and d.archive_le is null
left join acces_acces a on a.agence_id = v.agence_id and a.id = v.acces_id and a.account_id = v.account_id
  and a.detache_le is null
left join courrier_preference p on p.account_id = v.account_id
where v.agence_id = %(agence)s and v.account_id = %(account)s and v.etat = 'attente' and v.prevu_le <= now()
order by d.le desc nulls last, d.titre, v.id for update of v skip locked
"""

_FIN = """
update courrier_avis set etat = %(etat)s, fin_le = now(), envoi_id = %(envoi)s
where agence_id = %(agence)s and id = any(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Pret:
    """A notice whose delay has passed."""

    id: UUID
    acces_id: UUID
    email: str
    langue: str
    titre: str
    utile: bool


def tell_everywhere() -> int:
    """Tell what is due at every agence under contract; return how many mails were queued."""
    total = 0
    for agence in Agence.objects.filter(statut=StatutAgence.ACTIVE).order_by("slug"):
        actor = Actor.system(agence.id, "avis de nouveaux documents")
        while True:
            with acting_as(actor):
                served, sent = tell(actor, agence)
            total += sent
            if served < LOT:
                break
    return total


@action(Gesture.AVIS_SEND)
def tell(actor: Actor, agence: Agence) -> tuple[int, int]:
    """Queue the mails that are due at an agence, at most ``LOT`` accounts; return (accounts served, mails queued)."""
    with connection.cursor() as cursor:
        cursor.execute(_PRETS, {"agence": agence.id, "lot": LOT})
        accounts = [row[0] for row in cursor.fetchall()]
    return len(accounts), sum(_tell_one(actor, agence, account) for account in accounts)


def _tell_one(actor: Actor, agence: Agence, account_id: UUID) -> bool:
    params: dict[str, Any] = {"agence": agence.id, "account": account_id, "jour": actor.today}
    with connection.cursor() as cursor:
        cursor.execute(_RETENUS, params)
        found = [Pret(*row) for row in cursor.fetchall()]
    told = [pret for pret in found if pret.utile]
    _close(agence.id, [p.id for p in found if not p.utile], "sans_objet", None)
    if not told:
        return False
    envoi = send_later(
        "documents_nouveaux",
        to=told[0].email,
        agence_id=agence.id,
        account_id=account_id,
        langue=told[0].langue,
        agence=agence.nom,
        nombre=str(len(told)),
        titres="\n".join(" ".join(p.titre.split())[:120] for p in told[:TITRES]),
        lien=f"{settings.SITE_URL}{reverse('mon_espace')}",
        arret=stop_link(account_id),
    )
    _close(agence.id, [p.id for p in told], "parti", envoi.id)
    journal.record(
        actor,
        Gesture.AVIS_SEND,
        f"envoi:{envoi.id}",
        agence_id=agence.id,
        acces_id=told[0].acces_id,
        documents=len(told),
    )
    return True


def _close(agence_id: UUID, ids: list[UUID], etat: str, envoi_id: UUID | None) -> None:
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_FIN, {"etat": etat, "envoi": envoi_id, "agence": agence_id, "ids": ids})
