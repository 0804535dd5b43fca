"""One person: identity, titles, spaces, state of the access; then the journal's lines about it."""

from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import Row, as_json, as_rows, read
from palier.screens.gestion.queries.etats import CODE, ETAT
from palier.screens.gestion.queries.retours import said_row, said_sql

_LOT = """jsonb_build_object('numero', l.numero, 'type', l.type, 'etage', l.etage,
  'adresse', concat_ws(', ',
    nullif(concat_ws(' ', nullif(i.numero, ''), nullif(i.repetition, ''), nullif(i.voie, '')), ''),
    nullif(concat_ws(' ', nullif(i.code_postal, ''), nullif(i.commune, '')), '')))"""
_DATES = "jsonb_build_object('debut', x.debut, 'fin', x.fin)"
_DU_LOT = """join patrimoine_lot l on l.agence_id = x.agence_id and l.id = x.lot_id
  join patrimoine_immeuble i on i.agence_id = l.agence_id and i.id = l.immeuble_id"""

# Titles of the tiers: each compte client, with the lots, the mandates and the leases behind it.
_COMPTES = f"""
select jsonb_agg(jsonb_build_object('id', c.id, 'role', c.role, 'numero', c.numero, 'intitule', c.intitule,
    'qualite', ct.qualite, 'quote_part', ct.quote_part::text, 'debut', ct.debut, 'fin', ct.fin, 'acces', ct.acces,
    'publie', c.publie, 'clos_le', c.clos_le, 'copropriete', p.nom,
    'lots', (select jsonb_agg({_LOT} || {_DATES} order by l.numero, x.debut)
      from patrimoine_detention x {_DU_LOT}
      where x.agence_id = c.agence_id and x.compte_client_id = c.id and x.archive_le is null),
    'mandats', (select jsonb_agg(jsonb_build_object('numero', m.numero, 'debut', m.debut, 'fin', m.fin,
        'lots', (select jsonb_agg({_LOT} || {_DATES} order by l.numero, x.debut)
          from patrimoine_mandatlot x {_DU_LOT}
          where x.agence_id = m.agence_id and x.mandat_gerance_id = m.id and x.archive_le is null))
        order by m.numero, m.id)
      from patrimoine_mandatgerance m
      where m.agence_id = c.agence_id and m.compte_client_id = c.id and m.archive_le is null),
    'baux', (select jsonb_agg(jsonb_build_object('numero', b.numero, 'debut', b.debut, 'fin', b.fin,
        'sortie_le', b.sortie_le, 'lots', (select jsonb_agg({_LOT} order by l.numero)
          from patrimoine_baillot x {_DU_LOT}
          where x.agence_id = b.agence_id and x.bail_id = b.id and x.archive_le is null)) order by b.debut, b.id)
      from patrimoine_bail b
      where b.agence_id = c.agence_id and b.compte_client_id = c.id and b.archive_le is null))
  order by c.role, c.numero, ct.id)
from patrimoine_comptetiers ct
join patrimoine_compteclient c on c.agence_id = ct.agence_id and c.id = ct.compte_client_id
left join patrimoine_copropriete p on p.agence_id = c.agence_id and p.id = c.copropriete_id
where ct.agence_id = a.agence_id and ct.tiers_id = a.tiers_id and ct.archive_le is null and c.archive_le is null
"""

_CONSEIL = """
select jsonb_agg(jsonb_build_object('fonction', m.fonction, 'debut', m.debut, 'fin', m.fin, 'copropriete', p.nom)
  order by m.debut desc, m.id)
from patrimoine_mandatconseil m
join patrimoine_copropriete p on p.agence_id = m.agence_id and p.id = m.copropriete_id
where m.agence_id = a.agence_id and m.tiers_id = a.tiers_id and m.archive_le is null
"""

# What each space opens, today or on the papers of the past: one line a cercle.
_ESPACES = """
select jsonb_agg(jsonb_build_object('id', e.id, 'qualite', e.qualite, 'titre', e.titre, 'adresse', e.adresse,
    'ouvert', e.du <= %(jour)s and e.au >= %(jour)s,
    'cercles', (select jsonb_agg(jsonb_build_object('genre', c.genre, 'personnel', d.personnel,
        'du', nullif(d.du, date '0001-01-01'), 'au', nullif(d.au, date '9999-12-31'),
        'objet', coalesce(
          (select nom from patrimoine_copropriete o where o.agence_id = c.agence_id and o.id = c.objet_id),
          (select concat_ws(' ', nullif(o.numero, ''), nullif(o.repetition, ''), nullif(o.voie, ''))
            from patrimoine_immeuble o where o.agence_id = c.agence_id and o.id = c.objet_id),
          (select 'n° ' || numero from patrimoine_compteclient o where o.agence_id = c.agence_id and o.id = c.objet_id),
          (select 'n° ' || numero from patrimoine_bail o where o.agence_id = c.agence_id and o.id = c.objet_id),
          (select 'n° ' || numero from patrimoine_mandatgerance o
            where o.agence_id = c.agence_id and o.id = c.objet_id),
          '')) order by d.personnel desc, c.genre, d.du)
      from acces_droit d join acces_cercle c on c.agence_id = d.agence_id and c.id = d.cercle_id
      where d.agence_id = e.agence_id and d.espace_id = e.id))
  order by e.titre, e.id)
from acces_espace e where e.agence_id = a.agence_id and e.acces_id = a.id
"""

