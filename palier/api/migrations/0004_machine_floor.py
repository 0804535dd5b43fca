"""A machine at the floor: nothing of its agence but its own source, its keys, its sendings and their reports."""

from django.db import migrations

from palier.core.tenancy import MACHINE, SOURCE, machine_table

_MINE = f"source_id = {SOURCE}"


def through(column: str, table: str) -> str:
    """The rows that hang from those of the machine's source in another table."""
    return f"{column} = any(array(select x.id from {table} x where x.agence_id = {MACHINE} and x.source_id = {SOURCE}))"


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0003_envoi_sans_lien_import"),
        ("echanges", "0010_origines"),
        ("agences", "0006_restrictions"),
    ]
    operations = [
        # The key that seals what it sends: the vault's, one for the whole agence.
        machine_table("agences_cleagence", "true"),
        machine_table("echanges_source", f"id = {SOURCE}"),
        machine_table("echanges_import", _MINE),
        machine_table("echanges_anomalie", through("import_id", "echanges_import")),
        machine_table("api_cleapi", _MINE),
        machine_table("api_envoi", _MINE),
        machine_table("api_morceau", through("envoi_id", "api_envoi")),
        machine_table("api_requeterejouable", through("cle_id", "api_cleapi")),
    ]
