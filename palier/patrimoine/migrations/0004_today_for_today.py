"""The balance of a compte is today's: who held it once reads the rows of that time, not what it says now."""

from django.db import migrations

from palier.core.tenancy import JOUR, change_published


class Migration(migrations.Migration):
    dependencies = [("patrimoine", "0003_provenance"), ("acces", "0003_compte_of_the_espace")]
    operations = [
        change_published("patrimoine_compteclient", row_date=JOUR),
        change_published("patrimoine_comptetiers", row_date=f"coalesce(fin, {JOUR})"),
    ]
