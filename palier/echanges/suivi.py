"""How far an import is, told to those who wait: written outside the import's own transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError, connection, connections, transaction

#: Another connection to the same database: its writes are seen at once (see settings, DATABASES).
ALIAS = "compteur"
#: Seconds between two writes.
PAS = 0.5
#: Name space of our advisory locks: one import at a time for an agence.
VERROU = 7_301


class ImportAnnule(Exception):
    """Somebody asked this import to stop: nothing of it is kept."""


class Suivi:
    """The progress of one import, and the safe points at which somebody may stop it."""

    def __init__(
        self, agence: UUID, import_id: UUID, watch: Callable[[float, str], None] | None = None
    ) -> None:
        self._agence, self._import, self._watch = agence, import_id, watch
        self._last = 0.0

    def __call__(self, share: float, step: str) -> None:
        """Tell a share (0 to 1) and a step; written at most twice a second. Raises ImportAnnule."""
        if self._watch is not None:
            self._watch(share, step)
        moment = time.monotonic()
        if moment - self._last < PAS:
            return
        self._last = moment
        with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
            cursor.execute("select set_config('palier.agences', %s, true)", ["{" + str(self._agence) + "}"])
            cursor.execute(
                "update echanges_import set progres = %s, etape = %s "
                "where agence_id = %s and id = %s and etat = 'en_cours' returning annulation_le is not null",
                [min(max(share, 0.0), 1.0), step, self._agence, self._import],
            )
            found = cursor.fetchone()
        if found and found[0]:
            raise ImportAnnule


def lost_base(error: BaseException | None) -> bool:
    """Whether a failure comes from the database going away, however deep it is."""
    while error is not None:
        if isinstance(
            error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def hold(agence: UUID) -> bool:
    """Take the agence's import lock until the end of the present transaction; False when an import is running."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [VERROU, agence.int % 2**31])
        (held,) = cursor.fetchone()
    return bool(held)


@contextmanager
def exclusive(agence: UUID) -> Iterator[None]:
    """Hold the agence's import lock: another import of the same agence waits. Ends with the connection at worst."""
    key = agence.int % 2**31
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", [VERROU, key])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [VERROU, key])
