"""The planner's statistics of the tables that a large import has just filled: only their owner may take them."""

from django.db import migrations

#: Tables of the portal only, and only those of which a tenth or more has just been written.
_CREATE = """
create function palier_analyser(tables text[], lignes bigint[]) returns integer language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare nom text; nombre bigint; prises integer := 0;
begin
  for nom, nombre in select * from unnest(tables, lignes) loop
    if exists (
      select 1 from pg_class c where c.oid = to_regclass(format('public.%I', nom)) and c.relkind = 'r'
      and c.relowner = current_user::regrole and nombre >= 0.1 * greatest(c.reltuples, 0)
    ) then
      execute format('analyze public.%I', nom);
      prises := prises + 1;
    end if;
  end loop;
  return prises;
end $$;
revoke all on function palier_analyser(text[], bigint[]) from public;
grant execute on function palier_analyser(text[], bigint[]) to palier_app;
"""


class Migration(migrations.Migration):
    dependencies = [("echanges", "0008_remise")]
    operations = [migrations.RunSQL(_CREATE, "drop function palier_analyser(text[], bigint[])")]
