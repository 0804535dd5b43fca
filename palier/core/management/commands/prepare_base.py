"""After each migration: rights of the roles on third parties' tables, cache table, months of the journal."""

from datetime import date
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

THIRD_PARTY = (
    "django_session",
    "django_content_type",
    "auth_permission",
    "account_emailaddress",
    "account_emailconfirmation",
    "usersessions_usersession",
    "core_cache",
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)
MONTHS_AHEAD = 24


class Command(BaseCommand):
    """Run as the owner of the tables: ``./run manage prepare_base`` (``./run`` does it after each migration)."""

    help = "Donne leurs droits aux rôles de la base et prépare les mois du journal."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("createcachetable", verbosity=0)
        with connection.cursor() as cursor:
            for table in THIRD_PARTY:
                cursor.execute(f"grant select, insert, update, delete on {table} to palier_app")
            cursor.execute("grant select on django_migrations to palier_app")
            cursor.execute("grant usage on all sequences in schema public to palier_app")
            cursor.execute("grant execute on all functions in schema public to palier_app")
            for start, end in months(date.today().replace(day=1), MONTHS_AHEAD):
                name = f"core_journal_{start:%Y%m}"
                cursor.execute("select to_regclass(%s)", [name])
                if cursor.fetchone()[0] is None:
                    cursor.execute(
                        f"create table {name} partition of core_journal for values from ('{start}') to ('{end}')"
                    )
        # The room of privacy is reached by its command: core stands below it. Without its texts the portal opens no
        # account, and says so: the base is ready all the same.
        try:
            call_command("textes", "publier", stdout=self.stdout, no_color=True)
        except CommandError as error:
            self.stderr.write(str(error))


def months(first: date, count: int) -> list[tuple[date, date]]:
    """Return ``count`` successive months from ``first`` as (first day, first day of the next)."""
    found = []
    start = first
    for _ in range(count):
        end = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        found.append((start, end))
        start = end
    return found
