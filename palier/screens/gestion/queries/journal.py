"""The agence's journal, filtered; newest first, a page by key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import PAGE, Key, Row, Slice, cut, dated_key, order, read
from palier.screens.gestion.queries.personne import LIGNES

_SELECT = LIGNES.replace(
    "h.nom as auteur", "h.nom as auteur, j.acces_id, j.le::text as tri, md5(j.sequence::text)::uuid as id"
)


# The person whose access it is, by every word of his name; or the object, as the journal writes it.
_CHERCHE = """(position(palier_normalise(%(q)s) in palier_normalise(j.objet)) > 0 or j.acces_id in (
  select a.id from acces_acces a join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
  where a.agence_id = %(agence)s and not exists (
    select 1 from unnest(string_to_array(palier_normalise(%(q)s), ' ')) m
    where m <> '' and position(m in palier_normalise(concat_ws(' ', t.civilite, t.prenom, t.nom, t.email))) = 0)))"""
EXPORT_MAX = 20_000  # lines of an export


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is looked for in the journal; every field may be empty. Days are Paris days, both included."""

    geste: str = ""
    role: str = ""
    du: date | None = None
    au: date | None = None
    q: str = ""  # words of a person's name, or of what the line is about

    def conditions(self) -> str:
        """Return the SQL of the filters that are set."""
        found = []
        if self.geste:
            found.append("j.gesture = %(geste)s")
        if self.role:
            found.append("j.role = %(role)s")
        if self.du:
            found.append("j.le >= (%(du)s::date)::timestamp at time zone 'Europe/Paris'")
        if self.au:
            found.append("j.le < (%(au)s::date + 1)::timestamp at time zone 'Europe/Paris'")
        if self.q:
            found.append(_CHERCHE)
        return "".join(f" and {condition}" for condition in found)


def lines(actor: Actor, filtre: Filtre, key: Key | None, size: int = PAGE * 2) -> Slice:
    """Return a page of the journal; the instant of a line is unique within its chain."""
    key = dated_key(key)
    sign, direction = order(key, descending=True)
    where_key = f"and j.le {sign} %(cle_tri)s::timestamptz" if key else ""
    sorted_by = f"order by j.le {direction}, j.sequence {direction} limit {size + 1}"
    sql = f"{_SELECT} {filtre.conditions()} {where_key} {sorted_by}"
    params: dict[str, Any] = {
        "agence": actor.agence_id,
        "geste": filtre.geste,
        "role": filtre.role,
        "du": filtre.du,
        "au": filtre.au,
        "q": filtre.q,
    }
    return cut(read(sql, {**params, **(key.params() if key else {})}), key, size)


def export(actor: Actor, filtre: Filtre) -> list[Row]:
    """Return the lines that ``filtre`` finds, newest first, ``EXPORT_MAX`` at most."""
    sql = f"{_SELECT} {filtre.conditions()} order by j.le desc, j.sequence desc limit {EXPORT_MAX}"
    params = {"geste": filtre.geste, "role": filtre.role, "du": filtre.du, "au": filtre.au, "q": filtre.q}
    return read(sql, {"agence": actor.agence_id, **params})
