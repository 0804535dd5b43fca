"""The floor of the contracts: rows are seen by those who hold their cercle."""

from django.db import migrations

from palier.core.tenancy import agence_link, composite_link, published_table


class Migration(migrations.Migration):
    dependencies = [
        ("patrimoine", "0005_contrat"),
        ("ged", "0002_floor"),
    ]
    operations = [
        published_table("patrimoine_contrat"),
        agence_link("patrimoine_contrat"),
        composite_link("patrimoine_contrat", "cercle_id", "acces_cercle"),
        composite_link("patrimoine_contrat", "copropriete_id", "patrimoine_copropriete", index=True),
        composite_link("patrimoine_contrat", "bail_id", "patrimoine_bail", index=True),
        composite_link("patrimoine_contrat", "document_id", "ged_document", index=True),
    ]
