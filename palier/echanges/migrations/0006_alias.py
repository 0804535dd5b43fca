"""References that changed, sources that were replaced, units that wait for a complete sending."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import agence_link, composite_link, tenant_table


class Migration(migrations.Migration):
    dependencies = [("echanges", "0005_entrees")]
    operations = [
        migrations.AddField(
            "source",
            "remplacee_par",
            models.UUIDField(
                null=True, help_text="the source that took its place: it sends nothing any more"
            ),
        ),
        migrations.AddField(
            "source",
            "en_attente",
            models.JSONField(
                default=list, help_text="units that missed a sending: a snapshot must bring them whole"
            ),
        ),
        migrations.CreateModel(
            name="Alias",
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
                ("table_nom", models.CharField(max_length=40, help_text="the table of the format")),
                ("reference", models.TextField(help_text="what the back-office calls the row now")),
                ("ligne_id", models.UUIDField(help_text="the row, which keeps its identifier")),
                (
                    "origine",
                    models.TextField(
                        help_text="the first reference of the row in this source; the present one when it came from another"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(
            "create unique index echanges_alias_reference on echanges_alias"
            " (agence_id, source_id, table_nom, reference);"
            "create unique index echanges_alias_ligne on echanges_alias (agence_id, source_id, table_nom, ligne_id);",
            migrations.RunSQL.noop,
        ),
        tenant_table("echanges_alias"),
        agence_link("echanges_alias"),
        composite_link("echanges_alias", "source_id", "echanges_source"),
    ]
