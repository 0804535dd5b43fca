"""The worker: beats once so that /readyz need not wait a minute, then takes jobs until it is told to end."""

import os
import sys

import django


def main() -> None:
    """Run the worker in this process; ``PALIER_JOBS`` jobs at a time (2 by default)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from palier.core.tasks import beat

    beat()
    connections.close_all()
    call_command(
        "procrastinate", "worker", "--concurrency", os.environ.get("PALIER_JOBS", "2"), *sys.argv[1:]
    )


if __name__ == "__main__":
    main()
