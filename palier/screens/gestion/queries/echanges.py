"""Reads of « Flux »: where each source stands, what waits, what is refused, what changed; and the search of a row."""

from datetime import date, time
from typing import Any

from palier.core.actor import Actor
from palier.core.sql import parsed
from palier.echanges.calendrier.models import Flux
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import image
from palier.echanges.historique.mots import label
from palier.screens.gestion.queries.base import Row, as_json, as_rows, read

#: Kinds of fault shown on the hub for each source; its report holds them all.
CODES = 8

_FLUX = """jsonb_agg(jsonb_build_object('id', f.id, 'nom', f.nom, 'dossier', f.dossier, 'jours', f.jours, 'heure', f.heure,
  'tolerance_minutes', f.tolerance_minutes, 'feries', f.feries, 'retard_le', f.retard_depuis, 'probleme', f.probleme)
  order by f.retard_depuis nulls last, f.nom)"""

# A source at a glance. The profile: the calibration that converted its last export.
_SOURCES = f"""
select s.id, s.logiciel, s.base, s.arrete_au, s.importe_le, s.retard_depuis as retard_le, s.sequence,
  s.remplacee_par is not null as remplacee,
  (select count(*) from api_cleapi k where k.agence_id = s.agence_id and k.source_id = s.id and k.revoquee_le is null
    and (k.expire_le is null or k.expire_le > now())) as cles,
  (select {_FLUX} from echanges_flux f where f.agence_id = s.agence_id and f.source_id = s.id) as flux,
  d.voie, d.profil
from echanges_source s left join lateral (
  select i.voie, i.bilan -> 'conversion' as profil from echanges_import i
  where i.agence_id = s.agence_id and i.source_id = s.id order by i.recu_le desc limit 1) d on true
where s.agence_id = %(agence)s
"""

# The last run of each source that was judged; one that was refused before its source was known, while it is the last.
_DERNIERS = """
select distinct on (i.source_id) i.id, i.source_id, i.nom_fichier, i.etat, i.recu_le, i.bilan -> 'codes' as codes,
  i.message, s.logiciel, s.base
from echanges_import i left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
where i.agence_id = %(agence)s and i.etat in ('applique', 'partiel', 'refuse', 'a_confirmer')
  and (i.source_id is not null
    or i.recu_le = (select max(x.recu_le) from echanges_import x where x.agence_id = %(agence)s))
order by i.source_id, i.recu_le desc
"""
_FAUTES = f"""
select n.code, n.gravite, min(n.rang) as rang, (array_agg(n.message order by n.rang))[1] as message,
  (array_agg(n.conseil order by n.rang))[1] as conseil,
  coalesce((d.codes ->> n.code)::int, count(*)) as total
from echanges_anomalie n
where n.agence_id = %(agence)s and n.import_id = d.id and n.gravite in ('BLOQUANT', 'LIGNE', 'ALERTE')
group by n.code, n.gravite order by min(n.rang) limit {CODES}
"""
_ETAT = f"""
with sources as (select * from ({_SOURCES}) s), derniers as materialized ({_DERNIERS}), en_ligne as materialized (
  select i.id, i.nom_fichier, i.fin_le from echanges_import i
  where i.agence_id = %(agence)s and i.etat in ('applique', 'partiel')
  order by i.fin_le desc nulls last, i.id desc limit 1
)
select
  (select jsonb_agg(to_jsonb(s) order by s.remplacee, s.retard_le nulls last, s.importe_le desc nulls last, s.logiciel)
    from sources s) as sources,
  (select {_FLUX} from echanges_flux f where f.agence_id = %(agence)s and f.source_id is null) as flux_sans_source,
  (select jsonb_agg(jsonb_build_object('id', i.id, 'nom_fichier', i.nom_fichier, 'recu_le', i.recu_le,
      'message', i.message) order by i.recu_le)
    from echanges_import i where i.agence_id = %(agence)s and i.etat = 'a_confirmer') as attente,
  (select jsonb_agg(jsonb_build_object('id', d.id, 'nom_fichier', d.nom_fichier, 'etat', d.etat, 'recu_le', d.recu_le,
      'source', concat_ws(', ', d.logiciel, d.base), 'message', d.message,
      'fautes', (select jsonb_agg(to_jsonb(f)) from ({_FAUTES}) f)) order by d.recu_le desc) from derniers d) as rapports,
  (select to_jsonb(e) from en_ligne e) as en_ligne,
  (select jsonb_agg(to_jsonb(c)) from (
    select c.table_nom, sum(c.ajoutes)::int as ajoutes, sum(c.modifies)::int as modifies,
      sum(c.archives)::int as archives, count(distinct c.unite_id)::int as unites
    from echanges_changement c where c.agence_id = %(agence)s and c.import_id = (select id from en_ligne)
    group by 1) c) as changements,
  (select count(*) from echanges_profilcalibre p where p.agence_id = %(agence)s and p.retire_le is null) as profils,
  (select count(*) from api_cleapi k where k.agence_id = %(agence)s and k.revoquee_le is null
    and (k.expire_le is null or k.expire_le > now())) as cles,
  (select count(*) from api_crochet c where c.agence_id = %(agence)s and c.retire_le is null) as crochets
"""


