"""Where each row comes from: the import that last wrote it, and its line in the file."""

from django.db import migrations, models

MODELES = ("document",)


class Migration(migrations.Migration):
    dependencies = [("ged", "0003_texte_cherchable")]
    operations = [
        operation
        for modele in MODELES
        for operation in (
            migrations.AddField(
                modele,
                "import_id",
                models.UUIDField(null=True, help_text="the import that last wrote the row"),
            ),
            migrations.AddField(
                modele,
                "ligne",
                models.IntegerField(null=True, help_text="its line in that table's file then"),
            ),
        )
    ]
