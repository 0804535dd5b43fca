"""The floor of the meetings: rows are seen by the co-owners."""

from django.db import migrations

from palier.core.tenancy import agence_link, composite_link, published_table


class Migration(migrations.Migration):
    dependencies = [
        ("assemblees", "0001_initial"),
        ("patrimoine", "0002_floor"),
    ]
    operations = [
        published_table("assemblees_assemblee"),
        published_table("assemblees_resolution"),
        agence_link("assemblees_assemblee"),
        agence_link("assemblees_resolution"),
        composite_link("assemblees_assemblee", "cercle_id", "acces_cercle"),
        composite_link("assemblees_resolution", "cercle_id", "acces_cercle"),
        composite_link("assemblees_assemblee", "copropriete_id", "patrimoine_copropriete", index=True),
        composite_link("assemblees_resolution", "assemblee_id", "assemblees_assemblee", index=True),
    ]
