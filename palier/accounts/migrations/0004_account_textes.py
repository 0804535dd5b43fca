"""What an account accepted and read last of the legal texts: asked at every page, so kept on the account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_account_equipe")]
    operations = [
        migrations.AddField(
            "account",
            "cgu_publiees_le",
            models.DateTimeField(null=True, help_text="publication of the CGU accepted last"),
        ),
        migrations.AddField(
            "account",
            "textes_lus_le",
            models.DateTimeField(null=True, help_text="when the notices of changed texts were last read"),
        ),
    ]
