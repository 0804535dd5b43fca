"""Who reads the journal: an agence its chain; a person what was done to his own accès, or by himself; the operator,
and whoever verifies it, the portal's chain. Until now any actor could read the portal's chain by raw SQL."""

from django.db import migrations

from palier.core.tenancy import ACCES, ACCOUNT, AGENCES

PORTAIL = "'00000000-0000-0000-0000-000000000000'"
EXPLOITANT = f"exists (select 1 from accounts_account c where c.id = {ACCOUNT} and c.is_exploitant)"
VERIFIER = "(select current_setting('palier.portail', true)) = 'oui'"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_journal_acces"), ("accounts", "0004_account_textes")]
    operations = [
        migrations.RunSQL(
            "alter policy core_journal_lecture on core_journal using ("
            f"chaine_id = any({AGENCES}) or acces_id = any({ACCES}) or (chaine_id = {PORTAIL} and "
            f"(account_id = {ACCOUNT} or {VERIFIER} or {EXPLOITANT})))",
            migrations.RunSQL.noop,
        ),
    ]
