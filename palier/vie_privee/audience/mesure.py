"""Count a page, in memory, and write the counts now and then: no query is added to a page."""

import atexit
import threading
import time
from collections import Counter
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import today
from palier.core.tenancy import acting_as

# In tests the counts are written when asked: a page must cost the same queries at any hour.
SECONDES = float("inf") if settings.MODE == "test" else 30.0
_Cle = tuple[date, str, str, UUID | None]

_lock = threading.Lock()
_counts: Counter[_Cle] = Counter()
_written = time.monotonic()

_PORTAIL = (
    "insert into vie_privee_audience (jour, genre, public, nombre) values (%s, %s, %s, %s) "
    "on conflict (jour, genre, public) do update set nombre = vie_privee_audience.nombre + excluded.nombre"
)
# An agence erased since its page was shown counts no more.
_AGENCE = (
    "insert into vie_privee_audienceagence (agence_id, id, jour, genre, public, nombre) "
    "select g.id, gen_random_uuid(), %s, %s, %s, %s from agences_agence g where g.id = %s "
    "on conflict (agence_id, jour, genre, public) "
    "do update set nombre = vie_privee_audienceagence.nombre + excluded.nombre"
)


def count(genre: str, public: str, agence_id: UUID | None) -> bool:
    """Count one page of a kind; return whether it is time to write the counts."""
    with _lock:
        _counts[today(), genre[:60], public, agence_id] += 1
        return time.monotonic() - _written >= SECONDES


def flush() -> None:
    """Write the counts held in memory. A process killed loses half a minute of them, and nothing else."""
    global _written
    with _lock:
        taken, _written = dict(_counts), time.monotonic()
        _counts.clear()
    if not taken:
        return
    portal: Counter[tuple[date, str, str]] = Counter()
    for (day, genre, public, _agence), number in taken.items():
        portal[day, genre, public] += number
    with writing("audience"):
        with connection.cursor() as cursor:
            # In key order: two processes that write at once wait for each other, and never both ways.
            for (day, genre, public), number in sorted(portal.items()):
                cursor.execute(_PORTAIL, [day, genre, public, number])
        for agence in sorted({k[3] for k in taken if k[3] is not None}, key=str):
            rows = sorted((k[:3], n) for k, n in taken.items() if k[3] == agence)
            with acting_as(Actor.system(agence, "audience")), connection.cursor() as cursor:
                for (day, genre, public), number in rows:
                    cursor.execute(_AGENCE, [day, genre, public, number, agence])


def _last_words() -> None:
    try:
        flush()
    except Exception:
        return


atexit.register(_last_words)
