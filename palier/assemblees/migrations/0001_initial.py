"""Meetings and resolutions."""

import django.db.models.deletion
from django.db import migrations, models

import palier.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Assemblee",
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
                ("copropriete_id", models.UUIDField()),
                ("type", models.CharField(max_length=20)),
                ("le", models.DateTimeField()),
                ("lieu", models.TextField(blank=True, default="")),
                ("statut", models.CharField(max_length=20)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Resolution",
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
                ("assemblee_id", models.UUIDField()),
                ("numero", models.TextField()),
                ("titre", models.TextField()),
                ("majorite", models.TextField(blank=True, default="")),
                ("resultat", models.TextField(blank=True, default="")),
                ("pour", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                ("contre", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                ("abstention", models.DecimalField(decimal_places=3, max_digits=15, null=True)),
                (
                    "assemblee",
                    models.ForeignObject(
                        from_fields=("agence_id", "assemblee_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="assemblees.assemblee",
                        to_fields=("agence_id", "id"),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
