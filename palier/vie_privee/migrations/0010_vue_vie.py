"""The staff looks into no space of a person under restriction (RGPD art. 18), a look opened before included."""

from django.db import migrations

_CORPS = """
create or replace function palier_regarder(qui uuid, jour date, lieu text, cherche uuid) returns jsonb language plpgsql as $$
declare droits jsonb; l_agence uuid; l_acces uuid;
begin
  droits := palier_entrer(qui, jour);
  select g.id into l_agence from agences_agence g
    where g.slug = lieu and g.id in (select (h ->> 0)::uuid from jsonb_array_elements(droits -> 'habilitations') h);
  if l_agence is not null then
    perform palier_ouvrir('{}', array[l_agence], qui, jour);
    select e.acces_id into l_acces from acces_espace e where e.agence_id = l_agence and e.id = cherche%s;
    if l_acces is null then
      perform palier_entrer(qui, jour);
    else
      perform palier_ouvrir(array[l_acces], '{}', qui, jour);
    end if;
  end if;
  return jsonb_build_object('droits', droits, 'acces', l_acces, 'agence', l_agence);
end $$
"""
_LIMITE = """
      and not exists (select 1 from vie_privee_limitation m where m.agence_id = e.agence_id and m.acces_id = e.acces_id
        and m.genre = 'limitation' and (m.fin_le is null or m.fin_le > now()))"""


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0009_droits"), ("acces", "0005_portefeuille")]
    operations = [migrations.RunSQL(_CORPS % _LIMITE, _CORPS % "")]
