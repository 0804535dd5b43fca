"""The e-mail that a person shares with an agence goes back too: told from what is shared now, whoever changed it.

A sharing, a new account address, a dissociated accès: all of them show in ``acces.email_partage``, and are compared
here with what the agence's software was last told.
"""

from uuid import UUID

from django.db import connection

from palier.acces.actions_partage import share_email
from palier.core.access import Gesture
from palier.core.action import action, require_action
from palier.core.actor import Actor
from palier.core.trousseau import note_later

_DIT = """
dernier as (
  select distinct on (c.acces_id) c.acces_id, c.nature, c.nouveau ->> 'email' as email
  from retours_changementcoordonnees c join vus on vus.id = c.acces_id and vus.agence_id = c.agence_id
  where c.nature <> 'changement' and c.etat <> 'annule' order by c.acces_id, c.cree_le desc, c.id desc)
"""
_VUS = """
vus as (select a.agence_id, a.id, a.account_id, a.tiers_id, a.email_partage from acces_acces a
  where a.agence_id = %(agence)s and (%(acces)s::uuid is null or a.id = %(acces)s))
"""

# An address taken back is shown to nobody any more, and leaves the queue if it still waited there.
_REPRIS = f"""
with {_VUS}
update retours_changementcoordonnees c set nouveau = '{{}}',
  annule_le = case when c.etat = 'demande' then clock_timestamp() end,
  etat = case when c.etat = 'demande' then 'annule' when c.etat in ('applique', 'refuse') then c.etat else 'remplace' end
from vus where vus.agence_id = c.agence_id and vus.id = c.acces_id and c.nature = 'partage'
  and c.etat in ('demande', 'transmis', 'acquitte', 'applique', 'refuse') and c.nouveau ->> 'email' <> vus.email_partage
"""
# Shared again before the agence's software heard of the withdrawal: nothing was withdrawn.
_REVENU = f"""
with {_VUS}
update retours_changementcoordonnees c set etat = 'annule', annule_le = clock_timestamp()
from vus where vus.agence_id = c.agence_id and vus.id = c.acces_id and c.nature = 'retrait' and c.etat = 'demande'
  and vus.email_partage <> ''
"""
_NOUVEAUX = f"""
with {_VUS}, {_DIT}
insert into retours_changementcoordonnees (agence_id, id, acces_id, account_id, etat, cree_le, motif, nature, rubrique,
  ancien, nouveau)
select vus.agence_id, gen_random_uuid(), vus.id, vus.account_id, 'demande', clock_timestamp(), '',
  case when vus.email_partage = '' then 'retrait' else 'partage' end, 'email',
  jsonb_build_object('email', coalesce(t.email, '')),
  case when vus.email_partage = '' then '{{}}'::jsonb else jsonb_build_object('email', vus.email_partage) end
from vus left join dernier d on d.acces_id = vus.id
left join patrimoine_tiers t on t.agence_id = vus.agence_id and t.id = vus.tiers_id
where (vus.email_partage <> '' and (d.nature is distinct from 'partage' or d.email is distinct from vus.email_partage))
  or (vus.email_partage = '' and d.nature = 'partage')
"""


def capture_shared_emails(agence_id: UUID, acces_id: UUID | None = None) -> None:
    """Write what the agence's software does not know yet about shared e-mails. Only inside an action."""
    require_action("capture_shared_emails")
    with connection.cursor() as cursor:
        for statement in (_REPRIS, _REVENU, _NOUVEAUX):
            cursor.execute(statement, {"agence": agence_id, "acces": acces_id})


@action(Gesture.ACCES_SHARE)
def share_and_tell(actor: Actor, acces_id: UUID, partage: bool) -> None:
    """Share the account's e-mail with an agence (or take it back), and have the return file say so."""
    agence_id = next((ref.agence_id for ref in actor.acces if ref.id == acces_id), None)
    share_email(actor, acces_id, partage)
    if agence_id is not None:
        capture_shared_emails(agence_id, acces_id)
        if not partage:
            note_later(agence_id)
