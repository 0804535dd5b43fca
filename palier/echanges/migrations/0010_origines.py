"""The files that a converted import was made from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("echanges", "0009_statistiques")]
    operations = [
        migrations.AddField(
            "import",
            "origines",
            models.JSONField(
                default=list, help_text="names of the files converted, those with most rows first"
            ),
        )
    ]
