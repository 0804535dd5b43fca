"""The journal is read by accès too: the visits of a person, his own access log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_ground_floor")]
    operations = [
        migrations.RunSQL(
            "create index core_journal_acces on core_journal (acces_id, le desc) where acces_id is not null",
            "drop index core_journal_acces",
        )
    ]
