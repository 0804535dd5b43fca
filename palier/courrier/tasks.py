"""What the worker does for the mail, and its hourly cleaning (its sign of life is core's)."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from palier.courrier import actions, avis_envoi

# 4 s, 16 s, 1 min, 4 min, 17 min, 68 min: a mail server's bad hour.
_PATIENCE = RetryStrategy(max_attempts=7, exponential_wait=4)


@app.task(name="courrier.envoyer", queue="courrier", retry=_PATIENCE)
def envoyer(envoi_id: str, charge: str) -> None:
    """Send one mail."""
    actions.deliver(envoi_id, charge)


@app.task(name="courrier.reinitialisation", queue="courrier", retry=_PATIENCE)
def reinitialisation(charge: str) -> None:
    """Prepare a password reset: whether the address has an account is found out here, out of the visitor's sight."""
    actions.prepare_reset(charge)


@app.task(name="courrier.alerte", queue="courrier", retry=_PATIENCE)
def alerte(charge: str) -> None:
    """Tell the owner of an address, if any, that sign-ins were refused."""
    actions.warn_owner(charge)


@app.periodic(cron="*/5 * * * *")
@app.task(name="courrier.avis", queue="courrier", queueing_lock="courrier.avis")
def avis(timestamp: int) -> None:
    """Tell of the new documents whose grace delay has passed. Safe to run twice."""
    avis_envoi.tell_everywhere()


@app.periodic(cron="17 * * * *")
@app.task(name="courrier.menage", queue="machine", queueing_lock="menage")
def menage(timestamp: int) -> None:
    """Erase what has served."""
    actions.clean()
