"""What a supervisor of machines asks: does this process live, may it be sent visitors?"""

import functools
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from palier.core.models import Battement

SILENCE_MAXIMALE = timedelta(minutes=3)


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of the code, replaced ones excluded; read from disk once per process."""
    loader = MigrationLoader(None)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return frozenset((app, name) for app, name in loader.disk_migrations if (app, name) not in replaced)


def database_answers() -> bool:
    """Tell whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))


def migrations_applied() -> bool:
    """Tell whether the database is at the code's version."""
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations")
        return _known_migrations() <= set(cursor.fetchall())


def storage_usable() -> bool:
    """Tell whether files can be written: the folder's rights, or an answer from the bucket."""
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        while not folder.exists():
            folder = folder.parent
        return os.access(folder, os.W_OK | os.X_OK)
    default_storage.exists("sante")
    return True


def worker_beats() -> bool:
    """Tell whether the worker gave a sign of life lately."""
    return Battement.objects.filter(nom="worker", le__gte=timezone.now() - SILENCE_MAXIMALE).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "base": database_answers,
    "migrations": migrations_applied,
    "fichiers": storage_usable,
    "taches": worker_beats,
}