# Where each figure of the person comes from: the last due items and movements of each account, with the line, the file
# and the import that last wrote them.
_CHIFFRES = """
with comptes as (
  select distinct c.* from patrimoine_comptetiers ct
  join patrimoine_compteclient c on c.agence_id = ct.agence_id and c.id = ct.compte_client_id
  where ct.agence_id = a.agence_id and ct.tiers_id = a.tiers_id and ct.archive_le is null and c.archive_le is null
), chiffres as (
  select 0 as rang, 'tiers' as nom_table, t.id, '' as compte, '' as libelle, null::date as du, null::numeric as montant,
    t.import_id, t.ligne, t.fichier_rang
  union all select 1, 'comptes', c.id, c.numero, c.intitule, c.solde_le, c.solde, c.import_id, c.ligne, c.fichier_rang from comptes c
  union all select 2, 'baux', b.id, b.numero, '', b.debut, b.loyer, b.import_id, b.ligne, b.fichier_rang
    from comptes c join patrimoine_bail b on b.agence_id = c.agence_id and b.compte_client_id = c.id
    where b.archive_le is null
  union all select 3, 'echeances', e.id, c.numero, e.libelle, coalesce(e.exigible_le, e.le), e.montant, e.import_id, e.ligne,
      e.fichier_rang
    from comptes c cross join lateral (select * from comptabilite_echeance e where e.agence_id = c.agence_id
      and e.compte_client_id = c.id and e.archive_le is null order by e.le desc, e.id limit 4) e
  union all select 4, 'mouvements', m.id, c.numero, m.libelle, m.le, m.debit - m.credit, m.import_id, m.ligne,
      m.fichier_rang
    from comptes c cross join lateral (select * from comptabilite_mouvement m where m.agence_id = c.agence_id
      and m.compte_client_id = c.id and m.archive_le is null order by m.le desc, m.id desc limit 6) m
)
select jsonb_agg(jsonb_build_object('nom_table', x.nom_table, 'id', x.id, 'compte', x.compte, 'libelle', x.libelle,
    'du', x.du, 'montant', x.montant::text, 'ligne', x.ligne, 'import_id', x.import_id, 'dossier', i.nom_fichier,
    'fichier', coalesce(i.origines ->> x.fichier_rang, i.bilan -> 'fichiers' ->> x.nom_table, ''), 'importe_le', i.fin_le,
    'source', concat_ws(', ', s.logiciel, s.base)) order by x.rang, x.compte, x.du desc, x.id)
from chiffres x left join echanges_import i on i.agence_id = a.agence_id and i.id = x.import_id
left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
"""

_PERSONNE = f"""
select a.id, t.nature, t.civilite, t.prenom, t.nom, t.siren, t.email, t.telephone_mobile, t.telephone_fixe,
  t.adresse_1, t.adresse_2, t.code_postal, t.ville, t.pays, t.reference, t.archive_le, a.email_partage,
  a.rattache_le, a.detache_le, a.derniere_visite, {ETAT} as etat,
  k.canal, k.emis_le, k.expire_le, k.utilise_le, k.revoque_le,
  (select jsonb_agg(l.genre order by l.genre) from vie_privee_limitation l where l.agence_id = a.agence_id
    and l.acces_id = a.id and (l.fin_le is null or l.fin_le > now())) as limites,
  ({_COMPTES}) as comptes, ({_CONSEIL}) as conseil, ({_ESPACES}) as espaces{{reste}}
from acces_acces a
join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
{CODE}
where a.agence_id = %(agence)s and a.id = %(acces)s
"""


# Staff members are named; a client's line says that it is the person's own.
LIGNES = """
select j.sequence, j.le, j.gesture, j.role, j.objet, j.detail, h.nom as auteur
from core_journal j
left join lateral (select h.nom from agences_habilitation h
  where h.agence_id = %(agence)s and h.account_id = j.account_id order by h.depuis desc, h.id limit 1) h
  on j.role in ('gestionnaire', 'administrateur', 'vue')
where j.chaine_id = %(agence)s
"""
_HISTOIRE = f"{LIGNES} and j.acces_id = %(acces)s order by j.le desc, j.sequence desc limit %(limite)s"
FAITS = 20

# Of the person's own page: in the same statement, so that a page stays within its queries.
_RESTE = f""", ({_CHIFFRES}) as chiffres,
  (select jsonb_agg(to_jsonb(j) order by j.le desc, j.sequence desc) from ({_HISTOIRE}) j) as lignes,
  (select to_jsonb(r) from ({{retours}}) r) as retours"""


def person(actor: Actor, acces_id: UUID, *, page: bool = False) -> Row | None:
    """Return a person of the actor's agence, or None. ``page``: with the figures, the history and what was said."""
    params: dict[str, Any] = {
        "agence": actor.agence_id,
        "acces": acces_id,
        "jour": actor.today,
        "limite": FAITS,
    }
    reste = _RESTE.format(retours=said_sql()) if page else ""
    found = read(_PERSONNE.format(reste=reste), params)
    if not found:
        return None
    row = found[0]
    if not page:
        return row
    said = as_json(row.retours) or {}
    return Row(
        {
            **row,
            "chiffres": as_rows(row.chiffres),
            "lignes": as_rows(row.lignes),
            "retours": said_row(said.get("verifie_le"), said.get("lignes")),
        }
    )
