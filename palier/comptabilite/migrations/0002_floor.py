"""The floor of the accounts: rows are seen by who holds their cercle on their date."""

from django.db import migrations

from palier.core.tenancy import (
    agence_link,
    composite_link,
    published_table,
)


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("comptabilite", "0001_initial"),
        ("patrimoine", "0002_floor"),
        ("ged", "0002_floor"),
    ]
    operations = [
        published_table("comptabilite_exercice"),
        published_table("comptabilite_echeance", row_date="le"),
        published_table("comptabilite_echeanceligne", row_date="le"),
        published_table("comptabilite_mouvement", row_date="le"),
        agence_link("comptabilite_exercice"),
        agence_link("comptabilite_echeance"),
        agence_link("comptabilite_echeanceligne"),
        agence_link("comptabilite_mouvement"),
        composite_link("comptabilite_exercice", "cercle_id", "acces_cercle"),
        composite_link("comptabilite_echeance", "cercle_id", "acces_cercle"),
        composite_link("comptabilite_echeanceligne", "cercle_id", "acces_cercle"),
        composite_link("comptabilite_mouvement", "cercle_id", "acces_cercle"),
        composite_link("comptabilite_exercice", "copropriete_id", "patrimoine_copropriete", index=True),
        composite_link("comptabilite_echeance", "compte_client_id", "patrimoine_compteclient"),
        composite_link("comptabilite_echeance", "document_id", "ged_document"),
        composite_link("comptabilite_echeanceligne", "echeance_id", "comptabilite_echeance", index=True),
        composite_link("comptabilite_echeanceligne", "lot_id", "patrimoine_lot"),
        composite_link("comptabilite_echeanceligne", "cle_id", "patrimoine_clerepartition"),
        composite_link("comptabilite_mouvement", "compte_client_id", "patrimoine_compteclient"),
        composite_link("comptabilite_mouvement", "echeance_id", "comptabilite_echeance"),
        composite_link("comptabilite_mouvement", "document_id", "ged_document"),
        index(
            "create index comptabilite_mouvement_compte on comptabilite_mouvement (agence_id, compte_client_id, le desc, id)"
        ),
        index(
            "create index comptabilite_echeance_compte on comptabilite_echeance (agence_id, compte_client_id, le desc)"
        ),
    ]
