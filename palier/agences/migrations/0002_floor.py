"""The floor of the agences' room."""

from django.db import migrations

from palier.core.tenancy import (
    ACCOUNT,
    LIEUX,
    agence_link,
    global_table,
    tenant_table,
)


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("agences", "0001_initial"),
        ("acces", "0002_floor"),
    ]
    operations = [
        global_table("agences_agence", "select, insert, update", exploitant="select, insert, update"),
        tenant_table(
            "agences_cleagence",
            also_visible=f"agence_id = any({LIEUX})",
            grants="select, insert, update, delete",
        ),
        agence_link("agences_cleagence"),
        index("create unique index agences_cleagence_une on agences_cleagence (agence_id)"),
        tenant_table("agences_habilitation", also_visible=f"account_id = {ACCOUNT}"),
        agence_link("agences_habilitation"),
        index(
            "create unique index agences_habilitation_vive on agences_habilitation (agence_id, account_id) where revoquee_le is null"
        ),
        index("create index agences_habilitation_account on agences_habilitation (account_id)"),
        tenant_table("agences_invitationequipe"),
        agence_link("agences_invitationequipe"),
    ]
