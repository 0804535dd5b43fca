"""The worker's own housekeeping: its sign of life, and the jobs that a killed worker left unfinished."""

from typing import Any

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from palier.core.models import Battement


def beat() -> None:
    """Record that the worker lives (``/readyz`` reads it)."""
    Battement.objects.update_or_create(nom="worker", defaults={"le": timezone.now()})


@app.periodic(cron="* * * * *")
@app.task(name="core.battement", queueing_lock="core.battement")
def heartbeat(timestamp: int) -> None:
    """Beat every minute, through the queue itself: a worker that takes no job must not look alive."""
    beat()


@app.periodic(cron="* * * * *")
@app.task(name="core.reprise", queueing_lock="core.reprise", pass_context=True)
async def resume_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again the jobs of a worker that was killed: every task of ours may be run twice."""
    manager = context.app.job_manager
    stalled: Any = await manager.get_stalled_jobs()
    for job in stalled:
        await manager.retry_job(job)
