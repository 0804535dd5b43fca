"""Grants."""

from django.db import migrations

from palier.core.tenancy import (
    global_table,
)


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("courrier", "0001_initial"),
    ]
    operations = [
        global_table("courrier_envoi", "select, insert, update, delete"),
        index("create index courrier_envoi_cree on courrier_envoi (cree_le)"),
    ]
