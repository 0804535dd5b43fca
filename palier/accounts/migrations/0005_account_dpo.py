"""The data protection officer; who is counted in no statistics."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_account_textes"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="is_dpo",
            field=models.BooleanField(
                default=False, help_text="answers for the exploitant: data protection officer"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="sans_statistiques_jusqu_au",
            field=models.DateTimeField(
                help_text="a restriction or an objection runs until then: copied, read at every page",
                null=True,
            ),
        ),
    ]
