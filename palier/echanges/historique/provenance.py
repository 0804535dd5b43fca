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
    fichier_rang: int | None


@dataclass(frozen=True, slots=True)
class Origine:
    """``fichier``: the file of that line, empty when it is not known; ``ligne``: None for the same.

    Within ``dossier``, it is the table's own file; of an export that a profile converted, the file that was received.
    """

    logiciel: str
    base: str
    import_id: UUID
    dossier: str
    fichier: str
    ligne: int | None
    arrete_au: date | None
    importe_le: datetime | None


_IMPORTS = """
select i.id, coalesce(s.logiciel, ''), coalesce(s.base, ''), i.nom_fichier, i.bilan -> 'fichiers', i.arrete_au, i.fin_le,
  (select jsonb_object_agg(x.rang, i.origines ->> x.rang)
    from unnest(%(fichiers)s::int[]) as x(rang) where i.origines ->> x.rang is not null)
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
    params = {
        "agences": list(actor.agences),
        "imports": list({row.import_id for row in known}),
        "fichiers": sorted({row.fichier_rang for row in known if row.fichier_rang is not None}),
    }
    found = read(actor, _IMPORTS, params)
    imports = {facts[0]: facts for facts in found}
    origins = {}
    for row in known:
        facts = imports.get(row.import_id)
        if facts is None:
            continue
        import_id, logiciel, base, dossier, files, arrete_au, fin_le, converted = facts
        own = (parsed(files) or {}).get(table, "")
        fichier = str((parsed(converted) or {}).get(str(row.fichier_rang), own))
        origins[row.id] = Origine(logiciel, base, import_id, dossier, fichier, row.ligne, arrete_au, fin_le)
    return origins


def origin_of(actor: Actor, table: str, row: Importee) -> Origine | None:
    """The origin of one row, or None when it is not known."""
    return origins_of(actor, table, [row]).get(row.id)
