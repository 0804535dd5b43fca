"""What the worker does for privacy: mails of changed texts, the end of proofs and counts."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from palier.vie_privee.annonces_mail import tell_next
from palier.vie_privee.conservation.execution import execute_all
from palier.vie_privee.contrats import passage
from palier.vie_privee.droits_personnes.exports import build_export, purge_exports
from palier.vie_privee.incidents.detection import look
from palier.vie_privee.sauvegarde.rejeu import note_decisions, note_everything


@app.task(
    name="vie_privee.prevenir", queue="courrier", retry=RetryStrategy(max_attempts=7, exponential_wait=4)
)
def prevenir(texte_id: str, apres: str) -> None:
    """Mail the change of a text to the accounts after ``apres``, some hundreds at a time."""
    tell_next(texte_id, apres)


@app.periodic(cron="41 3 * * *")
@app.task(name="vie_privee.conservation", queue="machine", queueing_lock="vie_privee.conservation")
def conservation(timestamp: int) -> None:
    """Run the retention rules, and write the proof of each run; copy what a restore must not undo."""
    execute_all()
    note_everything()


@app.task(name="vie_privee.noter", queue="machine", retry=RetryStrategy(max_attempts=9, exponential_wait=3))
def noter(agence_id: str) -> None:
    """Write beside the keyring what an agence's persons, or the portal's, just stopped or took back."""
    note_decisions(UUID(agence_id) if agence_id else None, disparues=True)


@app.periodic(cron="*/15 * * * *")
@app.task(name="vie_privee.detection", queue="machine", queueing_lock="vie_privee.detection")
def detection(timestamp: int) -> None:
    """Look for what is unusual."""
    look()


@app.task(
    name="vie_privee.exporter", queue="machine", retry=RetryStrategy(max_attempts=3, exponential_wait=5)
)
def exporter(export_id: str) -> None:
    """Make the copy of a person's data."""
    build_export(UUID(export_id))


@app.periodic(cron="17 * * * *")
@app.task(name="vie_privee.purge_exports", queue="machine", queueing_lock="vie_privee.purge_exports")
def purge_copies(timestamp: int) -> None:
    """Erase the copies past their week."""
    purge_exports()


@app.periodic(cron="7 * * * *")
@app.task(name="vie_privee.contrats", queue="machine", queueing_lock="vie_privee.contrats")
def contrats(timestamp: int) -> None:
    """End the contracts that reached their term, erase the agences whose seventh day has come. Safe to run twice."""
    passage.go_round()


@app.task(
    name="vie_privee.prevenir_fin", queue="courrier", retry=RetryStrategy(max_attempts=7, exponential_wait=4)
)
def prevenir_fin(fin_id: str, apres: str) -> None:
    """Tell the clients of an agence that its contract has ended, some hundreds at a time."""
    passage.tell_next(fin_id, apres)
