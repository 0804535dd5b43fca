"""After an import: what people had asked for and the agence's software now sends is applied. Set-based."""

from uuid import UUID

from django.db import connection

from palier.core.action import require_action
from palier.retours.registre import tables

# The same reading of a number as rules.coordonnees.telephone, in SQL.
_TEL = (
    "regexp_replace(regexp_replace(regexp_replace(coalesce({0}, ''), '[^0-9+]', '', 'g'),"
    " '^(\\+|00)330?', '0'), '^\\+', '00')"
)
_MOT = "palier_normalise(btrim(regexp_replace(coalesce({0}, ''), '\\s+', ' ', 'g')))"


def _same(form: str, champ: str) -> str:
    asked = f"c.nouveau ->> '{champ}'"
    return f"{form.format('t.' + champ)} = {form.format(asked)}"


_COORDONNEES = f"""
update retours_changementcoordonnees c
set etat = 'applique', applique_le = now(), import_id = %(import)s
from acces_acces a join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where c.agence_id = %(agence)s and a.agence_id = c.agence_id and a.id = c.acces_id and t.archive_le is null
  and c.nature <> 'retrait' and c.etat in ('demande', 'transmis', 'acquitte') and case c.rubrique
    when 'telephone_mobile' then {_same(_TEL, "telephone_mobile")}
    when 'telephone_fixe' then {_same(_TEL, "telephone_fixe")}
    when 'email' then lower(t.email) = lower(c.nouveau ->> 'email')
    when 'adresse' then {" and ".join(_same(_MOT, c) for c in ("adresse_1", "adresse_2", "code_postal", "ville"))}
      and coalesce(nullif(t.pays, ''), 'FR') = coalesce(nullif(c.nouveau ->> 'pays', ''), 'FR')
    else false end
"""
# tiers holds one date for all kinds: set since the consent, it was taken over; emptied again after one that was,
# the withdrawal was. Asking for the post leaves no trace there: only the agence can say that it heard.
_CONSENTEMENTS = """
update retours_consentement c
set etat = 'applique', applique_le = now(), import_id = %(import)s
from acces_acces a join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
where c.agence_id = %(agence)s and a.agence_id = c.agence_id and a.id = c.acces_id and t.archive_le is null
  and c.etat in ('transmis', 'acquitte') and case c.sens
    when 'donne' then t.consentement_demat_le >= (c.cree_le at time zone 'Europe/Paris')::date
    else c.genre <> 'notification' and t.consentement_demat_le is null and exists (
      select 1 from retours_consentement d where d.agence_id = c.agence_id and d.acces_id = c.acces_id
        and d.genre = c.genre and d.sens = 'donne' and d.etat = 'applique' and d.cree_le < c.cree_le) end
"""
# A return all of whose lines are closed has visibly been read.
_ACQUITTES = """
update retours_retour r set acquitte_le = now(), moyen = 'import'
where r.agence_id = %(agence)s and r.acquitte_le is null and {conditions}
"""
_CLOSE = "not exists (select 1 from {table} x where x.agence_id = r.agence_id and x.retour_id = r.id and x.etat = 'transmis')"


def _acquittes() -> str:
    conditions = " and ".join(_CLOSE.format(table=table.modele._meta.db_table) for table in tables())
    return _ACQUITTES.format(conditions=conditions)


def note_applied(agence_id: UUID, import_id: UUID) -> int:
    """Close what the rows on line now say; return how many. Inside the import's transaction and action."""
    require_action("note_applied")
    closed = 0
    params = {"agence": agence_id, "import": import_id}
    with connection.cursor() as cursor:
        for statement in (_COORDONNEES, _CONSENTEMENTS):
            cursor.execute(statement, params)
            closed += cursor.rowcount
        cursor.execute(_acquittes(), params)
    return closed


# Back to where it stood; what waited and was asked again meanwhile stays replaced: one request of a heading waits.
_DEFAITS = """
update retours_changementcoordonnees c set applique_le = null, import_id = null, etat = case
    when c.acquitte_le is not null then 'acquitte' when c.transmis_le is not null then 'transmis'
    when exists (select 1 from retours_changementcoordonnees o where o.agence_id = c.agence_id
      and o.acces_id = c.acces_id and o.rubrique = c.rubrique and (o.nature = 'changement') = (c.nature = 'changement')
      and o.id <> c.id and (o.etat = 'demande' or o.cree_le > c.cree_le)) then 'remplace'
    else 'demande' end
where c.agence_id = %(agence)s and c.import_id = %(import)s and c.etat = 'applique'
"""
_RETIRES = """
update retours_consentement c set applique_le = null, import_id = null,
  etat = case when c.acquitte_le is not null then 'acquitte' else 'transmis' end
where c.agence_id = %(agence)s and c.import_id = %(import)s and c.etat = 'applique'
"""


def note_undone(agence_id: UUID, import_id: UUID) -> None:
    """After an import is taken back: what it had applied is so no more, unless the rows still say it."""
    require_action("note_undone")
    with connection.cursor() as cursor:
        for statement in (_DEFAITS, _RETIRES):
            cursor.execute(statement, {"agence": agence_id, "import": import_id})
    note_applied(agence_id, import_id)
