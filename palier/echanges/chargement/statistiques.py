"""What the planner knows of the tables just filled: until it looks again, a look-up by identifier may read a whole table.

The database looks by itself within a minute or so; what comes sooner (the first pages, the night's next delta) must
not wait ten times too long meanwhile.
"""

from collections.abc import Mapping

from django.db import connection

from palier.echanges.chargement.base import Bilan
from palier.echanges.chargement.tables import CIBLES

#: Rows written under which nothing is worth the look.
SEUIL = 1_000
_DROITS = ("acces_acces", "acces_cercle", "acces_droit", "acces_espace")


def refresh_statistics(tables: Mapping[str, Bilan], fichiers: int, droits: int) -> None:
    """Look again at the tables of which a tenth was just written. After the import's own transaction."""
    written = {CIBLES[t].table: b.ajoutes + b.modifies + b.archives for t, b in tables.items()}
    written |= {"ged_fichier": fichiers} | dict.fromkeys(_DROITS, droits)
    large = {name: count for name, count in written.items() if count >= SEUIL}
    if not large:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select palier_analyser(%s::text[], %s::bigint[])", [list(large), list(large.values())]
        )
