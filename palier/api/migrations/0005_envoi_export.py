"""An export sent as it is: the profile that the agence calibrated for the source reads it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0004_machine_floor")]
    operations = [
        migrations.AlterField(
            "envoiapi",
            "genre",
            models.CharField(
                choices=[
                    ("zip", "Dossier zip"),
                    ("tables", "Tables par morceaux"),
                    ("export", "Export lu par un profil calibré"),
                ],
                max_length=10,
            ),
        )
    ]
