"""The floor of the API: a key's row shows to whoever presents its digest, and to nobody else outside the agence."""

from django.db import migrations

from palier.core.tenancy import agence_link, composite_link, tenant_table

PRESENTED = "empreinte = (select nullif(current_setting('palier.cle_api', true), ''))"


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
        ("echanges", "0002_floor"),
    ]
    operations = [
        tenant_table("api_cleapi", also_visible=PRESENTED),
        tenant_table("api_envoi"),
        tenant_table("api_morceau"),
        tenant_table("api_documentrecu"),
        tenant_table("api_requeterejouable"),
        tenant_table("api_crochet"),
        tenant_table("api_livraison"),
        agence_link("api_cleapi"),
        agence_link("api_envoi"),
        agence_link("api_morceau"),
        agence_link("api_documentrecu"),
        agence_link("api_requeterejouable"),
        agence_link("api_crochet"),
        agence_link("api_livraison"),
        composite_link("api_cleapi", "source_id", "echanges_source"),
        composite_link("api_envoi", "source_id", "echanges_source"),
        composite_link("api_envoi", "cle_id", "api_cleapi"),
        composite_link("api_envoi", "import_id", "echanges_import", index=True),
        composite_link("api_morceau", "envoi_id", "api_envoi"),
        composite_link("api_documentrecu", "cle_id", "api_cleapi"),
        composite_link("api_requeterejouable", "cle_id", "api_cleapi"),
        composite_link("api_crochet", "source_id", "echanges_source"),
        composite_link("api_livraison", "crochet_id", "api_crochet"),
        index("create index api_envoi_recu on api_envoi (agence_id, source_id, recu_le desc, id desc)"),
        index("create unique index api_morceau_un on api_morceau (agence_id, envoi_id, table_nom, rang)"),
        index("create unique index api_documentrecu_un on api_documentrecu (agence_id, sha256)"),
        index("create unique index api_requete_une on api_requeterejouable (agence_id, cle_id, valeur)"),
        index("create index api_livraison_recente on api_livraison (agence_id, creee_le desc, id desc)"),
    ]
