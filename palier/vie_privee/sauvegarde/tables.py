"""Which tables a backup holds, and whose their rows are."""

from django.db import connection

from palier.vie_privee.effacement.catalogue import columns, in_order

# What a restored installation makes again or must not take up again: sessions, counters, caches, jobs (mails already
# sent), signs of life; migrations, which the code writes; the agences' keys, which live in the keyring alone.
HORS = frozenset(
    {
        "agences_cleagence", "auth_permission", "core_battement", "core_cache", "core_compteur", "django_content_type",
        "django_migrations", "django_session", "procrastinate_events", "procrastinate_jobs",
        "procrastinate_periodic_defers", "procrastinate_version", "procrastinate_workers", "usersessions_usersession",
    }
)  # fmt: skip
_TOUTES = """
select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and not c.relispartition order by 1
"""
_COLONNES = """
select a.attname from pg_attribute a where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = '' order by a.attnum
"""


def agence_columns() -> dict[str, str]:
    """Return the tables with rows of agences, and the column that says whose: the agence's own row included."""
    found = {nom: colonne for nom, colonne in columns().items() if nom not in HORS}
    return {**found, "agences_agence": "id"}


def all_tables() -> list[str]:
    """Return every table that a backup holds, in the order in which rows may come back."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUTES)
        names = {str(row[0]) for row in cursor.fetchall()} - HORS
    return list(reversed(in_order(names)))


def kept_columns(table: str) -> list[str]:
    """Return the columns of a table that are written: not those that the database computes."""
    with connection.cursor() as cursor:
        cursor.execute(_COLONNES, [table])
        return [str(row[0]) for row in cursor.fetchall()]
