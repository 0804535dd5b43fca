"""A worker and a mailbox for tests: runs the queued jobs of this connection, returns the mails that left."""

import re

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from procrastinate.contrib.django import app


def deliver() -> list[EmailMultiAlternatives]:
    """Run every waiting job as the worker would, jobs that jobs queue included; return the mails sent by this call."""
    before = len(mail.outbox)
    while True:
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where status = 'todo' returning task_name, args")
            jobs = cursor.fetchall()
        if not jobs:
            return list(mail.outbox[before:])  # type: ignore[arg-type]
        for name, arguments in jobs:
            import json

            app.tasks[name].func(**(json.loads(arguments) if isinstance(arguments, str) else arguments))


def link(message: EmailMultiAlternatives) -> str:
    """Return the path of the mail's one button."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found is not None
    return found[1]
