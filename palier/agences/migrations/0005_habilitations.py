"""What a gestionnaire follows and may do; the agence's logo, the sender of its mails, whom to contact."""

import django.contrib.postgres.fields
from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import LIEUX, agence_link, tenant_table


def _texts() -> models.Field:
    return django.contrib.postgres.fields.ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], blank=True
    )


class Migration(migrations.Migration):
    dependencies = [("agences", "0004_contrat")]
    operations = [
        migrations.AddField("agence", "gestes_fermes", _texts()),
        migrations.AddField(
            "agence",
            "expediteur",
            models.CharField(
                max_length=80, blank=True, default="", db_default="", help_text="name that its mails bear"
            ),
        ),
        migrations.AddField(
            "agence",
            "logo_empreinte",
            models.CharField(max_length=16, blank=True, default="", db_default=""),
        ),
        migrations.AddField(
            "agence",
            "versions_jours",
            models.PositiveSmallIntegerField(
                default=90, db_default=90, help_text="days that former states of rows are kept"
            ),
        ),
        migrations.AddField(
            "habilitation",
            "portefeuille",
            django.contrib.postgres.fields.ArrayField(
                models.UUIDField(), null=True, help_text="units that he follows; none said: the whole agence"
            ),
        ),
        migrations.AddField("habilitation", "gestes_fermes", _texts()),
        migrations.AddConstraint(
            "habilitation",
            models.CheckConstraint(
                condition=models.Q(role="gestionnaire") | models.Q(portefeuille__isnull=True),
                name="agences_habilitation_portefeuille",
            ),
        ),
        migrations.CreateModel(
            name="PointContact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("nom", models.CharField(max_length=120)),
                ("fonction", models.CharField(max_length=120, blank=True)),
                ("telephone", models.CharField(max_length=30, blank=True)),
                ("email", models.EmailField(max_length=254, blank=True)),
                ("horaires", models.CharField(max_length=200, blank=True)),
                (
                    "unite_id",
                    models.UUIDField(null=True, help_text="copropriété or mandat; none: the whole agence"),
                ),
                ("rang", models.PositiveSmallIntegerField(default=0)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("agence_id", models.UUIDField(primary_key=True, serialize=False)),
                ("contenu", models.BinaryField(help_text="PNG, re-encoded by us: 480 × 160 at most")),
            ],
        ),
        # A sign, shown to anybody on the letters and the mails; only its agence writes it.
        tenant_table("agences_logo", also_visible="true"),
        agence_link("agences_logo"),
        tenant_table("agences_pointcontact", also_visible=f"agence_id = any({LIEUX})"),
        agence_link("agences_pointcontact"),
        migrations.RunSQL(
            "create index agences_pointcontact_unite on agences_pointcontact (agence_id, unite_id)",
            migrations.RunSQL.noop,
        ),
    ]
