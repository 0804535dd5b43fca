"""Whether an account was ever a member of an agence's staff: its password is longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_floor")]
    operations = [
        migrations.AddField(
            "account",
            "equipe",
            models.BooleanField(
                default=False, help_text="was a member of an agence's staff: longer password"
            ),
        ),
    ]
