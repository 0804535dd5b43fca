"""What came back from clients: by state, by person, and the files prepared. One union over the declared tables."""

from typing import Any

from django.utils.dateparse import parse_datetime

from palier.core.actor import Actor
from palier.retours.registre import table_of, tables
from palier.screens.gestion.queries.base import (
    PAGE,
    Key,
    Row,
    Slice,
    as_json,
    as_rows,
    cut,
    dated_key,
    order,
    read,
)

ONGLETS: dict[str, tuple[str, ...]] = {
    "attente": ("demande",),
    "transmis": ("transmis", "acquitte"),
    "clos": ("applique", "refuse", "remplace"),
}

_UNE = """
select x.agence_id, x.id, '{genre}' as genre, x.acces_id, x.etat, x.cree_le, x.retour_id, x.transmis_le, x.acquitte_le,
  x.applique_le, x.import_id, x.refuse_le, x.annule_le, x.motif, to_jsonb(x) as fait
from {table} x where x.agence_id = %(agence)s
"""


def _toutes(condition: str = "") -> str:
    parts = [
        _UNE.format(genre=table.genre, table=table.modele._meta.db_table) + condition for table in tables()
    ]
    return " union all ".join(parts)


def _read_rows(sql: str, params: dict[str, Any]) -> list[Row]:
    """Read rows of the union, each with its words."""
    found = []
    for row in read(sql, params):
        table = table_of(row.genre)
        fait = dict(as_rows(row.fait)[0])
        quoi, detail = table.mots(fait) if table else (row.genre, "")
        extra = {"quoi": quoi, "detail": detail, "refusable": bool(table and table.refusable)}
        found.append(Row({**row, "fait": fait, **extra}))
    return found


def returned(actor: Actor, onglet: str, key: Key | None, size: int = PAGE) -> Slice:
    """Return a page of what came back and stands at a stage, newest first."""
    key = dated_key(key)
    sign, direction = order(key, descending=True)
    where_key = f"and (x.cree_le, x.id) {sign} (%(cle_tri)s::timestamptz, %(cle_id)s)" if key else ""
    sql = f"""
    select x.*, x.cree_le::text as tri, r.sequence,
      concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom) as personne
    from ({_toutes(" and x.etat = any(%(etats)s)")}) x
    join acces_acces a on a.agence_id = x.agence_id and a.id = x.acces_id
    join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
    left join retours_retour r on r.agence_id = x.agence_id and r.id = x.retour_id
    where true {where_key} order by x.cree_le {direction}, x.id {direction} limit {size + 1}"""
    params = {"agence": actor.agence_id, "etats": list(ONGLETS[onglet]), **(key.params() if key else {})}
    return cut(_read_rows(sql, params), key, size)


_COMPTES = """
select (select jsonb_object_agg(etat, n) from (select etat, count(*) as n from ({toutes}) x group by etat) y) as etats,
  (select count(*) from retours_retour r where r.agence_id = %(agence)s and r.acquitte_le is null) as a_acquitter,
  (select max(r.sequence) from retours_retour r where r.agence_id = %(agence)s) as derniere
"""


def counts(actor: Actor) -> Row:
    """Return how many rows stand at each stage, and how many files wait for an acknowledgement."""
    row = read(_COMPTES.format(toutes=_toutes()), {"agence": actor.agence_id})[0]
    etats: dict[str, int] = as_json(row.etats) or {}
    sums = {name: sum(etats.get(e, 0) for e in stages) for name, stages in ONGLETS.items()}
    return Row({**sums, "fichiers": row.a_acquitter, "derniere": row.derniere or 0})


_FICHIERS = """
select r.id, r.sequence, r.depuis, r.jusqu_a, r.lignes, r.empreinte, r.acquitte_le, r.moyen, r.sequence::text as tri,
  h.nom as auteur, k.nom as acquitte_par
from retours_retour r
left join lateral (select h.nom from agences_habilitation h
  where h.agence_id = r.agence_id and h.account_id = r.prepare_par order by h.depuis desc, h.id limit 1) h on true
left join lateral (select h.nom from agences_habilitation h
  where h.agence_id = r.agence_id and h.account_id = r.acquitte_par order by h.depuis desc, h.id limit 1) k on true
where r.agence_id = %(agence)s
"""


def files(actor: Actor, key: Key | None, size: int = PAGE) -> Slice:
    """Return a page of the prepared returns, newest first."""
    if key is not None and not (key.tri.isascii() and key.tri.isdigit() and len(key.tri) < 10):
        key = None
    sign, direction = order(key, descending=True)
    where_key = f"and r.sequence {sign} %(cle_tri)s::integer" if key else ""
    sql = f"{_FICHIERS} {where_key} order by r.sequence {direction} limit {size + 1}"
    return cut(read(sql, {"agence": actor.agence_id, **(key.params() if key else {})}), key, size)


_VERIFIE = """
select (select max(v.le) from retours_coordonneesverifiees v where v.agence_id = %(agence)s and v.acces_id = %(acces)s)
  as verifie_le, (select jsonb_agg(x) from (
  select x.*, r.sequence from ({toutes}) x
  left join retours_retour r on r.agence_id = x.agence_id and r.id = x.retour_id
  where x.etat <> 'annule' order by x.cree_le desc, x.id desc limit 20) x) as lignes
"""


def said_sql() -> str:
    """The SQL (``agence``, ``acces``) of what a person said: when he confirmed his details, his last twenty requests."""
    return _VERIFIE.format(toutes=_toutes(" and x.acces_id = %(acces)s"))


def said_row(verifie_le: Any, found: Any) -> Row:
    """What ``said_sql`` found, in words."""
    lignes = []
    for ligne in as_rows(found):
        table = table_of(ligne.genre)
        fait = dict(as_rows(ligne.fait)[0])
        quoi, detail = table.mots(fait) if table else (ligne.genre, "")
        extra = {"quoi": quoi, "detail": detail, "refusable": bool(table and table.refusable)}
        lignes.append(Row({**ligne, "fait": fait, **extra}))
    return Row({"verifie_le": parse_datetime(verifie_le) if verifie_le else None, "lignes": lignes})
