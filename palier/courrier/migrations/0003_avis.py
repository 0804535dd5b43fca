"""The notices of new documents, and which mails an account wants."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import ACCES, agence_link, composite_link, global_table, tenant_table


def sql(statement: str) -> migrations.RunSQL:
    """Run a statement that is not undone."""
    return migrations.RunSQL(statement, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("courrier", "0002_floor"),
        ("acces", "0002_floor"),
        ("ged", "0002_floor"),
        ("agences", "0003_avis_delai"),
    ]
    operations = [
        migrations.CreateModel(
            name="Avis",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("import_id", models.UUIDField(help_text="the import that brought the document")),
                ("account_id", models.UUIDField()),
                ("acces_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("fichier_id", models.UUIDField(help_text="nobody is told twice of the same file")),
                ("cree_le", models.DateTimeField()),
                ("prevu_le", models.DateTimeField(help_text="end of the grace delay")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("attente", "En attente"),
                            ("parti", "Parti"),
                            ("arrete", "Arrêté : l’import a été annulé"),
                            ("sans_objet", "Sans objet"),
                        ],
                        default="attente",
                        max_length=10,
                    ),
                ),
                ("fin_le", models.DateTimeField(null=True)),
                ("envoi_id", models.UUIDField(help_text="the mail that told it", null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("account_id", models.UUIDField(primary_key=True, serialize=False)),
                ("avis", models.BooleanField(default=True, help_text="mails about new documents")),
                ("change_le", models.DateTimeField()),
            ],
        ),
        tenant_table("courrier_avis", also_visible=f"acces_id = any({ACCES})"),
        agence_link("courrier_avis"),
        composite_link("courrier_avis", "acces_id", "acces_acces"),
        composite_link("courrier_avis", "document_id", "ged_document"),
        sql(
            "create unique index courrier_avis_un on courrier_avis (agence_id, account_id, fichier_id)"
            " where etat in ('attente', 'parti')"
        ),
        sql(
            "create index courrier_avis_attente on courrier_avis (agence_id, prevu_le) where etat = 'attente'"
        ),
        global_table("courrier_preference", "select, insert, update, delete"),
    ]
