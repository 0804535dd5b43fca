"""The SQL of the droits, one statement a step. Far dates stand for « unbounded »: see ``tenancy.cercle_visible``."""

_DEBUT, _FIN = "date '0001-01-01'", "date '9999-12-31'"

# One row per (tiers, space, cercle, period). A space is (compte client) or, for a council member without a compte
# in that copropriété, (copropriété).
FAITS = f"""
create temp table souhait_droit on commit drop as
with titre as (
  select t.tiers_id, t.compte_client_id, c.role, c.copropriete_id, c.cercle_id,
    coalesce(t.debut, {_DEBUT}) as du, coalesce(t.fin, {_FIN}) as au
  from patrimoine_comptetiers t
  join patrimoine_compteclient c on c.agence_id = t.agence_id and c.id = t.compte_client_id
  where t.agence_id = %(agence)s and t.archive_le is null and t.acces
    and c.archive_le is null and c.publie
), lot as (
  select l.id, l.copropriete_id, i.cercle_id as occupants, p.cercle_id as coproprietaires
  from patrimoine_lot l
  join patrimoine_immeuble i on i.agence_id = l.agence_id and i.id = l.immeuble_id
  left join patrimoine_copropriete p on p.agence_id = l.agence_id and p.id = l.copropriete_id
  where l.agence_id = %(agence)s and l.archive_le is null and i.archive_le is null
), tenu as (
  select t.tiers_id, t.compte_client_id, l.coproprietaires, l.occupants,
    greatest(t.du, d.debut) as du, least(t.au, coalesce(d.fin, {_FIN})) as au
  from titre t
  join patrimoine_detention d on d.agence_id = %(agence)s and d.compte_client_id = t.compte_client_id
    and d.archive_le is null
  join lot l on l.id = d.lot_id
  where t.role = 'coproprietaire'
), gere as (
  select t.tiers_id, t.compte_client_id, m.id as mandat_id, m.cercle_id, t.du, t.au,
    greatest(t.du, coalesce(m.debut, {_DEBUT})) as du_mandat, least(t.au, coalesce(m.fin, {_FIN})) as au_mandat
  from titre t
  join patrimoine_mandatgerance m on m.agence_id = %(agence)s and m.compte_client_id = t.compte_client_id
    and m.archive_le is null
  where t.role = 'bailleur'
), loue as (
  select t.tiers_id, t.compte_client_id, b.id as bail_id, b.cercle_id, t.du, t.au,
    greatest(t.du, b.debut) as du_bail, least(t.au, coalesce(b.sortie_le, {_FIN})) as au_bail
  from titre t
  join patrimoine_bail b on b.agence_id = %(agence)s and b.compte_client_id = t.compte_client_id
    and b.archive_le is null
  where t.role = 'locataire'
), conseil as (
  select m.tiers_id, m.copropriete_id, c.id as cercle_id, p.cercle_id as coproprietaires,
    coalesce(m.debut, {_DEBUT}) as du, coalesce(m.fin, {_FIN}) as au,
    (select t.compte_client_id from titre t where t.tiers_id = m.tiers_id and t.role = 'coproprietaire'
      and t.copropriete_id = m.copropriete_id order by t.au desc, t.compte_client_id limit 1) as compte_client_id
  from patrimoine_mandatconseil m
  join patrimoine_copropriete p on p.agence_id = %(agence)s and p.id = m.copropriete_id and p.archive_le is null
  join acces_cercle c on c.agence_id = %(agence)s and c.genre = 'conseil' and c.objet_id = m.copropriete_id
  where m.agence_id = %(agence)s and m.archive_le is null
), fait as (
  select tiers_id, compte_client_id, null::uuid as copropriete_id, cercle_id, 'compte' as genre, du, au, true as personnel from titre
  union all select tiers_id, compte_client_id, null, coproprietaires, 'coproprietaires', du, au, false from tenu
    where coproprietaires is not null
  union all select tiers_id, compte_client_id, null, occupants, 'occupants', du, au, false from tenu
  union all select tiers_id, compte_client_id, null, cercle_id, 'mandat', du, au, true from gere
  union all select g.tiers_id, g.compte_client_id, null, l.occupants, 'occupants',
      greatest(g.du_mandat, coalesce(x.debut, {_DEBUT})), least(g.au_mandat, coalesce(x.fin, {_FIN})), false
    from gere g join patrimoine_mandatlot x on x.agence_id = %(agence)s and x.mandat_gerance_id = g.mandat_id
      and x.archive_le is null join lot l on l.id = x.lot_id
  union all select tiers_id, compte_client_id, null, cercle_id, 'bail', du, au, true from loue
  union all select u.tiers_id, u.compte_client_id, null, l.occupants, 'occupants', u.du_bail, u.au_bail, false
    from loue u join patrimoine_baillot x on x.agence_id = %(agence)s and x.bail_id = u.bail_id
      and x.archive_le is null join lot l on l.id = x.lot_id
  union all select tiers_id, compte_client_id, case when compte_client_id is null then copropriete_id end,
      cercle_id, 'conseil', du, au, false from conseil
  union all select tiers_id, null, copropriete_id, coproprietaires, 'coproprietaires', du, au, false from conseil
    where compte_client_id is null
)
select tiers_id, compte_client_id, copropriete_id, cercle_id, min(genre) as genre, du, max(au) as au, bool_or(personnel) as personnel,
  null::uuid as acces_id, null::uuid as espace_id
from fait where du <= au
group by tiers_id, compte_client_id, copropriete_id, cercle_id, du
"""

