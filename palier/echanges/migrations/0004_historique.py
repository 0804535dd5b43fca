"""What an import changed: the rows as they were, the counts by table and unit, and what was taken back."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import agence_link, composite_link, tenant_table

_CLE = [
    (
        "pk",
        models.CompositePrimaryKey(
            "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
        ),
    ),
    ("agence_id", models.UUIDField()),
    ("id", models.UUIDField(default=palier.core.ids.new_id)),
]


def sql(statement: str) -> migrations.RunSQL:
    """Run a statement that is not undone."""
    return migrations.RunSQL(statement, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("echanges", "0003_verifie")]
    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                *_CLE,
                ("import_id", models.UUIDField()),
                ("table_nom", models.CharField(help_text="the table of the format", max_length=40)),
                ("ligne_id", models.UUIDField(help_text="the row")),
                ("unite_id", models.UUIDField(help_text="the row's unit before")),
                ("operation", models.CharField(help_text="modifie or archive", max_length=10)),
                ("avant", models.JSONField()),
                (
                    "apres",
                    models.JSONField(
                        help_text="what the import had written, once it was taken back", null=True
                    ),
                ),
                ("cree_le", models.DateTimeField()),
                ("annule_le", models.DateTimeField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Changement",
            fields=[
                *_CLE,
                ("import_id", models.UUIDField()),
                ("table_nom", models.CharField(max_length=40)),
                ("unite_id", models.UUIDField()),
                ("ajoutes", models.IntegerField(default=0)),
                ("modifies", models.IntegerField(default=0)),
                ("inchanges", models.IntegerField(default=0)),
                ("archives", models.IntegerField(default=0)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Annulation",
            fields=[
                *_CLE,
                ("import_id", models.UUIDField()),
                ("source_id", models.UUIDField()),
                (
                    "unites",
                    models.JSONField(help_text="ids of the units; null: every unit of the import", null=True),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("demandee", "En cours"), ("faite", "Faite"), ("refusee", "Refusée")],
                        default="demandee",
                        max_length=10,
                    ),
                ),
                ("demandee_le", models.DateTimeField()),
                ("demandee_par", models.UUIDField(help_text="account of the person who asked", null=True)),
                ("fin_le", models.DateTimeField(null=True)),
                ("message", models.TextField(blank=True, default="", help_text="why it was refused")),
                (
                    "bilan",
                    models.JSONField(
                        default=dict, help_text="rows restored, back and archived; droits opened, closed"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
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
                    ("annule", "Annulé : l’état précédent est revenu"),
                ],
                default="recu",
                max_length=20,
            ),
        ),
        tenant_table("echanges_version"),
        tenant_table("echanges_changement"),
        tenant_table("echanges_annulation"),
        agence_link("echanges_version"),
        agence_link("echanges_changement"),
        agence_link("echanges_annulation"),
        composite_link("echanges_version", "import_id", "echanges_import"),
        composite_link("echanges_changement", "import_id", "echanges_import"),
        composite_link("echanges_annulation", "import_id", "echanges_import"),
        # One version a row and import: the first is the state to come back to.
        sql(
            "create unique index echanges_version_une on echanges_version (agence_id, import_id, table_nom, ligne_id)"
        ),
        sql("create index echanges_version_ligne on echanges_version (agence_id, ligne_id, cree_le)"),
        sql("create index echanges_version_age on echanges_version (agence_id, cree_le)"),
        sql(
            "create unique index echanges_changement_un"
            " on echanges_changement (agence_id, import_id, table_nom, unite_id)"
        ),
        sql("create index echanges_annulation_import on echanges_annulation (agence_id, import_id)"),
        sql(
            "create unique index echanges_annulation_en_cours on echanges_annulation (agence_id, import_id)"
            " where etat = 'demandee'"
        ),
    ]
