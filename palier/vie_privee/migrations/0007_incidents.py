"""Incidents, who is concerned, the public status, and the exploitant's visits on request."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import ACCOUNT, agence_link, composite_link, global_table, tenant_table

# Counts and visits are the exploitant's business; the names of the persons are the agence's alone.
EXPLOITANT = f"exists (select 1 from accounts_account c where c.id = {ACCOUNT} and c.is_exploitant)"


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0006_devoirs"),
        ("acces", "0002_floor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assistance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("motif", models.TextField()),
                ("debut_le", models.DateTimeField()),
                ("fin_le", models.DateTimeField()),
                ("demandee_par", models.UUIDField(null=True)),
                ("auteur", models.CharField(max_length=200)),
                ("entree_le", models.DateTimeField(null=True)),
                ("visiteur", models.UUIDField(help_text="account of the exploitant who came in", null=True)),
                ("derniere_page_le", models.DateTimeField(null=True)),
                ("pages", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EtatPublic",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                ("titre_fr", models.CharField(max_length=200)),
                ("titre_en", models.CharField(max_length=200)),
                ("texte_fr", models.TextField()),
                ("texte_en", models.TextField()),
                ("debut_le", models.DateTimeField()),
                ("fin_le", models.DateTimeField(null=True)),
                ("incident_id", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False)),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("signalement", "Usage anormal signalé par une personne"),
                            ("essais", "Essais de connexion répétés"),
                            ("reseaux", "Connexions depuis des réseaux éloignés"),
                            ("telechargements", "Téléchargements en masse"),
                            ("hors_portefeuille", "Lecture hors du portefeuille"),
                            ("panne", "Panne"),
                            ("autre", "Autre"),
                        ],
                        max_length=20,
                    ),
                ),
                ("titre", models.CharField(max_length=200)),
                (
                    "cle",
                    models.CharField(
                        help_text="the same thing seen twice in a day is one incident",
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "account_id",
                    models.UUIDField(help_text="whose account it is about, when there is one", null=True),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[("a_examiner", "À examiner"), ("en_cours", "En cours"), ("clos", "Clos")],
                        default="a_examiner",
                        max_length=12,
                    ),
                ),
                (
                    "gravite",
                    models.CharField(
                        choices=[
                            ("faible", "Sans risque pour les personnes"),
                            ("risque", "Risque pour les personnes"),
                            ("eleve", "Risque élevé pour les personnes"),
                        ],
                        default="faible",
                        max_length=8,
                    ),
                ),
                (
                    "violation",
                    models.BooleanField(
                        default=False, help_text="a breach of personal data (RGPD art. 4.12)"
                    ),
                ),
                (
                    "constate_le",
                    models.DateTimeField(help_text="the 72-hour clock starts here (RGPD art. 33.1)"),
                ),
                (
                    "debut_le",
                    models.DateTimeField(help_text="start of the period that the journal is searched over"),
                ),
                ("fin_le", models.DateTimeField(null=True)),
                ("description", models.TextField(blank=True, default="")),
                ("donnees", models.TextField(blank=True, default="", help_text="kinds of data concerned")),
                ("consequences", models.TextField(blank=True, default="")),
                ("mesures", models.TextField(blank=True, default="")),
                (
                    "retard",
                    models.TextField(
                        blank=True, default="", help_text="why the CNIL was told past 72 hours (art. 33.1)"
                    ),
                ),
                ("cnil_le", models.DateTimeField(null=True)),
                ("cnil_reference", models.CharField(blank=True, default="", max_length=80)),
                ("agences_le", models.DateTimeField(null=True)),
                ("personnes_le", models.DateTimeField(null=True)),
                (
                    "personnes",
                    models.IntegerField(default=0, help_text="accounts concerned, counted over every agence"),
                ),
                ("clos_le", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="IncidentAgence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("incident_id", models.UUIDField()),
                ("nombre", models.IntegerField(default=0)),
                (
                    "titre",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="copied: the agence reads no incident of others",
                        max_length=200,
                    ),
                ),
                (
                    "texte",
                    models.TextField(
                        blank=True, default="", help_text="what the agence is told (RGPD art. 33.2)"
                    ),
                ),
                ("prevenue_le", models.DateTimeField(null=True)),
                ("lue_le", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IncidentPersonne",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("incident_id", models.UUIDField()),
                ("acces_id", models.UUIDField()),
                ("actes", models.IntegerField(default=0)),
                ("prevenue_le", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        global_table("vie_privee_incident", "select, insert, update", exploitant="select, insert, update"),
        global_table(
            "vie_privee_etatpublic", "select, insert, update, delete", exploitant="select, insert, update"
        ),
        tenant_table("vie_privee_incidentagence", also_visible=EXPLOITANT, also_writable=EXPLOITANT),
        tenant_table("vie_privee_incidentpersonne"),
        tenant_table("vie_privee_assistance", also_visible=EXPLOITANT, also_writable=EXPLOITANT),
        agence_link("vie_privee_incidentagence"),
        agence_link("vie_privee_incidentpersonne"),
        agence_link("vie_privee_assistance"),
        composite_link("vie_privee_incidentpersonne", "acces_id", "acces_acces"),
        migrations.RunSQL(
            "alter table vie_privee_incidentagence add constraint vie_privee_incidentagence_une unique (agence_id, incident_id);"
            "alter table vie_privee_incidentpersonne add constraint vie_privee_incidentpersonne_une "
            "unique (agence_id, incident_id, acces_id)",
            migrations.RunSQL.noop,
        ),
    ]
