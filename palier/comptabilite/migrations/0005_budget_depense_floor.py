"""The floor of budgets and expenses: rows are seen by the co-owners."""

from django.db import migrations

from palier.core.tenancy import agence_link, composite_link, published_table

LIENS = (
    ("comptabilite_budget", "exercice_id", "comptabilite_exercice", True),
    ("comptabilite_budget", "cle_id", "patrimoine_clerepartition", True),
    ("comptabilite_depense", "exercice_id", "comptabilite_exercice", True),
    ("comptabilite_depense", "cle_id", "patrimoine_clerepartition", True),
    ("comptabilite_depense", "document_id", "ged_document", True),
)


class Migration(migrations.Migration):
    dependencies = [
        ("comptabilite", "0004_budget_depense"),
        ("patrimoine", "0002_floor"),
        ("ged", "0002_floor"),
    ]
    operations = [
        published_table("comptabilite_budget"),
        published_table("comptabilite_depense"),
        agence_link("comptabilite_budget"),
        agence_link("comptabilite_depense"),
        composite_link("comptabilite_budget", "cercle_id", "acces_cercle"),
        composite_link("comptabilite_depense", "cercle_id", "acces_cercle"),
        *(composite_link(table, column, target, index=index) for table, column, target, index in LIENS),
    ]