def _feed(facts: Row) -> Row:
    """A feed as the page shows it, with its model for its schedule."""
    hour = facts.heure
    flux = Flux(
        nom=facts.nom, jours=facts.jours, heure=time.fromisoformat(hour) if hour else None,
        tolerance_minutes=facts.tolerance_minutes, feries=facts.feries,
    )  # fmt: skip
    return Row({**facts, "flux": flux})


def state(actor: Actor) -> Row:
    """Everything of the hub but the runs, in one statement."""
    found = read(_ETAT, {"agence": actor.agence_id})[0]
    sources = [
        Row(
            {
                **s,
                "arrete_au": date.fromisoformat(s.arrete_au) if s.arrete_au else None,
                "flux": [_feed(f) for f in as_rows(s.flux)],
            }
        )
        for s in as_rows(found.sources)
    ]
    rapports = [Row({**r, "fautes": as_rows(r.fautes)}) for r in as_rows(found.rapports)]
    en_ligne = as_rows(found.en_ligne)
    return Row(
        {
            **found,
            "sources": sources,
            "flux_sans_source": [_feed(f) for f in as_rows(found.flux_sans_source)],
            "attente": as_rows(found.attente),
            "rapports": [r for r in rapports if r.fautes or r.etat == "refuse"],
            "en_ligne": en_ligne[0] if en_ligne else None,
            "changements": as_json(found.changements) or [],
        }
    )


#: What a row may be found by besides its reference: tables that are small enough to be read whole.
NOMMEES: dict[str, tuple[str, ...]] = {
    "tiers": ("prenom", "nom", "prenom"),
    "comptes": ("numero", "intitule"),
    "coproprietes": ("code", "nom"),
    "mandats": ("numero",),
    "baux": ("numero",),
    "documents": ("titre",),
    "gestionnaires": ("prenom", "nom", "prenom"),
    "etablissements": ("libelle",),
}
PAR_TABLE = 12

# The identifier of a row is computed from its reference, so that no table is read to find it (see core/ids.py).
_PAR_REFERENCE = """
with cibles as materialized (
  select n.nom, left(encode(sha256(convert_to(
      encode(k.sel, 'hex') || '|' || s.id::text || '|' || n.nom || '|' || %(reference)s, 'UTF8')), 'hex'), 32)::uuid as id
  from agences_cleagence k join echanges_source s on s.agence_id = k.agence_id, unnest(%(tables)s::text[]) n(nom)
  where k.agence_id = %(agence)s
  union select a.table_nom, a.ligne_id from echanges_alias a
  where a.agence_id = %(agence)s and a.reference = %(reference)s and a.table_nom = any(%(tables)s::text[])
)
"""
_ARM = """(select '{table}' as nom_table, t.id, {image} as valeurs, t.archive_le, {exacte} as exacte
  from {cible} t where t.agence_id = %(agence)s and {condition}
  order by t.archive_le is not null, t.reference limit {limite})"""
_MOTS = """not exists (select 1 from unnest(string_to_array(palier_normalise(%(q)s), ' ')) m
  where m <> '' and position(m in palier_normalise(concat_ws(' ', {colonnes}))) = 0)"""


def find_rows(actor: Actor, q: str, table: str = "") -> list[dict[str, Any]]:
    """Rows whose back-office reference is ``q``, first; then those whose name holds each of its words."""
    tables = [table] if table else list(CIBLES)
    arms = []
    for name in tables:
        facts = {"table": name, "image": image(name), "cible": CIBLES[name].table, "limite": PAR_TABLE}
        known = f"t.id in (select id from cibles where nom = '{name}')"
        arms.append(_ARM.format(**facts, condition=known, exacte="true"))
        if name in NOMMEES:
            columns = ", ".join(f't."{c}"' for c in NOMMEES[name])
            words = f"{_MOTS.format(colonnes=columns)} and not {known}"
            arms.append(_ARM.format(**facts, condition=words, exacte="false"))
    params = {"agence": actor.agence_id, "q": q, "reference": q.replace("/", "|"), "tables": tables}
    rows = read(_PAR_REFERENCE + " union all ".join(arms), params)
    found = []
    for row in rows:
        values = parsed(row.valeurs)
        found.append(
            {
                "table": row.nom_table, "id": row.id, "reference": values.get("reference", ""),
                "nom": label(values), "archivee": row.archive_le is not None, "exacte": row.exacte,
            }
        )  # fmt: skip
    return sorted(found, key=lambda r: not r["exacte"])
