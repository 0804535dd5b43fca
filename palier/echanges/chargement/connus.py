"""What is on line already for a source: the ids that a dossier may name, the files that need not be sent again."""

from pathlib import Path
from uuid import UUID

from django.db import connection

from palier.echanges.chargement.tables import CIBLES
from palier.echanges.controle import KnownIds
from palier.echanges.manifeste import AGENCE, Manifeste
from palier.echanges.unites import REFERENCES

#: Large tables that only their own unit names: needed when the dossier does not give them whole.
VOLUMINEUSES = frozenset({"echeances", "documents"})

_UNITE = (
    "coalesce((select 'copropriete:' || c.reference from patrimoine_copropriete c where c.agence_id = t.agence_id "
    "and c.id = t.unite_id), (select 'mandat:' || m.reference from patrimoine_mandatgerance m "
    f"where m.agence_id = t.agence_id and m.id = t.unite_id), '{AGENCE}')"
)


def _wanted(manifeste: Manifeste) -> list[str]:
    whole = not manifeste.unites
    return [
        t for t in REFERENCES if t in CIBLES and not (whole and t in VOLUMINEUSES and t in manifeste.tables)
    ]


def write_known(path: Path, manifeste: Manifeste, agence: UUID, source: UUID) -> KnownIds:
    """Write the ids on line of this source, and the digests of the agence's files, as a CSV for the checks."""
    parts = [
        f"select '{table}' as nom, t.reference as id, {_UNITE} as unite from {CIBLES[table].table} t "
        f"where t.agence_id = '{agence}' and t.source_id = '{source}' and t.archive_le is null"
        for table in _wanted(manifeste)
    ]
    parts.append(f"select 'fichiers', f.sha256, '{AGENCE}' from ged_fichier f where f.agence_id = '{agence}'")
    query = " union all ".join(parts)
    with connection.cursor() as cursor, path.open("wb") as out:
        statement = f"copy ({query}) to stdout (format csv, header true, delimiter ';', force_quote *)"
        with cursor.copy(statement) as copy:
            for block in copy:
                out.write(block)
    return KnownIds(path)
