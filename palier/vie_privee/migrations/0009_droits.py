"""Requests about rights, restrictions, exports, directives; the floor under a restriction."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import ACCES, ACCOUNT, LIEUX, agence_link, composite_link, global_table, tenant_table

# What runs now. No agence is named: the row policies already narrow both tables to the actor's own.
_COURANT = "l.fin_le is null or l.fin_le > now()"
_LIMITES = (
    f"(select coalesce(array_agg(l.acces_id), '{{}}') from vie_privee_limitation l where {_COURANT})::uuid[]"
)
_LIMITES_18 = _LIMITES.replace(f"where {_COURANT}", f"where l.genre = 'limitation' and ({_COURANT})")
_COMPTES = f"(select coalesce(array_agg(l.account_id), '{{}}') from vie_privee_limitationcompte l where {_COURANT})::uuid[]"


def sql(statement: str) -> migrations.RunSQL:
    """Run a statement that is not undone."""
    return migrations.RunSQL(statement, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0008_comptes"),
        ("accounts", "0005_account_dpo"),
        ("acces", "0004_look_into"),
        ("courrier", "0003_avis"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemandeAgence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                (
                    "dossier_id",
                    models.UUIDField(help_text="the same request, split by controller, has the same"),
                ),
                (
                    "droit",
                    models.CharField(
                        choices=[
                            ("acces", "Accès à mes données"),
                            ("portabilite", "Portabilité"),
                            ("rectification", "Rectification"),
                            ("limitation", "Limitation"),
                            ("opposition", "Opposition"),
                            ("effacement", "Effacement"),
                            ("deces", "Données d’une personne décédée"),
                            ("autre", "Autre question sur mes données"),
                        ],
                        max_length=16,
                    ),
                ),
                ("account_id", models.UUIDField(help_text="null for a person without an account", null=True)),
                ("nom", models.CharField(blank=True, default="", max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("langue", models.CharField(default="fr", max_length=2)),
                ("message", models.TextField(blank=True, default="")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recue", "Reçue"),
                            ("identite", "Preuve d’identité demandée"),
                            ("repondue", "Répondue"),
                            ("refusee", "Refusée, avec ses motifs"),
                            ("annulee", "Retirée par la personne"),
                        ],
                        default="recue",
                        max_length=12,
                    ),
                ),
                ("recue_le", models.DateTimeField()),
                ("echeance", models.DateField(help_text="last day to answer")),
                ("prolongee_le", models.DateTimeField(null=True)),
                (
                    "prolongation",
                    models.TextField(blank=True, default="", help_text="why it takes longer (art. 12.3)"),
                ),
                ("identite_demandee_le", models.DateTimeField(null=True)),
                (
                    "identite_motif",
                    models.TextField(blank=True, default="", help_text="the reasonable doubt (art. 12.6)"),
                ),
                ("identite_recue_le", models.DateTimeField(null=True)),
                ("identite_verifiee_le", models.DateTimeField(null=True)),
                (
                    "identite",
                    models.JSONField(
                        default=dict, help_text="where the vault keeps the proof; empty once verified"
                    ),
                ),
                ("repondue_le", models.DateTimeField(null=True)),
                ("repondue_par", models.UUIDField(null=True)),
                ("reponse", models.TextField(blank=True, default="")),
                (
                    "pieces",
                    models.JSONField(default=list, help_text="attached files and where the vault keeps them"),
                ),
                ("acces_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DemandeCompte",
            fields=[
                (
                    "dossier_id",
                    models.UUIDField(help_text="the same request, split by controller, has the same"),
                ),
                (
                    "droit",
                    models.CharField(
                        choices=[
                            ("acces", "Accès à mes données"),
                            ("portabilite", "Portabilité"),
                            ("rectification", "Rectification"),
                            ("limitation", "Limitation"),
                            ("opposition", "Opposition"),
                            ("effacement", "Effacement"),
                            ("deces", "Données d’une personne décédée"),
                            ("autre", "Autre question sur mes données"),
                        ],
                        max_length=16,
                    ),
                ),
                ("account_id", models.UUIDField(help_text="null for a person without an account", null=True)),
                ("nom", models.CharField(blank=True, default="", max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("langue", models.CharField(default="fr", max_length=2)),
                ("message", models.TextField(blank=True, default="")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recue", "Reçue"),
                            ("identite", "Preuve d’identité demandée"),
                            ("repondue", "Répondue"),
                            ("refusee", "Refusée, avec ses motifs"),
                            ("annulee", "Retirée par la personne"),
                        ],
                        default="recue",
                        max_length=12,
                    ),
                ),
                ("recue_le", models.DateTimeField()),
                ("echeance", models.DateField(help_text="last day to answer")),
                ("prolongee_le", models.DateTimeField(null=True)),
                (
                    "prolongation",
                    models.TextField(blank=True, default="", help_text="why it takes longer (art. 12.3)"),
                ),
                ("identite_demandee_le", models.DateTimeField(null=True)),
                (
                    "identite_motif",
                    models.TextField(blank=True, default="", help_text="the reasonable doubt (art. 12.6)"),
                ),
                ("identite_recue_le", models.DateTimeField(null=True)),
                ("identite_verifiee_le", models.DateTimeField(null=True)),
                (
                    "identite",
                    models.JSONField(
                        default=dict, help_text="where the vault keeps the proof; empty once verified"
                    ),
                ),
                ("repondue_le", models.DateTimeField(null=True)),
                ("repondue_par", models.UUIDField(null=True)),
                ("reponse", models.TextField(blank=True, default="")),
                (
                    "pieces",
                    models.JSONField(default=list, help_text="attached files and where the vault keeps them"),
                ),
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("cle", models.BinaryField(help_text="key of its files, wrapped by the installation's")),
                ("sel", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExportDonnees",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                (
                    "destinataire",
                    models.EmailField(
                        blank=True,
                        default="",
                        help_text="named by a directive executed after a death",
                        max_length=254,
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("attente", "En attente"),
                            ("en_cours", "En préparation"),
                            ("pret", "Prêt"),
                            ("echec", "Échoué"),
                            ("expire", "Expiré"),
                        ],
                        default="attente",
                        max_length=10,
                    ),
                ),
                ("etape", models.CharField(blank=True, default="", max_length=200)),
                ("part", models.PositiveSmallIntegerField(default=0, help_text="percent done")),
                ("demande_le", models.DateTimeField()),
                ("pret_le", models.DateTimeField(null=True)),
                ("expire_le", models.DateTimeField(null=True)),
                ("telecharge_le", models.DateTimeField(null=True)),
                ("cle", models.BinaryField()),
                ("sel", models.BinaryField()),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("adresse", models.CharField(blank=True, default="", max_length=64)),
                ("octets", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Limitation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("acces_id", models.UUIDField()),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("limitation", "Limitation (article 18)"),
                            ("opposition", "Opposition (article 21)"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "motif",
                    models.CharField(
                        choices=[
                            ("exactitude", "Je conteste l’exactitude de ces données"),
                            ("illicite", "Leur usage est illicite, mais je préfère qu’elles soient gardées"),
                            ("justice", "J’en ai besoin pour défendre un droit en justice"),
                            ("opposition", "Je m’oppose à leur usage, et j’attends la réponse"),
                            ("situation", "Ma situation particulière : je ne veux ni avis ni statistiques"),
                        ],
                        max_length=12,
                    ),
                ),
                ("posee_le", models.DateTimeField()),
                ("posee_par", models.UUIDField(null=True)),
                (
                    "fin_le",
                    models.DateTimeField(help_text="when it ends: announced before (art. 18.3)", null=True),
                ),
                ("fin_motif", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LimitationCompte",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("limitation", "Limitation (article 18)"),
                            ("opposition", "Opposition (article 21)"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "motif",
                    models.CharField(
                        choices=[
                            ("exactitude", "Je conteste l’exactitude de ces données"),
                            ("illicite", "Leur usage est illicite, mais je préfère qu’elles soient gardées"),
                            ("justice", "J’en ai besoin pour défendre un droit en justice"),
                            ("opposition", "Je m’oppose à leur usage, et j’attends la réponse"),
                            ("situation", "Ma situation particulière : je ne veux ni avis ni statistiques"),
                        ],
                        max_length=12,
                    ),
                ),
                ("posee_le", models.DateTimeField()),
                ("posee_par", models.UUIDField(null=True)),
                ("fin_le", models.DateTimeField(null=True)),
                ("fin_motif", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="Directive",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("effacer", "Effacer mon compte"),
                            (
                                "transmettre",
                                "Remettre une copie à la personne que je nomme, puis effacer mon compte",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("destinataire_nom", models.CharField(blank=True, default="", max_length=200)),
                ("destinataire_email", models.EmailField(blank=True, default="", max_length=254)),
                ("precisions", models.TextField(blank=True, default="")),
                ("accord", models.TextField(help_text="the very sentence consented to")),
                ("accord_le", models.DateTimeField()),
                ("retiree_le", models.DateTimeField(null=True)),
                ("executee_le", models.DateTimeField(null=True)),
                ("executee_par", models.UUIDField(null=True)),
                (
                    "preuve",
                    models.JSONField(
                        default=dict,
                        help_text="of the death: what was received and when; its digest, not its file",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "version"), name="directive_version")
                ],
            },
        ),
        global_table("vie_privee_demandecompte", "select, insert, update, delete"),
        global_table("vie_privee_limitationcompte", "select, insert, update, delete"),
        global_table("vie_privee_exportdonnees", "select, insert, update, delete"),
        global_table("vie_privee_directive", "select, insert, update, delete"),
        # A person writes to the agences where he holds an accès, and reads his own requests wherever they are.
        tenant_table(
            "vie_privee_demandeagence",
            also_visible=f"account_id = {ACCOUNT}",
            also_writable=f"account_id = {ACCOUNT} and agence_id = any({LIEUX})",
            grants="select, insert, update, delete",
        ),
        tenant_table(
            "vie_privee_limitation",
            also_visible=f"acces_id = any({ACCES})",
            also_writable=f"acces_id = any({ACCES})",
            grants="select, insert, update, delete",
        ),
        agence_link("vie_privee_demandeagence"),
        agence_link("vie_privee_limitation"),
        composite_link("vie_privee_limitation", "acces_id", "acces_acces", index=True),
        sql("create index vie_privee_demandeagence_compte on vie_privee_demandeagence (account_id)"),
        sql("create index vie_privee_demandecompte_compte on vie_privee_demandecompte (account_id)"),
        sql("create index vie_privee_exportdonnees_compte on vie_privee_exportdonnees (account_id)"),
        # One of a kind at a time, two clicks included.
        sql(
            "create unique index vie_privee_limitation_une on vie_privee_limitation (agence_id, acces_id, genre)"
            " where fin_le is null"
        ),
        sql(
            "create unique index vie_privee_limitationcompte_une on vie_privee_limitationcompte (account_id, genre)"
            " where fin_le is null"
        ),
        # The floor: no code is issued for an accès under restriction, no notice is written for who stopped them.
        sql(
            "create policy acces_codeacces_limitation on acces_codeacces as restrictive for insert"
            f" with check (not (acces_id = any({_LIMITES_18})));"
            "create policy courrier_avis_limitation on courrier_avis as restrictive for insert"
            f" with check (not (acces_id = any({_LIMITES})) and not (account_id = any({_COMPTES})));"
        ),
    ]