# What the agence keeps closed opens nothing, whatever the facts say: a capacity, or all of a copropriété but the
# landlords' accounts, which speak of their other lots too.
RESTRICTIONS = """
delete from souhait_droit s using agences_restrictionagence r
where r.agence_id = %(agence)s and case r.genre
  when 'qualite' then r.valeur = coalesce((select c.role from patrimoine_compteclient c
      where c.agence_id = %(agence)s and c.id = s.compte_client_id), 'conseil')
    or (r.valeur = 'conseil' and s.genre = 'conseil')
  when 'copropriete' then r.valeur = coalesce(s.copropriete_id, (select c.copropriete_id from patrimoine_compteclient c
      where c.agence_id = %(agence)s and c.id = s.compte_client_id))::text
    or exists (select 1 from patrimoine_bail b join patrimoine_baillot x on x.agence_id = b.agence_id and x.bail_id = b.id
      join patrimoine_lot l on l.agence_id = x.agence_id and l.id = x.lot_id where b.agence_id = %(agence)s
      and b.compte_client_id = s.compte_client_id and l.copropriete_id::text = r.valeur)
  else false end
"""

ACCES = """
insert into acces_acces (agence_id, id, tiers_id, email_partage)
select %(agence)s, gen_random_uuid(), s.tiers_id, ''
from (select distinct tiers_id from souhait_droit) s
where not exists (select 1 from acces_acces a where a.agence_id = %(agence)s and a.tiers_id = s.tiers_id)
"""

# A space is open while one of its droits opens something: a personal one never closes (own past papers).
ESPACES_SOUHAITES = f"""
create temp table souhait_espace on commit drop as
with adresse as (
  select i.agence_id, i.id, concat_ws(', ',
    nullif(concat_ws(' ', nullif(i.numero, ''), nullif(i.repetition, ''), nullif(i.voie, '')), ''),
    nullif(concat_ws(' ', nullif(i.code_postal, ''), nullif(i.commune, '')), '')) as texte
  from patrimoine_immeuble i where i.agence_id = %(agence)s and i.archive_le is null
), lieu as (
  select d.compte_client_id, min(a.texte) as adresse, null::text as lots
  from patrimoine_detention d
  join patrimoine_lot l on l.agence_id = d.agence_id and l.id = d.lot_id
  join adresse a on a.agence_id = l.agence_id and a.id = l.immeuble_id
  where d.agence_id = %(agence)s and d.archive_le is null group by 1
  union all
  select b.compte_client_id, min(a.texte), string_agg(distinct initcap(nullif(l.type, '')) || ' ' || l.numero, ', ')
  from patrimoine_bail b
  join patrimoine_baillot x on x.agence_id = b.agence_id and x.bail_id = b.id and x.archive_le is null
  join patrimoine_lot l on l.agence_id = b.agence_id and l.id = x.lot_id
  join adresse a on a.agence_id = l.agence_id and a.id = l.immeuble_id
  where b.agence_id = %(agence)s and b.archive_le is null group by 1
  union all
  select m.compte_client_id, case when count(distinct a.id) = 1 then min(a.texte) end,
    'Mandat n° ' || string_agg(distinct m.numero, ', ')
  from patrimoine_mandatgerance m
  left join patrimoine_mandatlot x on x.agence_id = m.agence_id and x.mandat_gerance_id = m.id and x.archive_le is null
  left join patrimoine_lot l on l.agence_id = m.agence_id and l.id = x.lot_id
  left join adresse a on a.agence_id = l.agence_id and a.id = l.immeuble_id
  where m.agence_id = %(agence)s and m.archive_le is null group by 1
)
select a.id as acces_id, s.compte_client_id, s.copropriete_id,
  coalesce(c.role, 'conseil') as qualite,
  coalesce(case when c.role = 'coproprietaire' then q.nom end, p.nom, li.lots, li.adresse, c.intitule) as titre,
  coalesce(li.adresse, '') as adresse, coalesce(c.numero, '') as compte_numero,
  coalesce(c.intitule, '') as compte_intitule, coalesce(c.source_id, p.source_id) as source_id,
  coalesce(c.unite_id, p.unite_id) as unite_id, t.civilite, t.prenom, t.nom,
  min(s.du) as du, case when bool_or(s.personnel) then {_FIN} else max(s.au) end as au
from souhait_droit s
join acces_acces a on a.agence_id = %(agence)s and a.tiers_id = s.tiers_id
join patrimoine_tiers t on t.agence_id = %(agence)s and t.id = a.tiers_id
left join patrimoine_compteclient c on c.agence_id = %(agence)s and c.id = s.compte_client_id
left join patrimoine_copropriete q on q.agence_id = %(agence)s and q.id = c.copropriete_id
left join patrimoine_copropriete p on p.agence_id = %(agence)s and p.id = s.copropriete_id
left join lieu li on li.compte_client_id = s.compte_client_id
group by a.id, s.compte_client_id, s.copropriete_id, c.role, q.nom, p.nom, li.lots, li.adresse, c.numero, c.intitule,
  c.source_id, p.source_id, c.unite_id, p.unite_id, t.civilite, t.prenom, t.nom
"""

