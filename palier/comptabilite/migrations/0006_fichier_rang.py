"""Which of the files received has the line that a row came from."""

from django.db import migrations, models

MODELES = (
    "exercice",
    "budget",
    "depense",
    "echeance",
    "echeanceligne",
    "mouvement",
)


class Migration(migrations.Migration):
    dependencies = [("comptabilite", "0005_budget_depense_floor")]
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
