"""An import may be a check alone: one more state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("echanges", "0002_floor")]
    operations = [
        migrations.AlterField(
            model_name="import",
            name="etat",
            field=models.CharField(
                choices=[
                    ("recu", "Reçu"),
                    ("en_cours", "En cours"),
                    ("applique", "En ligne"),
                    ("partiel", "En ligne, sauf des lignes à corriger"),
                    ("a_confirmer", "Attend votre confirmation"),
                    ("refuse", "Refusé"),
                    ("deja_applique", "Déjà en ligne"),
                    ("perime", "Plus ancien que les données en ligne"),
                    ("abandonne", "Abandonné"),
                    ("verifie", "Vérifié, non mis en ligne"),
                ],
                default="recu",
                max_length=20,
            ),
        ),
    ]