ESPACES = """
insert into acces_espace as e (agence_id, id, acces_id, qualite, compte_client_id, copropriete_id, titre, adresse,
  compte_numero, compte_intitule, source_id, unite_id, civilite, prenom, nom, du, au)
select %(agence)s, gen_random_uuid(), acces_id, qualite, compte_client_id, copropriete_id, titre, adresse,
  compte_numero, compte_intitule, source_id, unite_id, civilite, prenom, nom, du, au
from souhait_espace
on conflict (agence_id, acces_id, compte_client_id, copropriete_id) do update
set qualite = excluded.qualite, titre = excluded.titre, adresse = excluded.adresse,
  compte_numero = excluded.compte_numero, compte_intitule = excluded.compte_intitule,
  source_id = excluded.source_id, unite_id = excluded.unite_id, civilite = excluded.civilite,
  prenom = excluded.prenom, nom = excluded.nom, du = excluded.du, au = excluded.au
where (e.qualite, e.titre, e.adresse, e.compte_numero, e.compte_intitule, e.source_id, e.unite_id, e.civilite, e.prenom,
  e.nom, e.du, e.au)
  is distinct from (excluded.qualite, excluded.titre, excluded.adresse, excluded.compte_numero,
  excluded.compte_intitule, excluded.source_id, excluded.unite_id, excluded.civilite, excluded.prenom, excluded.nom,
  excluded.du, excluded.au);
update souhait_droit s set acces_id = e.acces_id, espace_id = e.id
from acces_espace e join acces_acces a on a.agence_id = e.agence_id and a.id = e.acces_id
where e.agence_id = %(agence)s and a.tiers_id = s.tiers_id
  and e.compte_client_id is not distinct from s.compte_client_id
  and e.copropriete_id is not distinct from s.copropriete_id
"""

DROITS_FERMES = """
delete from acces_droit d where d.agence_id = %(agence)s and not exists (
  select 1 from souhait_droit s where s.espace_id = d.espace_id and s.cercle_id = d.cercle_id and s.du = d.du)
"""

ESPACES_FERMES = """
delete from acces_espace e where e.agence_id = %(agence)s
  and not exists (select 1 from souhait_droit s where s.espace_id = e.id)
"""

DROITS_OUVERTS = """
insert into acces_droit as d (agence_id, id, acces_id, espace_id, cercle_id, genre, du, au, personnel)
select %(agence)s, gen_random_uuid(), acces_id, espace_id, cercle_id, genre, du, au, personnel
from souhait_droit where espace_id is not null
on conflict (agence_id, espace_id, cercle_id, du) do update set au = excluded.au, personnel = excluded.personnel
where (d.au, d.personnel) is distinct from (excluded.au, excluded.personnel)
"""

# The names shown in a space are copied from the person's.
NOMS = """
update acces_espace e set civilite = t.civilite, prenom = t.prenom, nom = t.nom
from patrimoine_tiers t join acces_acces a on a.agence_id = t.agence_id and a.tiers_id = t.id
where t.agence_id = %(agence)s and t.id = any(%(tiers)s) and e.agence_id = %(agence)s and e.acces_id = a.id
  and (e.civilite, e.prenom, e.nom) is distinct from (t.civilite, t.prenom, t.nom)
"""
