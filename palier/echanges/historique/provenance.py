"""Where a figure comes from: the source, the import, the file and the line that last wrote its row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import parsed, read


class Importee(Protocol):
    """A row that a back-office owns."""

    id: UUID
    import_id: UUID | None
    ligne: int | None


@dataclass(frozen=True, slots=True)
class Origine:
    """``fichier``: the table's file within ``dossier``, empty when it is not known; ``ligne``: None for the same."""

    logiciel: str
    base: str
    import_id: UUID
    dossier: str
    fichier: str
    ligne: int | None
    arrete_au: date | None
    importe_le: datetime | None


_IMPORTS = """
select i.id, coalesce(s.logiciel, ''), coalesce(s.base, ''), i.nom_fichier, i.bilan -> 'fichiers', i.arrete_au, i.fin_le
from echanges_import i left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
where i.agence_id = any(%(agences)s) and i.id = any(%(imports)s)
"""


def origins_of(actor: Actor, table: str, rows: Iterable[Importee]) -> dict[UUID, Origine]:
    """The origin of each row of a table of the format, by row id, in one query. For the agence's staff.

    Rows written before origins were kept are left out.
    """
    known = [row for row in rows if row.import_id is not None]
    if not known:
        return {}
    found = read(
        actor, _IMPORTS, {"agences": list(actor.agences), "imports": list({row.import_id for row in known})}
    )
    imports = {facts[0]: facts for facts in found}
    origins = {}
    for row in known:
        facts = imports.get(row.import_id)
        if facts is None:
            continue
        import_id, logiciel, base, dossier, files, arrete_au, fin_le = facts
        fichier = str((parsed(files) or {}).get(table, ""))
        origins[row.id] = Origine(logiciel, base, import_id, dossier, fichier, row.ligne, arrete_au, fin_le)
    return origins


def origin_of(actor: Actor, table: str, row: Importee) -> Origine | None:
    """The origin of one row, or None when it is not known."""
    return origins_of(actor, table, [row]).get(row.id)
