"""Calibrations of exports: drafts, versions in use; and the file that a line of a report is of."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import AGENCES, agence_link, tenant_table

STATUTS = [("gabarit", "Gabarit"), ("verifie_export_reel", "Vérifié sur un export réel de cette agence")]


def key() -> models.CompositePrimaryKey:
    """Return the key of a row of an agence."""
    return models.CompositePrimaryKey(
        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
    )


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("echanges", "0006_alias")]

    operations = [
        migrations.AddField(
            "anomalie",
            "fichier",
            models.TextField(blank=True, default="", help_text="file received, when a profile converted it"),
        ),
        migrations.CreateModel(
            "Calibrage",
            [
                ("pk", key()),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("connecteur", models.CharField(max_length=20)),
                ("nom", models.CharField(max_length=80)),
                ("plan", models.TextField(help_text="address in the vault of the choices made so far")),
                ("plan_octets", models.BigIntegerField(default=0)),
                (
                    "depots",
                    models.JSONField(default=list, help_text="[address, plain size] of each file received"),
                ),
                ("cree_le", models.DateTimeField()),
                ("modifie_le", models.DateTimeField()),
                ("auteur", models.UUIDField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            "ProfilCalibre",
            [
                ("pk", key()),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("connecteur", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("nom", models.CharField(max_length=80)),
                ("version", models.IntegerField()),
                ("texte", models.TextField(help_text="the profile, YAML")),
                ("signatures", models.JSONField(default=dict, help_text="header signature of each source")),
                ("statut", models.CharField(choices=STATUTS, default="gabarit", max_length=30)),
                (
                    "echantillon",
                    models.BinaryField(help_text="zip of anonymised files: the input of its test"),
                ),
                (
                    "attendu",
                    models.JSONField(default=dict, help_text="rows of each table that its test must give"),
                ),
                (
                    "partage",
                    models.BooleanField(
                        default=False, help_text="offered to the other agences of the portal"
                    ),
                ),
                (
                    "origine",
                    models.CharField(
                        blank=True, default="", help_text="agence it was taken from", max_length=120
                    ),
                ),
                ("auteur", models.UUIDField(null=True)),
                ("cree_le", models.DateTimeField()),
                ("verifie_le", models.DateTimeField(null=True)),
                ("utilise_le", models.DateTimeField(null=True)),
                ("retire_le", models.DateTimeField(null=True)),
            ],
            options={"abstract": False},
        ),
        tenant_table("echanges_calibrage"),
        tenant_table(
            "echanges_profilcalibre",
            also_visible=f"partage and retire_le is null and cardinality({AGENCES}) > 0",
        ),
        agence_link("echanges_calibrage"),
        agence_link("echanges_profilcalibre"),
        index("create index echanges_calibrage_age on echanges_calibrage (agence_id, modifie_le)"),
        index(
            "create unique index echanges_profilcalibre_version on echanges_profilcalibre"
            " (agence_id, connecteur, code, version)"
        ),
        index(
            "create unique index echanges_profilcalibre_actif on echanges_profilcalibre"
            " (agence_id, connecteur, code) where retire_le is null"
        ),
        index(
            "create index echanges_profilcalibre_partage on echanges_profilcalibre (partage) where partage"
        ),
    ]
