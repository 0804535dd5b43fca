"""The floor of the accès room, and the one function by which a signed-in account comes in."""

from django.db import migrations

from palier.core.tenancy import (
    ACCES,
    ACCOUNT,
    JOUR,
    agence_link,
    cercle_visible,
    composite_link,
    global_table,
    tenant_table,
)

ENTRER = """
create function palier_entrer(qui uuid, jour date) returns jsonb language plpgsql as $$
declare les_acces jsonb; les_habilitations jsonb; ids uuid[];
begin
  perform set_config('palier.account', qui::text, true), set_config('palier.acces', '', true),
    set_config('palier.agences', '', true);
  select jsonb_agg(jsonb_build_array(a.id, a.agence_id) order by a.agence_id, a.id), array_agg(a.id)
    into les_acces, ids
    from acces_acces a join agences_agence g on g.id = a.agence_id
    where a.account_id = qui and a.detache_le is null and g.statut = 'active';
  select jsonb_agg(jsonb_build_array(h.agence_id, h.role) order by h.agence_id) into les_habilitations
    from agences_habilitation h join agences_agence g on g.id = h.agence_id
    where h.account_id = qui and h.revoquee_le is null and g.statut <> 'terminee';
  perform palier_ouvrir(coalesce(ids, '{}'), '{}', qui, jour);
  return jsonb_build_object('acces', coalesce(les_acces, '[]'), 'habilitations', coalesce(les_habilitations, '[]'));
end $$;
"""


def index(sql: str) -> migrations.RunSQL:
    """Create an index."""
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("acces", "0001_initial"),
        ("agences", "0001_initial"),
        ("patrimoine", "0001_initial"),
        ("core", "0001_ground_floor"),
    ]
    operations = [
        migrations.RunSQL(ENTRER, migrations.RunSQL.noop),
        tenant_table(
            "acces_acces",
            also_visible=f"id = any({ACCES}) or account_id = {ACCOUNT}",
            also_writable=f"account_id = {ACCOUNT}",
        ),
        tenant_table(
            "acces_espace", also_visible=f"acces_id = any({ACCES}) and du <= {JOUR} and au >= {JOUR}"
        ),
        tenant_table("acces_droit", also_visible=f"acces_id = any({ACCES})"),
        tenant_table("acces_cercle", also_visible=cercle_visible(None, "id")),
        tenant_table("acces_codeacces"),
        global_table("acces_codeindex", "select, insert, delete"),
        global_table("acces_activation", "select, insert, update, delete"),
        agence_link("acces_acces"),
        agence_link("acces_espace"),
        agence_link("acces_droit"),
        agence_link("acces_cercle"),
        agence_link("acces_codeacces"),
        composite_link("acces_acces", "tiers_id", "patrimoine_tiers"),
        composite_link("acces_espace", "acces_id", "acces_acces"),
        composite_link("acces_espace", "compte_client_id", "patrimoine_compteclient", index=True),
        composite_link("acces_espace", "copropriete_id", "patrimoine_copropriete"),
        composite_link("acces_droit", "acces_id", "acces_acces"),
        composite_link("acces_droit", "espace_id", "acces_espace"),
        composite_link("acces_droit", "cercle_id", "acces_cercle"),
        composite_link("acces_codeacces", "acces_id", "acces_acces"),
        index("create unique index acces_acces_tiers on acces_acces (agence_id, tiers_id)"),
        index("create index acces_acces_account on acces_acces (account_id) where account_id is not null"),
        index("create unique index acces_cercle_objet on acces_cercle (agence_id, genre, objet_id)"),
        index(
            "create unique index acces_espace_un on acces_espace (agence_id, acces_id, compte_client_id, copropriete_id) nulls not distinct"
        ),
        index("create index acces_espace_acces on acces_espace (acces_id)"),
        index("create unique index acces_droit_un on acces_droit (agence_id, espace_id, cercle_id, du)"),
        index(
            "create index acces_droit_acces on acces_droit (acces_id) include (cercle_id, du, au, personnel)"
        ),
        index("create index acces_droit_cercle on acces_droit (agence_id, cercle_id)"),
        index(
            "create unique index acces_codeacces_vif on acces_codeacces (agence_id, acces_id) where utilise_le is null and revoque_le is null"
        ),
        index("create index acces_codeacces_acces on acces_codeacces (agence_id, acces_id, emis_le desc)"),
        index("create index acces_activation_expire on acces_activation (expire_le)"),
    ]
