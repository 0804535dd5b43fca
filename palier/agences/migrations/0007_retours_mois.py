"""How long an agence keeps what its clients sent back to it, once settled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agences", "0006_restrictions")]
    operations = [
        migrations.AddField(
            "agence",
            "retours_mois",
            models.PositiveSmallIntegerField(
                default=60,
                db_default=60,
                help_text="months that what went back to the agence is kept once settled",
            ),
        ),
    ]
