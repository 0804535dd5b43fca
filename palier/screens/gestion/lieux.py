"""The filter by building that the desk's lists share: a list while they are few, then a search by words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palier.core.actor import Actor
from palier.screens.gestion.base import uuid_or_none
from palier.screens.gestion.queries.base import Row
from palier.screens.gestion.queries.lieux import LISTE, places

LONGUEST = 100  # characters of a search


@dataclass(frozen=True, slots=True)
class Lieux:
    """What the filter shows. ``choisi``: the place to filter on; None: no place, or none yet (``a_choisir``)."""

    options: list[tuple[str, str]]
    choisi: UUID | None
    cherche: bool = False
    texte: str = ""
    trop: bool = False

    @property
    def a_choisir(self) -> bool:
        """Whether words were given that name no place alone: nothing is filtered before one is chosen."""
        return bool(self.texte)

    @property
    def trouves(self) -> bool:
        """Whether there is a place to choose."""
        return len(self.options) > 1


def places_asked(actor: Actor, fields: Mapping[str, str]) -> Lieux:
    """Return the filter as ``fields`` ask for it: ``lieu``, the place chosen; ``immeuble``, words that look for one."""
    lieu = uuid_or_none(fields.get("lieu", ""))
    texte = fields.get("immeuble", "").replace("\x00", "").strip()[:LONGUEST]
    rows, total = places(actor, lieu, texte)
    if total <= LISTE:
        return Lieux(_options(rows), lieu)
    hits = [row for row in rows if row.trouve]
    alone = _alone(hits, lieu)
    if texte and alone is None:
        return Lieux(_options(hits[:LISTE]), None, cherche=True, texte=texte, trop=len(hits) > LISTE)
    chosen = alone.id if alone else lieu
    return Lieux(_options([row for row in rows if row.id == chosen]), chosen, cherche=True)


def _alone(hits: list[Row], lieu: UUID | None) -> Row | None:
    """Return the place that the words name: the one chosen among theirs, the only one, or the only one named whole."""
    exact = [row for row in hits if row.exact]
    for found in ([row for row in hits if row.id == lieu], hits, exact):
        if len(found) == 1:
            return found[0]
    return None


def _options(rows: list[Row]) -> list[tuple[str, str]]:
    """Return the places as the choices of a list; those of one name are told apart by their reference."""
    names = Counter(row.libelle for row in rows)
    found = [("", _("Tous les immeubles"))]
    for row in rows:
        if not row.libelle:
            text = _("Immeuble sans adresse (%(reference)s)") % {"reference": row.reference}
        elif names[row.libelle] > 1:
            text = f"{row.libelle} ({row.reference})"
        else:
            text = row.libelle
        found.append((str(row.id), text))
    return found
