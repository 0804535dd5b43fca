"""What an agence keeps closed is closed by the floor: documents, accounts. Capacities and copropriétés open no droit."""

from django.db import migrations

from palier.core.tenancy import AGENCES

_TABLES = {
    "documents": ("ged_document",),
    "comptes": ("comptabilite_echeance", "comptabilite_echeanceligne", "comptabilite_mouvement"),
}


def _closed(fonction: str, table: str) -> str:
    # Collected once a query: an uncorrelated subselect is an init plan.
    closing = (
        "(select coalesce(array_agg(r.agence_id), '{}') from agences_restrictionagence r"
        f" where r.genre = 'fonction' and r.valeur = '{fonction}')::uuid[]"
    )
    return (
        f"create policy {table}_restriction on {table} as restrictive for select"
        f" using (agence_id = any({AGENCES}) or agence_id <> all({closing}));"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agences", "0005_habilitations"),
        ("ged", "0005_objet"),
        ("comptabilite", "0005_budget_depense_floor"),
    ]
    operations = [
        migrations.RunSQL(
            "".join(_closed(fonction, table) for fonction, tables in _TABLES.items() for table in tables),
            "".join(
                f"drop policy {table}_restriction on {table};"
                for tables in _TABLES.values()
                for table in tables
            ),
        )
    ]
