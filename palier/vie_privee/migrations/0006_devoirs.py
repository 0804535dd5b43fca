"""What binds the exploitant to the agences: instructions, sub-processors, obligations, disclosures."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import ACCOUNT, AGENCES, agence_link, global_table, tenant_table

# The exploitant executes the instructions of the agences: he reads them, and writes the obligations that he announces.
EXPLOITANT = f"exists (select 1 from accounts_account c where c.id = {ACCOUNT} and c.is_exploitant)"


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0005_temoins_audience"), ("accounts", "0004_account_textes")]

    operations = [
        migrations.CreateModel(
            name="Communication",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(help_text="whose data; null when many", null=True)),
                ("destinataire", models.CharField(max_length=200)),
                ("donnees", models.CharField(max_length=300)),
                ("motif", models.TextField()),
                (
                    "base",
                    models.CharField(
                        choices=[
                            ("consentement", "Accord de la personne"),
                            ("loi", "Obligation légale ou décision de justice"),
                            ("securite", "Protection du portail et de ses utilisateurs"),
                            ("service", "Nécessaire à la fourniture du service"),
                        ],
                        max_length=16,
                    ),
                ),
                ("article", models.CharField(blank=True, default="", max_length=200)),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("demandee", "Accord demandé"),
                            ("accordee", "Accord donné"),
                            ("refusee", "Refusée"),
                            ("retiree", "Accord retiré"),
                            ("faite", "Communiquée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("demandee_le", models.DateTimeField()),
                ("repondue_le", models.DateTimeField(null=True)),
                ("faite_le", models.DateTimeField(null=True)),
                ("par", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("texte", models.TextField()),
                (
                    "effet",
                    models.CharField(
                        choices=[
                            ("aucun", "À exécuter par l’exploitant"),
                            ("avis_suspendus", "Ne plus envoyer d’avis de nouveaux documents"),
                            ("transfert", "Autoriser un transfert hors de l’Union européenne"),
                        ],
                        default="aucun",
                        max_length=24,
                    ),
                ),
                (
                    "parametre",
                    models.CharField(
                        blank=True, default="", help_text="the country of a transfer", max_length=80
                    ),
                ),
                ("donnee_le", models.DateTimeField()),
                ("donnee_par", models.UUIDField(help_text="account of the administrator", null=True)),
                ("auteur", models.CharField(max_length=200)),
                ("fin_le", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("texte", models.TextField()),
                ("article", models.CharField(max_length=200)),
                ("prevue_le", models.DateField(help_text="when the processing will take place")),
                ("annoncee_le", models.DateTimeField()),
                (
                    "secrete",
                    models.BooleanField(
                        default=False, help_text="the law forbids telling: not shown to the agence"
                    ),
                ),
                ("lue_le", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Opposition",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("sous_traitant_id", models.UUIDField()),
                ("motif", models.TextField()),
                ("le", models.DateTimeField()),
                ("auteur", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SousTraitant",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("nom", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=200)),
                ("donnees", models.CharField(max_length=300)),
                ("pays", models.CharField(help_text="ISO 3166-1", max_length=2)),
                ("lieu", models.CharField(blank=True, default="", max_length=200)),
                ("annonce_le", models.DateField()),
                ("depuis", models.DateField(help_text="not before the agences had time to object")),
                ("jusqu_au", models.DateField(null=True)),
            ],
        ),
        tenant_table("vie_privee_instruction", also_visible=EXPLOITANT),
        tenant_table("vie_privee_opposition", also_visible=EXPLOITANT),
        tenant_table("vie_privee_obligation", also_visible=EXPLOITANT, also_writable=EXPLOITANT),
        # What the law forbids telling is not there for the agence, whatever the query.
        migrations.RunSQL(
            "alter policy vie_privee_obligation_lecture on vie_privee_obligation "
            f"using ((agence_id = any({AGENCES}) and not secrete) or {EXPLOITANT})",
            migrations.RunSQL.noop,
        ),
        agence_link("vie_privee_instruction"),
        agence_link("vie_privee_opposition"),
        agence_link("vie_privee_obligation"),
        global_table(
            "vie_privee_soustraitant", "select, insert, update", exploitant="select, insert, update"
        ),
        global_table(
            "vie_privee_communication", "select, insert, update, delete", exploitant="select, insert, update"
        ),
        migrations.RunSQL(
            "alter table vie_privee_opposition add constraint vie_privee_opposition_objet foreign key (sous_traitant_id)"
            " references vie_privee_soustraitant (id)",
            migrations.RunSQL.noop,
        ),
    ]
