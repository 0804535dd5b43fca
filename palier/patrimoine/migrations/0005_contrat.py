"""Contracts and insurances."""

from django.db import migrations, models

import palier.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("patrimoine", "0004_today_for_today"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contrat",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("source_id", models.UUIDField()),
                ("reference", models.TextField()),
                (
                    "unite_id",
                    models.UUIDField(
                        help_text="copropriété or mandat that is replaced as one; the agence's id when none"
                    ),
                ),
                (
                    "empreinte",
                    models.UUIDField(help_text="digest of the row's content: unchanged rows are skipped"),
                ),
                ("archive_le", models.DateTimeField(null=True)),
                ("import_id", models.UUIDField(help_text="the import that last wrote the row", null=True)),
                ("ligne", models.IntegerField(help_text="its line in that table's file then", null=True)),
                ("cercle_id", models.UUIDField()),
                ("copropriete_id", models.UUIDField(null=True)),
                ("bail_id", models.UUIDField(null=True)),
                ("type", models.TextField()),
                ("fournisseur", models.TextField(blank=True, default="")),
                (
                    "numero",
                    models.TextField(
                        blank=True, default="", help_text="the reference that the supplier gives it"
                    ),
                ),
                ("debut", models.DateField(null=True)),
                ("fin", models.DateField(null=True)),
                ("document_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
