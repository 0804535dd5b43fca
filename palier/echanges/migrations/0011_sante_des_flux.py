"""The health of every agence's feeds, in numbers: the exploitant reads no row of an agence, he reads these counts."""

from django.db import migrations

from palier.core.tenancy import APP

#: For each agence under contract: sources, late feeds, imports that wait for a person, imports refused within seven
#: days, when data came last. Neither a name, nor a file, nor a figure of a client.
_CREATE = f"""
create function palier_flux_en_nombres() returns jsonb language plpgsql security definer
set search_path = public, pg_temp as $$
declare avant text := current_setting('palier.agences', true); trouve jsonb;
begin
  perform set_config('palier.agences', coalesce((select '{{' || string_agg(g.id::text, ',') || '}}'
    from agences_agence g where g.statut <> 'terminee'), ''), true);
  select jsonb_object_agg(g.id, jsonb_build_object(
    'sources', (select count(*) from echanges_source s where s.agence_id = g.id and s.remplacee_par is null),
    'en_retard', (select count(*) from echanges_flux f where f.agence_id = g.id and f.retard_depuis is not null),
    'a_confirmer', (select count(*) from echanges_import i where i.agence_id = g.id and i.etat = 'a_confirmer'),
    'refuses', (select count(*) from echanges_import i where i.agence_id = g.id and i.etat = 'refuse'
      and i.recu_le > now() - interval '7 days'),
    'dernier', (select max(s.importe_le) from echanges_source s where s.agence_id = g.id)
  )) into trouve from agences_agence g where g.statut <> 'terminee';
  perform set_config('palier.agences', coalesce(avant, ''), true);
  return coalesce(trouve, '{{}}');
end $$;
revoke execute on function palier_flux_en_nombres() from public;
grant execute on function palier_flux_en_nombres() to {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("echanges", "0010_origines")]
    operations = [migrations.RunSQL(_CREATE, "drop function palier_flux_en_nombres()")]
