"""The date of what is on line, unit by unit: the freshness stamp that clients read.

``Source.arrete_au`` is the date of the last sending, whatever it brought. Here is what each unit really has: one row
for « every other unit » of a source (``unite_id`` null), and one for each unit that is of another day, because it was
held back or because it came alone. So a source of ten thousand mandates has a row or two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.core.ids import new_id
from palier.echanges.chargement.base import Portee
from palier.echanges.manifeste import Manifeste
from palier.echanges.models import Fraicheur, Import, Source

_RESTE = "reste"


@dataclass(frozen=True, slots=True)
class Jour:
    """A date, and the import that brought it; None for what came before dates were kept by unit."""

    arrete_au: date
    import_id: UUID | None


@dataclass(slots=True)
class Etat:
    """The dates of a source: those of some units, and that of all the others. None: nothing was on line."""

    reste: Jour | None = None
    unites: dict[UUID, Jour | None] = field(default_factory=dict)

    def of(self, unite: UUID) -> Jour | None:
        """The date of a unit."""
        return self.unites.get(unite, self.reste)

    def as_json(self) -> dict[str, Any]:
        """What an import keeps of it."""
        named: dict[str, Jour | None] = {str(u): jour for u, jour in self.unites.items()}
        return {name: _written(jour) for name, jour in {_RESTE: self.reste, **named}.items()}


def former_dates(row: Import) -> Etat:
    """The dates that an import moved, as they were before it."""
    kept: Mapping[str, Any] = row.fraicheur_avant
    unites = {UUID(name): _read(value) for name, value in kept.items() if name != _RESTE}
    return Etat(_read(kept.get(_RESTE)), unites)


def _written(jour: Jour | None) -> list[str | None] | None:
    if jour is None:
        return None
    return [jour.arrete_au.isoformat(), str(jour.import_id) if jour.import_id else None]


def _read(value: list[str | None] | None) -> Jour | None:
    if not value or value[0] is None:
        return None
    return Jour(date.fromisoformat(value[0]), UUID(value[1]) if value[1] else None)


def _rows(actor: Actor, source_id: UUID) -> Any:
    return Fraicheur.objects.visible_to(actor).filter(agence_id=actor.agence_id, source_id=source_id)


def _present(actor: Actor, source_id: UUID) -> Etat:
    etat = Etat()
    for unite, jour, import_id in _rows(actor, source_id).values_list("unite_id", "arrete_au", "import_id"):
        if unite is None:
            etat.reste = Jour(jour, import_id)
        else:
            etat.unites[unite] = Jour(jour, import_id)
    return etat


def _write(actor: Actor, source_id: UUID, changes: Mapping[UUID | None, Jour | None]) -> None:
    """Replace the rows of these units (None: of all the others); those without a date leave."""
    named = [unite for unite in changes if unite is not None]
    _rows(actor, source_id).filter(unite_id__in=named).delete()
    if None in changes:
        _rows(actor, source_id).filter(unite_id__isnull=True).delete()
    Fraicheur.objects.visible_to(actor).bulk_create(
        [
            Fraicheur(
                agence_id=actor.agence_id,
                id=new_id(),
                source_id=source_id,
                unite_id=unite,
                arrete_au=jour.arrete_au,
                import_id=jour.import_id,
            )
            for unite, jour in changes.items()
            if jour is not None
        ],
        batch_size=1000,
    )


def move_dates(actor: Actor, row: Import, source: Source, manifeste: Manifeste, portee: Portee) -> None:
    """Give its day to each unit that this import put on line or found unchanged; ``source``: as it was before.

    A snapshot without its accounts (people, documents…) brings no unit: the figures stay of their day. A delta needs
    not give them: it follows the last sending without a gap, and a row that it leaves out has not changed; so it
    speaks for the whole source, but for the units that missed a sending, which it must leave as they are.
    """
    if not manifeste.is_delta and manifeste.fichier("comptes") is None:
        return
    before = _present(actor, source.id)
    if before.reste is None and source.arrete_au is not None:
        before.reste = Jour(source.arrete_au, None)  # fed before dates were kept by unit
    jour, held = Jour(manifeste.arrete_au, row.id), set(portee.tenues)
    changes: dict[UUID | None, Jour | None] = {}
    if portee.unites is None:
        moved: Collection[UUID] = before.unites.keys() - held
        # No row of its own: a unit is then of the day of all the others.
        changes = {**dict.fromkeys(moved), None: jour}
        changes |= dict.fromkeys(held - before.unites.keys(), before.reste)
    else:
        moved = set(portee.unites) - held
        changes = {**dict.fromkeys(moved, jour), None: before.reste}
    row.fraicheur_avant = Etat(before.reste, {unite: before.of(unite) for unite in moved}).as_json()
    _write(actor, source.id, changes)


def find_again(actor: Actor, source_id: UUID, import_id: UUID, arrete_au: date) -> None:
    """The content of an import came again: what it had brought is as of that day now."""
    _rows(actor, source_id).filter(import_id=import_id, arrete_au__lt=arrete_au).update(arrete_au=arrete_au)


def take_dates_back(actor: Actor, row: Import, unites: Collection[UUID] | None) -> None:
    """Give units their former dates back, once an import is taken back; None: it is so whole.

    What another import brought since keeps its date.
    """
    if row.source_id is None:
        raise ValueError("an import without a source brought nothing")
    present, before = _present(actor, row.source_id), former_dates(row)
    everywhere = present.reste is not None and present.reste.import_id == row.id

    def brought(unite: UUID) -> bool:
        jour = present.of(unite)
        return jour is not None and jour.import_id == row.id

    if unites is None:
        unites = {*present.unites, *before.unites}
        changes: dict[UUID | None, Jour | None] = {None: before.reste} if everywhere else {}
    else:
        changes = {}
    _write(actor, row.source_id, changes | {u: before.of(u) for u in unites if brought(u)})


__all__ = ["Etat", "Jour", "find_again", "former_dates", "move_dates", "take_dates_back"]
