"""A sending names its import by identifier: the state forgets the link, the database keeps its composite key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("api", "0002_floor")]

    operations = [migrations.RemoveField(model_name="envoiapi", name="importation")]
