"""The units of an agence (copropriétés, mandats) as an administrator names them in a portfolio."""

from collections.abc import Sequence
from uuid import UUID

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import Row, read

FOUND = 20  # units shown by a search

# A mandate is named by its number and its landlord's compte.
_UNITES = """
select * from (
  select c.id, c.nom as libelle, 'copropriete' as genre from patrimoine_copropriete c
  where c.agence_id = %(agence)s and c.archive_le is null
  union all
  select m.id, concat_ws(' ', m.numero, k.intitule), 'mandat' from patrimoine_mandatgerance m
  join patrimoine_compteclient k on k.agence_id = m.agence_id and k.id = m.compte_client_id
  where m.agence_id = %(agence)s and m.archive_le is null
) u
"""


def search_units(actor: Actor, text: str, without: Sequence[UUID]) -> list[Row]:
    """Return the units whose name holds every word of ``text``, but those of ``without``; by kind, then name."""
    sql = (
        f"{_UNITES} where not (u.id = any(%(sans)s)) and not exists (select 1 from"
        " unnest(string_to_array(palier_normalise(%(texte)s), ' ')) m"
        " where m <> '' and position(m in palier_normalise(u.libelle)) = 0)"
        f" order by u.genre, palier_normalise(u.libelle), u.id limit {FOUND + 1}"
    )
    return read(sql, {"agence": actor.agence_id, "texte": text, "sans": list(without)})


def named_units(actor: Actor, ids: Sequence[UUID]) -> list[Row]:
    """Return the units of ``ids`` by name; one that left the data is not among them."""
    if not ids:
        return []
    sql = f"{_UNITES} where u.id = any(%(ids)s) order by u.genre, palier_normalise(u.libelle), u.id"
    return read(sql, {"agence": actor.agence_id, "ids": list(ids)})


def all_units(actor: Actor) -> list[Row]:
    """Return the units as the choices of a list, by kind then name; a thousand at most."""
    sql = f"{_UNITES} order by u.genre, palier_normalise(u.libelle), u.id limit 1000"
    return read(sql, {"agence": actor.agence_id})
