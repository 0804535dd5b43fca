"""What goes back to the agence."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import agence_link, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("echanges", "0007_connecteurs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remise",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("dossier", "Toutes les données"),
                            ("copropriete", "Archive d’une copropriété"),
                        ],
                        max_length=12,
                    ),
                ),
                ("copropriete_id", models.UUIDField(null=True)),
                (
                    "etat",
                    models.CharField(
                        choices=[("attente", "En préparation"), ("prete", "Prête"), ("echec", "Échec")],
                        default="attente",
                        max_length=8,
                    ),
                ),
                ("nom_fichier", models.TextField(blank=True, default="")),
                ("demande_le", models.DateTimeField()),
                ("demande_par", models.UUIDField(null=True)),
                ("prete_le", models.DateTimeField(null=True)),
                ("adresse", models.CharField(blank=True, default="", max_length=64)),
                ("octets", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                (
                    "contenu",
                    models.JSONField(
                        default=dict, help_text="counts: tables, lignes, documents, retours, manquants"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        tenant_table("echanges_remise"),
        agence_link("echanges_remise"),
        migrations.RunSQL(
            "create index echanges_remise_genre on echanges_remise (agence_id, genre, copropriete_id)",
            migrations.RunSQL.noop,
        ),
    ]
