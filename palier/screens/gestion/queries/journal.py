"""The agence's journal, filtered; newest first, a page by key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_datetime

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import PAGE, Key, Slice, cut, order, read
from palier.screens.gestion.queries.personne import LIGNES

_SELECT = LIGNES.replace(
    "h.nom as auteur", "h.nom as auteur, j.acces_id, j.le::text as tri, md5(j.sequence::text)::uuid as id"
)


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is looked for in the journal; every field may be empty. Days are Paris days, both included."""

    geste: str = ""
    role: str = ""
    du: date | None = None
    au: date | None = None

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
        return "".join(f" and {condition}" for condition in found)


def lines(actor: Actor, filtre: Filtre, key: Key | None, size: int = PAGE * 2) -> Slice:
    """Return a page of the journal; the instant of a line is unique within its chain."""
    if key is not None and parse_datetime(key.tri) is None:
        key = None
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
    }
    return cut(read(sql, {**params, **(key.params() if key else {})}), key, size)
