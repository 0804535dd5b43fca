"""A delta between two states of a back-office, and what is on line, for comparison."""

from pathlib import Path
from typing import Any

from django.db import connection

from palier.core.actor import Actor
from palier.core.tenancy import open_actor
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import stored_columns
from palier.echanges.schemas import schemas
from tests.echanges.fabrique import make_dossier

Row = dict[str, object]
Tables = dict[str, list[Row]]

#: What tells when and how a row came, not what it says. A composed reference is only a name.
OUTILS = {"import_id", "ligne", "empreinte", "archive_le", "recu_le"}


def key_of(table: str, row: Row) -> tuple[str, ...]:
    """The primary key of a row, as texts."""
    return tuple(str(row.get(c, "")) for c in schemas()[table].cle)


def changes(before: Tables, after: Tables) -> Tables:
    """The tables of a delta: rows added or changed, and those gone."""
    found: Tables = {}
    gone: list[Row] = []
    for table in {**before, **after}:
        old = {key_of(table, r): r for r in before.get(table, [])}
        new = {key_of(table, r): r for r in after.get(table, [])}
        given = [r for k, r in new.items() if old.get(k) != r]
        if given:
            found[table] = given
        gone += [{"table": table, "id": "|".join(k)} for k in old if k not in new]
    if gone:
        found["suppressions"] = gone
    return found


def make_delta(path: Path, tables: Tables, precedent: int, **changes: Any) -> Path:
    """Write a delta that follows a sending."""
    documents = changes.pop("documents", {})
    values = {"mode": "delta", "precedent": precedent, "sequence": precedent + 1, **changes}
    return make_dossier(path, tables, documents, **values)


def on_line(actor: Actor) -> dict[str, set[tuple[Any, ...]]]:
    """The live rows of an agence, by table, without what only says how they came."""
    open_actor(actor)
    found = {}
    with connection.cursor() as cursor:
        for table, cible in CIBLES.items():
            names = [c for c in stored_columns(table) if c not in OUTILS]
            listed = ", ".join(f'"{n}"' for n in names)
            cursor.execute(
                f"select {listed} from {cible.table} where agence_id = %s and archive_le is null",
                [actor.agence_id],
            )
            found[table] = {tuple(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return found


def differences(one: dict[str, set[Any]], other: dict[str, set[Any]]) -> dict[str, tuple[Any, Any]]:
    """What one has and the other has not, by table; empty when they are the same."""
    return {t: (one[t] - other[t], other[t] - one[t]) for t in one if one[t] != other[t]}


def rights(actor: Actor) -> set[tuple[Any, ...]]:
    """Who holds what, by the person's and the circle's identifiers."""
    open_actor(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.tiers_id, d.cercle_id, d.genre, d.du, d.au, d.personnel from acces_droit d join acces_acces a "
            "on a.agence_id = d.agence_id and a.id = d.acces_id where d.agence_id = %s",
            [actor.agence_id],
        )
        return set(cursor.fetchall())
