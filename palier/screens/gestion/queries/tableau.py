"""The dashboard in one statement: what came in, what waits for a human, how people stand."""

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import Row, read
from palier.screens.gestion.queries.etats import CODE, ETAT, sauf_arret

FRAICHEUR = """
select s.logiciel, s.arrete_au, s.importe_le, s.retard_depuis,
  (select jsonb_agg(jsonb_build_object('nom', f.nom, 'attendu_le', f.retard_depuis) order by f.retard_depuis, f.nom)
    from echanges_flux f where f.agence_id = %(agence)s and f.retard_depuis is not null) as retards,
  (select count(*) from echanges_import i where i.agence_id = %(agence)s and i.etat = 'a_confirmer') as a_confirmer,
  (select max(v.fin_le) from vie_privee_assistance v where v.agence_id = %(agence)s and v.fin_le > now()) as assistance
from (select 1) un left join lateral (
  select logiciel, arrete_au, importe_le, retard_depuis from echanges_source where agence_id = %(agence)s
  order by arrete_au desc nulls last limit 1) s on true
"""

_TABLEAU = f"""
with etats as materialized (
  select {ETAT} as etat, count(*) as nombre
  from acces_acces a {CODE} where a.agence_id = %(agence)s{sauf_arret("a.id")} group by 1
), dernier as materialized (
  select i.id, i.nom_fichier, i.etat, i.recu_le, i.fin_le, i.arrete_au, i.bilan from echanges_import i
  where i.agence_id = %(agence)s order by i.recu_le desc, i.id desc limit 1
), en_ligne as materialized (
  -- What is on line came from the last import applied; a later one may be a check, a refusal or the same again.
  select i.id from echanges_import i where i.agence_id = %(agence)s and i.etat in ('applique', 'partiel')
  order by i.fin_le desc nulls last, i.id desc limit 1
)
select (select id from en_ligne) as en_ligne, (select jsonb_object_agg(etat, nombre) from etats) as etats,
  (select to_jsonb(d) from dernier d) as dernier,
  (select jsonb_agg(x) from (select i.id, i.nom_fichier, i.recu_le, i.message from echanges_import i
    where i.agence_id = %(agence)s and i.etat = 'a_confirmer' order by i.recu_le desc limit 5) x) as a_confirmer,
  (select count(*) from echanges_anomalie n where n.agence_id = %(agence)s and n.gravite in ('BLOQUANT', 'LIGNE')
    and n.import_id = (select id from en_ligne)) as a_corriger,
  (select jsonb_agg(x) from (select a.id, concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom) as nom,
      a.derniere_visite from acces_acces a
    join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
    where a.agence_id = %(agence)s and a.derniere_visite is not null{sauf_arret("a.id")}
    order by a.derniere_visite desc, a.id limit 6) x) as visites,
  (select jsonb_agg(x) from (select d.id, d.titre, d.categorie, d.recu_le, d.le from ged_document d
    where d.agence_id = %(agence)s and d.archive_le is null order by d.recu_le desc, d.id desc limit 6) x) as documents
"""


def freshness(actor: Actor) -> Row:
    """Return as of when the agence's data are, and how many imports wait for a decision."""
    return read(FRAICHEUR, {"agence": actor.agence_id})[0]


def overview(actor: Actor) -> Row:
    """Return what the dashboard shows."""
    return read(_TABLEAU, {"agence": actor.agence_id})[0]
