"""The successive states of a row, and their comparison column by column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.sql import parsed, read, read_one
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import image
from palier.echanges.historique.mots import columns, references_of, write_value


@dataclass(frozen=True, slots=True)
class Etat:
    """A row as an import left it. ``annule_le``: when that was taken back, else None."""

    import_id: UUID | None
    dossier: str
    importe_le: datetime | None
    ligne: int | None
    archivee: bool
    annule_le: datetime | None
    valeurs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A column of a row in two states, in the agence's words."""

    colonne: str
    titre: str
    avant: str
    apres: str

    @property
    def change(self) -> bool:
        """Whether the two states differ here."""
        return self.avant != self.apres


_VERSIONS = """
select v.avant, v.apres, v.annule_le from echanges_version v
where v.agence_id = %(agence)s and v.table_nom = %(table)s and v.ligne_id = %(ligne)s order by v.cree_le, v.id
"""
_IMPORTS = """
select i.id, i.nom_fichier, i.fin_le, (select max(a.fin_le) from echanges_annulation a
  where a.agence_id = i.agence_id and a.import_id = i.id and a.etat = 'faite'
    and (a.unites is null or a.unites ? %(unite)s))
from echanges_import i where i.agence_id = %(agence)s and i.id = any(%(imports)s)
"""


def row_history(actor: Actor, table: str, row_id: UUID) -> list[Etat]:
    """The states of a row, oldest first, the present one last. Raises Invisible.

    A state that a rollback took back bears its date; the former one comes again after it.
    """
    require(actor, Gesture.IMPORT_READ)
    if table not in CIBLES:
        raise Invisible
    params = {"agence": actor.agence_id, "table": table, "ligne": row_id}
    present = read_one(
        actor,
        f"select {image(table)} from {CIBLES[table].table} t where t.agence_id = %(agence)s and t.id = %(ligne)s",
        params,
    )
    if present is None:
        raise Invisible
    states: list[tuple[dict[str, Any], datetime | None]] = []
    for avant, apres, annule_le in read(actor, _VERSIONS, params):
        states.append((parsed(avant), None))
        if apres is not None:
            states.append((parsed(apres), annule_le))
    now = parsed(present[0])
    states.append((now, None))
    imports = _imports(actor, [s["import_id"] for s, _ in states if s.get("import_id")], now["unite_id"])
    found: list[Etat] = []
    for values, annule_le in states:
        etat = _state(values, annule_le, imports)
        if not found or found[-1].valeurs != etat.valeurs:
            found.append(etat)
    return found


def _imports(actor: Actor, ids: list[str], unite: str) -> dict[UUID, tuple[Any, ...]]:
    params = {"agence": actor.agence_id, "imports": [UUID(i) for i in set(ids)], "unite": unite}
    return {row[0]: row[1:] for row in read(actor, _IMPORTS, params)}


def _state(values: dict[str, Any], annule_le: datetime | None, imports: dict[UUID, tuple[Any, ...]]) -> Etat:
    import_id = UUID(values["import_id"]) if values.get("import_id") else None
    dossier, fin_le, taken_back = imports.get(import_id, ("", None, None)) if import_id else ("", None, None)
    archived = values.get("archive_le") is not None
    if archived and annule_le is None:
        # A row that an import added has no version: the rollback of that import archived it.
        annule_le = taken_back
    return Etat(import_id, dossier, fin_le, values.get("ligne"), archived, annule_le, values)


def row_diff(
    actor: Actor, table: str, row_id: UUID, import_a: UUID | None, import_b: UUID
) -> list[Difference]:
    """Every column of a row as import A left it and as import B left it; A None: as it was just before B.

    Raises Invisible when the row is unknown, or neither import left a state of it.
    """
    states = row_history(actor, table, row_id)
    after = _at(states, import_b)
    before = _before(states, import_b) if import_a is None else _at(states, import_a)
    if after is None and before is None:
        raise Invisible
    return compare(actor, table, before, after)


def compare(actor: Actor, table: str, before: Etat | None, after: Etat | None) -> list[Difference]:
    """Two states column by column; a state None is an empty one (the row was not there)."""
    kept = [s.valeurs for s in (before, after) if s is not None and not s.archivee]
    references = references_of(actor.agence_id, table, kept)
    found = []
    for colonne in columns(table):
        left, right = (
            "" if s is None or s.archivee else write_value(colonne, s.valeurs.get(colonne.nom), references)
            for s in (before, after)
        )
        found.append(Difference(colonne.nom, colonne.titre, left, right))
    return found


def _at(states: list[Etat], import_id: UUID) -> Etat | None:
    """The row as this import left it: its own state, else the last one that was there when it ended."""
    own = [s for s in states if s.import_id == import_id]
    if own:
        return own[0]
    return None


def _before(states: list[Etat], import_id: UUID) -> Etat | None:
    for rank, state in enumerate(states):
        if state.import_id == import_id:
            return states[rank - 1] if rank else None
    return None
