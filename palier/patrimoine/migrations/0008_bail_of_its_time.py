"""A lease tells the rent of today, or of the day the tenants left: who left before reads neither."""

from django.db import migrations

from palier.core.tenancy import AGENCES, JOUR, cercle_visible

#: The day that a lease's row speaks of: today while it runs, then the day its tenants left.
JOUR_DU_BAIL = f"least(coalesce(sortie_le, {JOUR}), {JOUR})"
#: For a landlord, the row stops with his mandate too: the agence learns nothing after it.
JOUR_DU_MANDAT = (
    f"least(coalesce(sortie_le, {JOUR}), {JOUR}, (select m.fin from patrimoine_mandatgerance m"
    " where m.agence_id = patrimoine_bail.agence_id and m.id = patrimoine_bail.mandat_gerance_id))"
)


class Migration(migrations.Migration):
    dependencies = [("patrimoine", "0007_fichier_rang")]
    operations = [
        migrations.RunSQL(
            "alter policy patrimoine_bail_lecture on patrimoine_bail"
            f" using (agence_id = any({AGENCES}) or (archive_le is null and ({cercle_visible(JOUR_DU_BAIL)}"
            f" or {cercle_visible(JOUR_DU_MANDAT, 'mandat_cercle_id')})));",
            migrations.RunSQL.noop,
        )
    ]
