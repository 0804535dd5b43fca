"""The agence's own figures in one statement: who uses the portal, what is read, how old the data are.

Whoever restricted the use of his data, or objected, is in no figure (RGPD art. 18 and 21). A member kept to a
portfolio counts what he follows: the floor's policies decide.
"""

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import Row, read
from palier.screens.gestion.queries.etats import CODE, ETAT, OUVERT, sauf_arret

JOURS = 90  # documents received since then: older ones were read, or never will be
RECENTE = 30  # days within which a visit is a recent one

_STATISTIQUES = f"""
with a as materialized (
  select a.id, {ETAT} as etat, a.derniere_visite >= now() - make_interval(days => %(recente)s) as venu
  from acces_acces a {CODE} where a.agence_id = %(agence)s and {OUVERT}{sauf_arret("a.id")}
), q as materialized (
  select q.id, q.nom, q.source_id from patrimoine_copropriete q where q.agence_id = %(agence)s and q.archive_le is null
), e as materialized (
  -- A council's space names its copropriété, an owner's names his compte.
  select e.acces_id, e.qualite, coalesce(e.copropriete_id, c.copropriete_id) as copropriete_id from acces_espace e
  left join patrimoine_compteclient c on c.agence_id = %(agence)s and c.id = e.compte_client_id
  where e.agence_id = %(agence)s and e.du <= %(jour)s and e.au >= %(jour)s
), personnes as (
  select grouping(e.copropriete_id) = 0 as par_copropriete, grouping(e.qualite) = 0 as par_qualite,
    e.copropriete_id, e.qualite, count(distinct a.id) as personnes,
    count(distinct a.id) filter (where a.etat <> 'non_emis') as invitees,
    count(distinct a.id) filter (where a.etat = 'rattache') as rattachees,
    count(distinct a.id) filter (where a.etat = 'rattache' and a.venu) as venues
  from e join a on a.id = e.acces_id
  group by grouping sets ((), (e.copropriete_id), (e.qualite))
), d as materialized (
  select d.id, d.cercle_id, d.le, d.unite_id from ged_document d
  where d.agence_id = %(agence)s and d.archive_le is null and d.recu_le >= now() - make_interval(days => %(jours)s)
    and coalesce(d.publie_du, %(jour)s) <= %(jour)s and coalesce(d.publie_au, %(jour)s) >= %(jour)s
), a_lire as materialized (
  -- A document for a person, once, whatever the droits that open it to him.
  select distinct d.id, d.unite_id, r.acces_id from d
  join acces_droit r on r.agence_id = %(agence)s and r.cercle_id = d.cercle_id and r.du <= %(jour)s
    and case when r.personnel then d.le between r.du and r.au else r.au >= %(jour)s end
  join a on a.id = r.acces_id and a.etat = 'rattache'
), lectures as (
  select grouping(q.id) = 0 as par_copropriete, q.id as copropriete_id, count(*) as documents, count(l.id) as lus
  from a_lire x left join q on q.id = x.unite_id
  left join ged_lecture l on l.agence_id = %(agence)s and l.acces_id = x.acces_id and l.document_id = x.id
  group by grouping sets ((), (q.id))
)
select
  (select jsonb_agg(p) from personnes p) as personnes,
  (select jsonb_agg(l) from lectures l) as lectures,
  (select jsonb_agg(jsonb_build_object('id', q.id, 'nom', q.nom, 'arrete_le', s.arrete_au) order by q.nom, q.id)
    from q left join echanges_source s on s.agence_id = %(agence)s and s.id = q.source_id) as coproprietes,
  (select jsonb_agg(jsonb_build_object('logiciel', s.logiciel, 'base', s.base, 'arrete_le', s.arrete_au,
      'importe_le', s.importe_le, 'retard_le', s.retard_depuis) order by s.arrete_au desc nulls last, s.logiciel, s.base)
    from echanges_source s where s.agence_id = %(agence)s and s.remplacee_par is null) as sources
"""


def figures(actor: Actor) -> Row:
    """Return ``personnes`` and ``lectures`` (grouped), ``coproprietes`` and ``sources``, as json."""
    params = {"agence": actor.agence_id, "jour": actor.today, "jours": JOURS, "recente": RECENTE}
    return read(_STATISTIQUES, params)[0]
