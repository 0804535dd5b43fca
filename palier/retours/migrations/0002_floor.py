"""The floor of the returns: each person reads and writes what he says himself; a consent is never rewritten."""

from django.db import migrations

from palier.core.tenancy import ACCES, LIEUX, agence_link, composite_link, tenant_table

OWN = f"acces_id = any({ACCES})"
SUIVIS = ("changementcoordonnees", "consentement", "justificatif")

# What was said and when stays; only what became of it is written later.
IMMUABLE = """
create function retours_consentement_immuable() returns trigger language plpgsql as $$
declare suivi text[] := array['etat', 'retour_id', 'transmis_le', 'acquitte_le', 'applique_le', 'import_id'];
begin
  if to_jsonb(new) - suivi is distinct from to_jsonb(old) - suivi then
    raise exception 'Un consentement ne se réécrit pas : ajoutez une ligne.';
  end if;
  return new;
end $$;
create trigger retours_consentement_immuable before update on retours_consentement
  for each row execute function retours_consentement_immuable();
"""


def run(sql: str) -> migrations.RunSQL:
    """Run a statement, without a way back."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("retours", "0001_initial"),
        ("acces", "0002_floor"),
        ("patrimoine", "0002_floor"),
    ]
    operations = [
        tenant_table("retours_changementcoordonnees", also_visible=OWN, also_writable=OWN),
        tenant_table("retours_coordonneesverifiees", also_visible=OWN, also_writable=OWN),
        tenant_table(
            "retours_consentement", also_visible=OWN, also_writable=OWN, grants="select, insert, update"
        ),
        tenant_table("retours_consentementpropose", also_visible=f"agence_id = any({LIEUX})"),
        tenant_table("retours_justificatif", also_visible=OWN, also_writable=OWN),
        tenant_table("retours_retour"),
        run(IMMUABLE),
        *(agence_link(f"retours_{name}") for name in (*SUIVIS, "coordonneesverifiees", "consentementpropose", "retour")),
        *(composite_link(f"retours_{name}", "acces_id", "acces_acces") for name in (*SUIVIS, "coordonneesverifiees")),
        *(composite_link(f"retours_{name}", "retour_id", "retours_retour", index=True) for name in SUIVIS),
        composite_link("retours_justificatif", "compte_client_id", "patrimoine_compteclient"),
        composite_link("retours_justificatif", "bail_id", "patrimoine_bail"),
        composite_link("retours_justificatif", "remplace_id", "retours_justificatif"),
        run("create unique index retours_retour_sequence on retours_retour (agence_id, sequence)"),
        run("create unique index retours_propose_un on retours_consentementpropose (agence_id, genre)"),
        run(
            "create unique index retours_changement_un on retours_changementcoordonnees"
            " (agence_id, acces_id, rubrique, (nature = 'changement')) where etat = 'demande'"
        ),
        *(run(f"create index retours_{name}_acces on retours_{name} (acces_id, cree_le desc)") for name in SUIVIS),
        *(run(f"create index retours_{name}_etat on retours_{name} (agence_id, etat, cree_le)") for name in SUIVIS),
        run("create index retours_verifiees_acces on retours_coordonneesverifiees (acces_id, le desc)"),
    ]  # fmt: skip
