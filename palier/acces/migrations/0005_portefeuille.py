"""The staff's portfolios: opened with the actor, and restrictive policies over every table that tells of a person."""

from django.db import migrations

from palier.core.portefeuille import PORTEFEUILLE, SUIVIS, Suivi, sql_condition
from palier.core.tenancy import AGENCES

# As before (core 0001), and the portfolio of a gestionnaire who acts for an agence. An administrator has none; a task
# has no account.
OUVRIR = """
create or replace function palier_ouvrir(qui_acces uuid[], qui_agences uuid[], qui uuid, jour date) returns void
language plpgsql as $$
declare ouverts text; bornes text; lieux text; suivi text;
begin
  perform set_config('palier.account', coalesce(qui::text, ''), true),
    set_config('palier.jour', jour::text, true), set_config('palier.portefeuille', '', true),
    set_config('palier.acces', case when cardinality(qui_acces) > 0 then qui_acces::text else '' end, true),
    set_config('palier.agences', case when cardinality(qui_agences) > 0 then qui_agences::text else '' end, true);
  if qui is not null and cardinality(qui_agences) > 0 then
    select h.portefeuille::text into suivi from agences_habilitation h
      where h.account_id = qui and h.agence_id = any(qui_agences) and h.revoquee_le is null
        and h.role = 'gestionnaire' and h.portefeuille is not null limit 1;
    perform set_config('palier.portefeuille', coalesce(suivi, ''), true);
  end if;
  if cardinality(qui_acces) > 0 then
    select
      string_agg(d.cercle_id::text, ',') filter (where case when d.personnel
        then d.du = date '0001-01-01' and d.au = date '9999-12-31' else d.au >= jour end),
      string_agg(d.cercle_id::text, ',') filter (where d.personnel
        and not (d.du = date '0001-01-01' and d.au = date '9999-12-31'))
      into ouverts, bornes
      from acces_droit d where d.acces_id = any(qui_acces) and d.du <= jour;
    select string_agg(distinct a.agence_id::text, ',') into lieux from acces_acces a where a.id = any(qui_acces);
  end if;
  perform set_config('palier.cercles', coalesce('{' || ouverts || '}', ''), true),
    set_config('palier.bornes', coalesce('{' || bornes || '}', ''), true),
    set_config('palier.lieux', coalesce('{' || lieux || '}', ''), true);
end $$;
"""

ENTRER = """
create or replace function palier_entrer(qui uuid, jour date) returns jsonb language plpgsql as $$
declare les_acces jsonb; les_habilitations jsonb; ids uuid[];
begin
  perform set_config('palier.account', qui::text, true), set_config('palier.acces', '', true),
    set_config('palier.agences', '', true), set_config('palier.portefeuille', '', true);
  select jsonb_agg(jsonb_build_array(a.id, a.agence_id) order by a.agence_id, a.id), array_agg(a.id)
    into les_acces, ids
    from acces_acces a join agences_agence g on g.id = a.agence_id
    where a.account_id = qui and a.detache_le is null and g.statut = 'active';
  select jsonb_agg(jsonb_build_array(h.agence_id, h.role, h.portefeuille, h.gestes_fermes || g.gestes_fermes)
      order by h.agence_id) into les_habilitations
    from agences_habilitation h join agences_agence g on g.id = h.agence_id
    where h.account_id = qui and h.revoquee_le is null and g.statut <> 'terminee';
  perform palier_ouvrir(coalesce(ids, '{}'), '{}', qui, jour);
  return jsonb_build_object('acces', coalesce(les_acces, '[]'), 'habilitations', coalesce(les_habilitations, '[]'));
end $$;
"""

# Functions, and not subqueries in the policies: the planner does not open them, so that a client's page plans nothing
# more; each is read once for a statement (a hashed subplan), and the tables that it reads have their own policies.
SUIVIS_SQL = f"""
create function palier_personnes_suivies() returns setof uuid language plpgsql stable as $$
begin
  return query select c.tiers_id from patrimoine_comptetiers c
    where c.agence_id = any({AGENCES}) and c.unite_id = any({PORTEFEUILLE})
    union select m.tiers_id from patrimoine_mandatconseil m
    where m.agence_id = any({AGENCES}) and m.unite_id = any({PORTEFEUILLE});
end $$;
create function palier_comptes_suivis() returns setof uuid language plpgsql stable as $$
begin
  return query select c.id from patrimoine_compteclient c
    where c.agence_id = any({AGENCES}) and c.unite_id = any({PORTEFEUILLE});
end $$;
create function palier_acces_suivis() returns setof uuid language plpgsql stable as $$
begin
  return query select a.id from acces_acces a where a.agence_id = any({AGENCES});
end $$;
create function palier_espaces_suivis() returns setof uuid language plpgsql stable as $$
begin
  return query select e.id from acces_espace e where e.agence_id = any({AGENCES});
end $$;
create function palier_fichier_suivi(lieu uuid, fichier uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select 1 from ged_document d where d.agence_id = lieu and d.fichier_id = fichier);
end $$;
"""


def _restrict(table: str, suivi: Suivi) -> str:
    what = "select" if suivi is Suivi.JOURNAL else "all"
    return (
        f"create policy {table}_portefeuille on {table} as restrictive for {what}"
        f" using ({sql_condition(suivi)});"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("acces", "0004_look_into"),
        ("agences", "0005_habilitations"),
        ("core", "0003_journal_lecture"),
        ("patrimoine", "0006_contrat_floor"),
        ("ged", "0005_objet"),
        ("comptabilite", "0005_budget_depense_floor"),
        ("assemblees", "0002_floor"),
        ("courrier", "0003_avis"),
        ("retours", "0002_floor"),
        ("vie_privee", "0009_droits"),
        ("echanges", "0008_remise"),
        ("api", "0002_floor"),
    ]
    operations = [
        migrations.RunSQL(OUVRIR, migrations.RunSQL.noop),
        migrations.RunSQL(ENTRER, migrations.RunSQL.noop),
        migrations.RunSQL(SUIVIS_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(
            "".join(_restrict(table, suivi) for table, suivi in SUIVIS.items()), migrations.RunSQL.noop
        ),
    ]
