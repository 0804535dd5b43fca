"""Grants: account data belongs to no agence."""

from django.db import migrations

from palier.core.tenancy import (
    global_table,
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]
    operations = [
        global_table("accounts_account", "select, insert, update, delete"),
    ]
