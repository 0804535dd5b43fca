"""Which of the files received has the line that a row came from."""

from django.db import migrations, models

MODELES = (
    "etablissement",
    "gestionnaire",
    "tiers",
    "copropriete",
    "immeuble",
    "lot",
    "clerepartition",
    "tantieme",
    "compteclient",
    "comptetiers",
    "detention",
    "mandatconseil",
    "mandatgerance",
    "mandatlot",
    "bail",
    "baillot",
    "contrat",
)


class Migration(migrations.Migration):
    dependencies = [("patrimoine", "0006_contrat_floor")]
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
