"""Which of the files received has the line that a row came from."""

from django.db import migrations, models

MODELES = ("document",)


class Migration(migrations.Migration):
    dependencies = [("ged", "0005_objet")]
    operations = [
        migrations.AddField(
            modele,
            "fichier_rang",
            models.IntegerField(
                null=True,
                help_text="rank, among the files that the import converted, of the one that has that line",
            ),
        )
        for modele in MODELES
    ]
