"""Cookie choices and audience counts."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import agence_link, global_table, tenant_table


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0004_publication")]
    operations = [
        migrations.CreateModel(
            name="ChoixTemoins",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("le", models.DateTimeField()),
                ("acceptes", models.CharField(help_text="purposes accepted, or « aucun »", max_length=60)),
                ("origine", models.CharField(help_text="bandeau or page", max_length=10)),
                (
                    "texte",
                    models.CharField(help_text="SHA-256 of the cookie policy in force then", max_length=64),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "jour",
                        "genre",
                        "public",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("jour", models.DateField()),
                ("genre", models.CharField(max_length=60)),
                ("public", models.CharField(help_text="visiteur, client, equipe, exploitant", max_length=12)),
                ("nombre", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="AudienceAgence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("jour", models.DateField()),
                ("genre", models.CharField(max_length=60)),
                ("public", models.CharField(max_length=12)),
                ("nombre", models.BigIntegerField()),
            ],
        ),
        global_table("vie_privee_choixtemoins", "select, insert, delete", exploitant="select"),
        global_table("vie_privee_audience", "select, insert, update, delete", exploitant="select"),
        tenant_table("vie_privee_audienceagence"),
        agence_link("vie_privee_audienceagence"),
        migrations.RunSQL(
            "alter table vie_privee_audienceagence add constraint vie_privee_audienceagence_jour "
            "unique (agence_id, jour, genre, public)",
            migrations.RunSQL.noop,
        ),
    ]
