"""Which documents of an import are news: those really added, and those that come back after a rollback."""

from uuid import UUID

from django.db import connection

from palier.core.actor import Actor
from palier.courrier.avis import write_notices

_NOUVEAUX = """
create temp table avis_document on commit drop as
select d.id from ged_document d
where d.agence_id = %(agence)s and d.recu_le >= now() - interval '1 day' and d.import_id = %(import)s
  and not exists (select 1 from echanges_version v where v.agence_id = d.agence_id and v.import_id = %(import)s
    and v.table_nom = 'documents' and v.ligne_id = d.id)
union
select v.ligne_id from echanges_version v
where v.agence_id = %(agence)s and v.import_id = %(import)s and v.table_nom = 'documents'
  and v.avant ->> 'archive_le' is not null
  and exists (select 1 from echanges_annulation a where a.agence_id = v.agence_id and a.etat = 'faite'
    and a.import_id = (v.avant ->> 'import_id')::uuid)
"""


def announce(actor: Actor, import_id: UUID) -> int:
    """Write the notices of the documents that an import has just put on line; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.avis_document")
        cursor.execute(_NOUVEAUX, {"agence": actor.agence_id, "import": import_id})
        if cursor.rowcount == 0:
            return 0
    return write_notices(actor.agence_id, import_id, actor.today)
