"""Nothing any more: texts are published complete, with the installation's settings (``./run manage textes publier``)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0002_floor")]
    operations = []
