"""Published texts are complete, drafts are apart, acceptance and reading are told apart; the agences' own notice."""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import ACCES, agence_link, global_table, tenant_table

GENRES = [
    ("cgu", "Conditions générales d’utilisation"),
    ("confidentialite", "Politique de confidentialité"),
    ("cookies", "Cookies"),
    ("mentions", "Mentions légales"),
    ("accessibilite", "Déclaration d’accessibilité"),
]
# Texts of the first installations were stored with their {fields} empty: those that nobody accepted go away, the others
# become an earlier version, so that the complete one can be published. Links are checked at once: the table is altered
# next, in the same transaction.
UNFILLED = (
    "set constraints all immediate;"
    "delete from vie_privee_textelegal t where t.corps ~ '\\{[a-z_]+\\}' and not exists "
    "(select 1 from vie_privee_acceptation a where a.texte_id = t.id);"
    "update vie_privee_textelegal set version = '0.9'"
)
# A client reads the notice of the agences that hand him an accès.
CLIENTS = f"agence_id = any(array(select a.agence_id from acces_acces a where a.id = any({ACCES})))"


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0003_first_texts"), ("acces", "0002_floor")]
    operations = [
        migrations.RunSQL(UNFILLED, migrations.RunSQL.noop),
        migrations.AddField(
            "textelegal",
            "modele",
            models.TextField(default="", help_text="the same text before its {fields} were filled"),
        ),
        migrations.AlterField(
            "textelegal",
            "empreinte",
            models.CharField(max_length=64, help_text="SHA-256 of title and text as shown, for proof"),
        ),
        migrations.AddField("textelegal", "publie_le", models.DateTimeField(null=True)),
        migrations.AddField(
            "textelegal",
            "publie_par",
            models.UUIDField(null=True, help_text="account; null when the installation published it"),
        ),
        migrations.AddField(
            "textelegal",
            "important",
            models.BooleanField(default=False, help_text="a material change: announced until read"),
        ),
        migrations.AddField(
            "textelegal",
            "resume",
            models.TextField(
                default="", help_text="what changes, in the text's language; shown with the notice"
            ),
        ),
        migrations.AlterField("textelegal", "genre", models.CharField(max_length=20, choices=GENRES)),
        migrations.AlterField(
            "textelegal",
            "corps",
            models.TextField(help_text="sections: '## title' lines and paragraphs, as shown"),
        ),
        migrations.AddField(
            "acceptation",
            "nature",
            models.CharField(max_length=8, choices=[("accepte", "accepté"), ("lu", "lu")], default="accepte"),
        ),
        migrations.CreateModel(
            name="BrouillonTexte",
            fields=[
                ("genre", models.CharField(choices=GENRES, max_length=20, primary_key=True, serialize=False)),
                ("titre_fr", models.CharField(max_length=200)),
                ("corps_fr", models.TextField()),
                ("titre_en", models.CharField(max_length=200)),
                ("corps_en", models.TextField()),
                ("modifie_le", models.DateTimeField()),
                ("modifie_par", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeAgence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                ("version", models.PositiveIntegerField()),
                ("corps", models.TextField(help_text="sections: '## title' lines and paragraphs")),
                ("empreinte", models.CharField(max_length=64)),
                ("publiee_le", models.DateTimeField()),
                ("publiee_par", models.UUIDField(null=True)),
            ],
        ),
        # The operator's pages are served by the application's role: it publishes, and still can edit nothing published.
        migrations.RunSQL("grant insert on vie_privee_textelegal to palier_app", migrations.RunSQL.noop),
        global_table(
            "vie_privee_brouillontexte",
            "select, insert, update, delete",
            exploitant="select, insert, update, delete",
        ),
        tenant_table("vie_privee_noticeagence", also_visible=CLIENTS, grants="select, insert, delete"),
        agence_link("vie_privee_noticeagence"),
        migrations.RunSQL(
            "alter table vie_privee_noticeagence add constraint vie_privee_notice_version unique (agence_id, version)",
            migrations.RunSQL.noop,
        ),
    ]
