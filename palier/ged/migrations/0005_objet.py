"""What a document is attached to: its circle can be found again when a lot changes hands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ged", "0004_provenance"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="objet_id",
            field=models.UUIDField(help_text="the row that ``portee`` speaks of", null=True),
        ),
    ]
