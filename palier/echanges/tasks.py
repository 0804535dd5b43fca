"""Imports in the background: ids in, one action out."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from palier.core.actor import Actor
from palier.echanges.execution import run_import

# A database that restarts: the import starts again from its beginning, what was on line stays whole meanwhile.
_REPRISE = RetryStrategy(
    max_attempts=6, exponential_wait=3, retry_exceptions={OperationalError, InterfaceError}
)


@app.task(name="echanges.importer", queue="import", retry=_REPRISE)
def importer(agence_id: str, import_id: str, check_only: bool = False) -> None:
    """Run one import. Safe to run twice: an import that has ended is left alone."""
    run_import(Actor.system(UUID(agence_id), "import d’un dossier"), UUID(import_id), check_only=check_only)
