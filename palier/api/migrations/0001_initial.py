"""Keys, sendings, replayed requests, webhooks."""

import django.db.models.deletion
from django.db import migrations, models

import palier.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("echanges", "0003_verifie"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentRecu",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("cle_id", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("octets", models.BigIntegerField()),
                ("recu_le", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Morceau",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("envoi_id", models.UUIDField()),
                ("table_nom", models.CharField(max_length=40)),
                ("rang", models.IntegerField()),
                ("format", models.CharField(max_length=10)),
                ("entete", models.TextField(help_text="columns of the part, in order")),
                ("lignes", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("octets", models.BigIntegerField()),
                ("depot", models.CharField(max_length=64)),
                ("recu_le", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RequeteRejouable",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("cle_id", models.UUIDField()),
                ("valeur", models.CharField(help_text="SHA-256 of the Idempotency-Key", max_length=64)),
                (
                    "empreinte",
                    models.CharField(
                        blank=True, default="", help_text="digest of the request", max_length=64
                    ),
                ),
                (
                    "statut",
                    models.IntegerField(help_text="null while the request is being served", null=True),
                ),
                ("reponse", models.JSONField(default=dict)),
                ("adresse", models.TextField(blank=True, default="", help_text="Location of the answer")),
                ("recue_le", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CleApi",
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
                ("nom", models.CharField(max_length=100)),
                (
                    "prefixe",
                    models.CharField(
                        help_text="start of the key: what people recognise it by", max_length=16
                    ),
                ),
                ("empreinte", models.CharField(help_text="SHA-256 of the key", max_length=64, unique=True)),
                ("portees", models.JSONField(default=list)),
                (
                    "reseaux",
                    models.JSONField(default=list, help_text="networks it may be used from; empty: any"),
                ),
                ("creee_le", models.DateTimeField()),
                ("creee_par", models.UUIDField(null=True)),
                ("expire_le", models.DateTimeField(null=True)),
                ("revoquee_le", models.DateTimeField(null=True)),
                ("utilisee_le", models.DateTimeField(null=True)),
                (
                    "utilisee_de",
                    models.CharField(
                        blank=True, default="", help_text="truncated to its network", max_length=45
                    ),
                ),
                (
                    "source",
                    models.ForeignObject(
                        from_fields=("agence_id", "source_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="echanges.source",
                        to_fields=("agence_id", "id"),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Crochet",
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
                ("url", models.TextField()),
                ("secret", models.BinaryField(help_text="signing secret, sealed with the agence's key")),
                ("cree_le", models.DateTimeField()),
                ("cree_par", models.UUIDField(null=True)),
                ("retire_le", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignObject(
                        from_fields=("agence_id", "source_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="echanges.source",
                        to_fields=("agence_id", "id"),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EnvoiApi",
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
                ("cle_id", models.UUIDField()),
                (
                    "genre",
                    models.CharField(
                        choices=[("zip", "Dossier zip"), ("tables", "Tables par morceaux")], max_length=10
                    ),
                ),
                ("nom_fichier", models.TextField()),
                ("manifeste", models.JSONField(default=dict)),
                (
                    "depot",
                    models.TextField(
                        blank=True, default="", help_text="encrypted copy of the zip in the vault"
                    ),
                ),
                ("octets", models.BigIntegerField(default=0)),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("construction", "En construction"),
                            ("preparation", "Reçu"),
                            ("confie", "Confié à l’import"),
                            ("abandonne", "Abandonné"),
                            ("expire", "Expiré"),
                        ],
                        default="construction",
                        max_length=20,
                    ),
                ),
                (
                    "controle_seul",
                    models.BooleanField(
                        default=False, help_text="whether the last run asked is a check alone"
                    ),
                ),
                (
                    "import_id",
                    models.UUIDField(help_text="the last run: a check or the import itself", null=True),
                ),
                ("message", models.TextField(blank=True, default="")),
                ("recu_le", models.DateTimeField()),
                ("expire_le", models.DateTimeField()),
                (
                    "importation",
                    models.ForeignObject(
                        from_fields=("agence_id", "import_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="echanges.import",
                        to_fields=("agence_id", "id"),
                    ),
                ),
            ],
            options={
                "db_table": "api_envoi",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Livraison",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("crochet_id", models.UUIDField()),
                ("genre", models.CharField(max_length=40)),
                ("import_id", models.UUIDField(null=True)),
                ("charge", models.JSONField(default=dict)),
                (
                    "etat",
                    models.CharField(
                        choices=[("en_attente", "En attente"), ("livree", "Livrée"), ("echouee", "Échouée")],
                        default="en_attente",
                        max_length=12,
                    ),
                ),
                ("essais", models.IntegerField(default=0)),
                ("statut_http", models.IntegerField(null=True)),
                ("erreur", models.TextField(blank=True, default="")),
                ("creee_le", models.DateTimeField()),
                ("essayee_le", models.DateTimeField(null=True)),
                ("prochain_le", models.DateTimeField(null=True)),
                (
                    "crochet",
                    models.ForeignObject(
                        from_fields=("agence_id", "crochet_id"),
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="api.crochet",
                        to_fields=("agence_id", "id"),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
