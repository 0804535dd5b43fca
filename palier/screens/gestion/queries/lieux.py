"""The places of an agence, copropriétés and immeubles, as its lists are filtered by: few as they are, many by words."""

from uuid import UUID

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import Row, read

#: As many places as a list holds; beyond, they are found by words.
LISTE = 50

_MOTS = "array_remove(string_to_array(palier_normalise({}), ' '), '')"
_LIEUX = f"""
with lieu as materialized (
  select id, reference, nom as libelle, 'copropriete' as genre, archive_le from patrimoine_copropriete
  where agence_id = %(agence)s and (archive_le is null or id = %(lieu)s)
  union all
  select id, reference,
    concat_ws(', ', nullif(concat_ws(' ', nullif(numero, ''), nullif(repetition, ''), nullif(voie, '')), ''),
      nullif(commune, '')), 'immeuble', archive_le from patrimoine_immeuble
  where agence_id = %(agence)s and (archive_le is null or id = %(lieu)s)
), compte as (select count(*) as total from lieu where archive_le is null), cherche as (
  select l.*, coalesce(l.id = %(lieu)s, false) as choisi,
    %(texte)s <> '' and not exists (select 1 from unnest(string_to_array(palier_normalise(%(texte)s), ' ')) m
      where m <> '' and position(m in palier_normalise(concat_ws(' ', l.libelle, l.reference))) = 0) as trouve,
    {_MOTS.format("%(texte)s")} in ({_MOTS.format("l.libelle")}, {_MOTS.format("l.reference")}) as exact
  from lieu l
)
select c.total, x.id, x.reference, x.libelle, x.genre, x.trouve, x.trouve and x.exact as exact
from compte c left join cherche x on c.total <= {LISTE} or x.trouve or x.choisi
order by c.total > {LISTE} and x.choisi desc, c.total > {LISTE} and x.trouve and x.exact desc, x.genre, x.libelle, x.id
limit {LISTE + 2}
"""


def places(actor: Actor, lieu: UUID | None, texte: str) -> tuple[list[Row], int]:
    """Return copropriétés then immeubles, by name, and how many the agence has. All of them when a list holds them.

    Beyond: ``lieu``, and those of which the name or the reference holds every word of ``texte``, those that it names
    whole first, one more than a list holds.
    """
    rows = read(_LIEUX, {"agence": actor.agence_id, "lieu": lieu, "texte": texte})
    return [row for row in rows if row.id], rows[0].total
