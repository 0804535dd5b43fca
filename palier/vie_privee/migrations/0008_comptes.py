"""Accounts that leave, warnings, proofs; runs of the retention rules. Account data: no row of an agence."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import global_table


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0007_incidents"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompteEfface",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                (
                    "empreinte",
                    models.CharField(
                        help_text="keyed digest of the account's id", max_length=64, unique=True
                    ),
                ),
                ("le", models.DateTimeField()),
                (
                    "raison",
                    models.CharField(
                        choices=[
                            ("demande", "À la demande de la personne"),
                            ("inactivite", "Deux ans sans visite"),
                            ("sans_acces", "Plus aucun accès après la fin d’un contrat"),
                            ("deces", "Directives après décès"),
                        ],
                        max_length=12,
                    ),
                ),
                ("lignes", models.JSONField(default=dict, help_text="rows erased or unlinked, by table")),
            ],
        ),
        migrations.CreateModel(
            name="ExecutionRegle",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("regle", models.CharField(max_length=40)),
                ("le", models.DateTimeField()),
                ("nombre", models.IntegerField(default=0)),
                ("erreur", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="SuppressionDemandee",
            fields=[
                ("account_id", models.UUIDField(primary_key=True, serialize=False)),
                ("demandee_le", models.DateTimeField()),
                ("prevue_le", models.DateTimeField(help_text="end of the grace delay")),
            ],
        ),
        migrations.CreateModel(
            name="AvertissementInactivite",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("rang", models.PositiveSmallIntegerField(help_text="1 or 2")),
                ("envoye_le", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "rang"), name="avertissement_unique")
                ],
            },
        ),
        # The retention rules end them; nothing edits them.
        migrations.RunSQL(
            "grant delete on vie_privee_acceptation to palier_app; grant delete on vie_privee_incident to palier_app",
            migrations.RunSQL.noop,
        ),
        global_table("vie_privee_suppressiondemandee", "select, insert, update, delete"),
        global_table("vie_privee_avertissementinactivite", "select, insert, delete"),
        global_table("vie_privee_compteefface", "select, insert", exploitant="select"),
        global_table("vie_privee_executionregle", "select, insert, delete", exploitant="select"),
    ]
