"""As of which day each unit of a source is on line; clients read it, as they read the source."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import LIEUX, agence_link, composite_link, tenant_table


class Migration(migrations.Migration):
    dependencies = [("echanges", "0011_sante_des_flux"), ("acces", "0007_fraicheur_of_the_espace")]
    operations = [
        migrations.CreateModel(
            name="Fraicheur",
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
                (
                    "unite_id",
                    models.UUIDField(
                        null=True, help_text="null: every unit of the source that has no row of its own"
                    ),
                ),
                ("arrete_au", models.DateField()),
                ("import_id", models.UUIDField(null=True, help_text="the import that brought it")),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            "import",
            "fraicheur_avant",
            models.JSONField(
                default=dict,
                help_text="the dates of the units that it moved, before it: a rollback brings them back",
            ),
        ),
        migrations.AlterField(
            "source",
            "arrete_au",
            models.DateField(
                null=True,
                help_text="date of the last sending that went on line; of what each unit has: Fraicheur",
            ),
        ),
        tenant_table("echanges_fraicheur", also_visible=f"agence_id = any({LIEUX})"),
        agence_link("echanges_fraicheur"),
        composite_link("echanges_fraicheur", "source_id", "echanges_source"),
        composite_link("echanges_fraicheur", "import_id", "echanges_import", index=True),
        migrations.RunSQL(
            "create unique index echanges_fraicheur_une on echanges_fraicheur (agence_id, source_id, unite_id)"
            " nulls not distinct",
            migrations.RunSQL.noop,
        ),
    ]
