"""Budgets and expenses."""

from django.db import migrations, models

import palier.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("comptabilite", "0003_provenance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
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
                ("exercice_id", models.UUIDField()),
                ("cle_id", models.UUIDField()),
                ("compte_comptable", models.TextField()),
                ("libelle", models.TextField()),
                ("vote", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("realise", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Depense",
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
                ("exercice_id", models.UUIDField()),
                ("le", models.DateField()),
                ("compte_comptable", models.TextField()),
                ("cle_id", models.UUIDField(null=True)),
                ("fournisseur", models.TextField(blank=True, default="")),
                ("libelle", models.TextField()),
                ("montant_ttc", models.DecimalField(decimal_places=2, max_digits=14)),
                ("part_recuperable", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("document_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
