"""The words of the files can be searched too: what a scan or a title does not say."""

from django.db import migrations

# At most 300,000 letters are indexed: a tsvector holds one megabyte. The column belongs to the database alone.
TEXTE = """
alter table ged_fichier add column recherche tsvector generated always as (
  to_tsvector('french', palier_normalise(left(texte, 300000)))) stored;
"""


class Migration(migrations.Migration):
    dependencies = [("ged", "0002_floor")]
    operations = [migrations.RunSQL(TEXTE, "alter table ged_fichier drop column recherche")]
