"""How long the mails about new documents wait, so that a rollback stops them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agences", "0002_floor")]
    operations = [
        migrations.AddField(
            "agence",
            "avis_delai_heures",
            models.PositiveSmallIntegerField(
                default=2, help_text="hours that the mails about new documents wait"
            ),
        ),
    ]
