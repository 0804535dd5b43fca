"""Ways in: by which one an import came, its cancelling; feeds, their watched folder and schedule."""

import django.db.models.deletion
from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import agence_link, composite_link, tenant_table

VOIES = [
    ("main", "À la main"),
    ("api", "API"),
    ("dossier_surveille", "Dossier surveillé"),
    ("commande", "Ligne de commande"),
]


def key() -> models.CompositePrimaryKey:
    """Return the key of a row of an agence."""
    return models.CompositePrimaryKey(
        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
    )


def link(column: str, target: str) -> models.ForeignObject:
    """Return the ORM side of a link."""
    return models.ForeignObject(
        from_fields=("agence_id", column),
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=target,
        to_fields=("agence_id", "id"),
    )


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("echanges", "0004_historique")]

    operations = [
        migrations.AddField("import", "voie", models.CharField(choices=VOIES, default="main", max_length=20)),
        migrations.AddField(
            "import",
            "annulation_le",
            models.DateTimeField(help_text="when somebody asked a running import to stop", null=True),
        ),
        migrations.AddField("import", "annule_par", models.UUIDField(null=True)),
        migrations.AddField(
            "source",
            "retard_depuis",
            models.DateTimeField(help_text="when a feed of it was expected and did not come", null=True),
        ),
        migrations.CreateModel(
            "Flux",
            [
                ("pk", key()),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("nom", models.CharField(max_length=80)),
                (
                    "dossier",
                    models.CharField(
                        blank=True, default="", help_text="watched folder, or none", max_length=40
                    ),
                ),
                ("source_id", models.UUIDField(null=True)),
                (
                    "jours",
                    models.JSONField(default=list, help_text="ISO week days, 1 to 7; none: no schedule"),
                ),
                ("heure", models.TimeField(null=True)),
                ("tolerance_minutes", models.PositiveIntegerField(default=120)),
                (
                    "feries",
                    models.BooleanField(default=False, help_text="expected on public holidays too"),
                ),
                (
                    "attendu_depuis",
                    models.DateTimeField(help_text="nothing was expected before", null=True),
                ),
                (
                    "recu_le",
                    models.DateTimeField(help_text="last file of this folder that went on line", null=True),
                ),
                (
                    "retard_depuis",
                    models.DateTimeField(help_text="when it was expected and did not come", null=True),
                ),
                ("vu_le", models.DateTimeField(help_text="last look into the folder", null=True)),
                (
                    "probleme",
                    models.TextField(blank=True, default="", help_text="what the last look found wrong"),
                ),
                ("source", link("source_id", "echanges.source")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            "Arrivee",
            [
                ("pk", key()),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("flux_id", models.UUIDField()),
                ("import_id", models.UUIDField(null=True)),
                ("nom", models.TextField(help_text="the name that the sender gave")),
                ("empreinte", models.CharField(help_text="sha256 of what was taken", max_length=64)),
                ("octets", models.BigIntegerField()),
                ("arrive_le", models.DateTimeField()),
                (
                    "rendu_le",
                    models.DateTimeField(
                        help_text="when the report was written back, the file removed", null=True
                    ),
                ),
                ("flux", link("flux_id", "echanges.flux")),
                ("importation", link("import_id", "echanges.import")),
            ],
            options={"abstract": False},
        ),
        tenant_table("echanges_flux"),
        tenant_table("echanges_arrivee"),
        agence_link("echanges_flux"),
        agence_link("echanges_arrivee"),
        composite_link("echanges_flux", "source_id", "echanges_source"),
        index(
            "create unique index echanges_flux_dossier on echanges_flux (agence_id, dossier) where dossier <> ''"
        ),
        # No foreign key to the feed nor to the import: what was taken is remembered when they are gone.
        index(
            "create index echanges_arrivee_flux on echanges_arrivee (agence_id, flux_id) where rendu_le is null"
        ),
        index("create index echanges_arrivee_import on echanges_arrivee (agence_id, import_id)"),
    ]
