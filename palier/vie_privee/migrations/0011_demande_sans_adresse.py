"""An agence's part of a request keeps no address of an account: it is its owner's, and the answers look it up."""

from django.db import migrations, models

# The policies are forced upon the owner too: lifted for the time of the emptying, in the migration's transaction.
# A request with an accès and no account is that of an account erased since: its address goes as the account did.
VIDER = """
alter table vie_privee_demandeagence no force row level security;
update vie_privee_demandeagence set email = '' where email <> '' and (account_id is not null or acces_id is not null);
alter table vie_privee_demandeagence force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0010_vue_vie")]
    operations = [
        migrations.AlterField(
            "demandeagence",
            "email",
            models.EmailField(
                blank=True,
                default="",
                help_text="of a person without an account; empty otherwise",
                max_length=254,
            ),
        ),
        migrations.RunSQL(VIDER, migrations.RunSQL.noop),
    ]
