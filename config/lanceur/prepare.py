"""Run as the owner, in a process of its own: migrate when something is pending, then ``prepare_base``."""

import os

import django


def main() -> None:
    """Bring the database to the code's version. Quiet when there is nothing to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("prepare_base")


if __name__ == "__main__":
    main()
