"""The floor of the documents: a file is seen by who sees a document that cites it."""

from django.db import migrations

from palier.core.tenancy import (
    ACCES,
    JOUR,
    agence_link,
    composite_link,
    published_table,
    tenant_table,
)


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("ged", "0001_initial"),
        ("patrimoine", "0002_floor"),
    ]
    operations = [
        published_table(
            "ged_document",
            row_date="le",
            extra=f"(publie_du is null or publie_du <= {JOUR}) and (publie_au is null or publie_au >= {JOUR})",
        ),
        tenant_table(
            "ged_fichier",
            also_visible="exists (select 1 from ged_document d where d.agence_id = ged_fichier.agence_id and d.fichier_id = ged_fichier.id)",
        ),
        tenant_table(
            "ged_lecture", also_visible=f"acces_id = any({ACCES})", also_writable=f"acces_id = any({ACCES})"
        ),
        agence_link("ged_document"),
        agence_link("ged_fichier"),
        agence_link("ged_lecture"),
        composite_link("ged_document", "cercle_id", "acces_cercle"),
        composite_link("ged_document", "fichier_id", "ged_fichier", index=True),
        composite_link("ged_document", "remplace_id", "ged_document"),
        composite_link("ged_lecture", "acces_id", "acces_acces"),
        composite_link("ged_lecture", "document_id", "ged_document"),
        index("create unique index ged_fichier_un on ged_fichier (agence_id, sha256)"),
        index("create unique index ged_lecture_une on ged_lecture (agence_id, acces_id, document_id)"),
        index(
            "create index ged_document_cercle on ged_document (cercle_id, le desc, id desc) where archive_le is null"
        ),
        index("create index ged_document_recent on ged_document (agence_id, recu_le desc)"),
    ]
