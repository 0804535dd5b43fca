"""A space keeps the source and the unit of its compte, else of its copropriété: they tell of which day it is."""

from django.db import migrations, models

# The policies are forced upon the owner too: lifted for the time of the filling, in the migration's transaction.
REMPLIR = """
alter table acces_espace no force row level security;
alter table patrimoine_compteclient no force row level security;
alter table patrimoine_copropriete no force row level security;
update acces_espace e set source_id = c.source_id, unite_id = c.unite_id
from patrimoine_compteclient c where c.agence_id = e.agence_id and c.id = e.compte_client_id;
update acces_espace e set source_id = p.source_id, unite_id = p.unite_id
from patrimoine_copropriete p where p.agence_id = e.agence_id and p.id = e.copropriete_id and e.compte_client_id is null;
alter table patrimoine_copropriete force row level security;
alter table patrimoine_compteclient force row level security;
alter table acces_espace force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("acces", "0006_droits_dates")]
    operations = [
        migrations.AddField("espace", "source_id", models.UUIDField(null=True)),
        migrations.AddField("espace", "unite_id", models.UUIDField(null=True)),
        migrations.RunSQL(REMPLIR, migrations.RunSQL.noop),
    ]
