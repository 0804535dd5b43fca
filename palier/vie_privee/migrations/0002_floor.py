"""Grants: the application reads legal texts and records acceptances; it edits neither."""

from django.db import migrations

from palier.core.tenancy import (
    global_table,
)


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0001_initial"),
    ]
    operations = [
        global_table("vie_privee_textelegal", "select", exploitant="select, insert"),
        global_table("vie_privee_acceptation", "select, insert", exploitant="select"),
    ]
