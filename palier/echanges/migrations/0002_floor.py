"""The floor of the exchanges: clients see a source only for its freshness stamp."""

from django.db import migrations

from palier.core.tenancy import (
    LIEUX,
    agence_link,
    composite_link,
    tenant_table,
)


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("echanges", "0001_initial"),
        ("acces", "0002_floor"),
    ]
    operations = [
        tenant_table("echanges_source", also_visible=f"agence_id = any({LIEUX})"),
        tenant_table("echanges_import"),
        tenant_table("echanges_anomalie"),
        agence_link("echanges_source"),
        agence_link("echanges_import"),
        agence_link("echanges_anomalie"),
        composite_link("echanges_import", "source_id", "echanges_source"),
        composite_link("echanges_anomalie", "import_id", "echanges_import"),
        index("create unique index echanges_source_une on echanges_source (agence_id, logiciel, base)"),
        index("create index echanges_import_recu on echanges_import (agence_id, recu_le desc)"),
        index("create unique index echanges_anomalie_rang on echanges_anomalie (agence_id, import_id, rang)"),
    ]
