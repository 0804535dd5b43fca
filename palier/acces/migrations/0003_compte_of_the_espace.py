"""A space keeps the number and the name of its compte: its former holders no longer read the compte itself."""

from django.db import migrations, models

# The policies are forced upon the owner too: lifted for the time of the filling, in the migration's transaction.
REMPLIR = """
alter table acces_espace no force row level security;
alter table patrimoine_compteclient no force row level security;
update acces_espace e set compte_numero = c.numero, compte_intitule = c.intitule
from patrimoine_compteclient c where c.agence_id = e.agence_id and c.id = e.compte_client_id;
alter table patrimoine_compteclient force row level security;
alter table acces_espace force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("acces", "0002_floor"), ("patrimoine", "0002_floor")]
    operations = [
        migrations.AddField(
            "espace", "compte_numero", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.AddField(
            "espace", "compte_intitule", models.TextField(blank=True, default="", db_default="")
        ),
        migrations.RunSQL(REMPLIR, migrations.RunSQL.noop),
    ]
