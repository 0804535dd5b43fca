"""The notices of new documents: written by the import that brings them, told later, so that a rollback stops them.

One row for each account and file. Set-based, in the transaction of the import: a person is told of what his droits
open, once, whichever of his spaces shows it.
"""

from datetime import date
from uuid import UUID

from django.db import connection

#: Documents dated earlier are put in order, not news: nobody is told of them. Days.
ANCIENNETE_JOURS = 60
#: The hour, in Paris, at which a document published on a later day is told.
HEURE_PUBLICATION = 8

# The same sentence as tenancy.cercle_visible, for every person at once.
DROIT_OUVRE = (
    "r.agence_id = d.agence_id and r.cercle_id = d.cercle_id and r.du <= %(jour)s and "
    "case when r.personnel then d.le between r.du and r.au else r.au >= %(jour)s end"
)

_ECRIRE = f"""
insert into courrier_avis (agence_id, id, import_id, account_id, acces_id, document_id, fichier_id, cree_le, prevu_le,
  etat)
select distinct on (a.account_id, d.fichier_id) d.agence_id, gen_random_uuid(), %(import)s, a.account_id, a.id, d.id,
  d.fichier_id, now(), greatest(now() + make_interval(hours => g.avis_delai_heures),
    coalesce((d.publie_du + make_interval(hours => {HEURE_PUBLICATION})) at time zone 'Europe/Paris', now())), 'attente'
from pg_temp.avis_document n
join ged_document d on d.agence_id = %(agence)s and d.id = n.id
join agences_agence g on g.id = d.agence_id
join acces_droit r on {DROIT_OUVRE}
join acces_acces a on a.agence_id = r.agence_id and a.id = r.acces_id
where d.archive_le is null and d.le >= %(jour)s - {ANCIENNETE_JOURS}
  and (d.publie_au is null or d.publie_au >= %(jour)s)
  and a.account_id is not null and a.detache_le is null
  and not exists (select 1 from vie_privee_limitation l where l.agence_id = a.agence_id and l.acces_id = a.id
    and (l.fin_le is null or l.fin_le > now()))
  and not exists (select 1 from vie_privee_limitationcompte l where l.account_id = a.account_id
    and (l.fin_le is null or l.fin_le > now()))
  and not exists (select 1 from vie_privee_instruction i where i.agence_id = d.agence_id
    and i.effet = 'avis_suspendus' and i.fin_le is null)
  and not exists (select 1 from agences_restrictionagence f where f.agence_id = d.agence_id and f.genre = 'fonction'
    and f.valeur in ('avis', 'documents'))
order by a.account_id, d.fichier_id, d.le desc, d.id
on conflict do nothing
"""

_ARRETER = """
update courrier_avis v set etat = 'arrete', fin_le = now()
from ged_document d
where v.agence_id = %(agence)s and v.etat = 'attente' and d.agence_id = v.agence_id and d.id = v.document_id
  and d.archive_le is not null
"""


def write_notices(agence_id: UUID, import_id: UUID, jour: date) -> int:
    """Write the notices of the documents whose ids are in ``pg_temp.avis_document``; return how many.

    Must run after the droits were recomputed, as an actor of that agence. ``jour``: the date in Paris.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ECRIRE, {"agence": agence_id, "import": import_id, "jour": jour})
        return int(cursor.rowcount)


def forget_notices(agence_id: UUID) -> int:
    """Stop the notices, not told yet, of documents that are not on line any more; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRETER, {"agence": agence_id})
        return int(cursor.rowcount)
