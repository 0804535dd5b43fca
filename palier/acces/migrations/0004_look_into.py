"""A member of the staff looks into a space: agence, space and opening in one round trip."""

from django.db import migrations

# The space is looked for with the rights of the staff; what is opened at the end is the person's accès alone.
REGARDER = """
create function palier_regarder(qui uuid, jour date, lieu text, cherche uuid) returns jsonb language plpgsql as $$
declare droits jsonb; l_agence uuid; l_acces uuid;
begin
  droits := palier_entrer(qui, jour);
  select g.id into l_agence from agences_agence g
    where g.slug = lieu and g.id in (select (h ->> 0)::uuid from jsonb_array_elements(droits -> 'habilitations') h);
  if l_agence is not null then
    perform palier_ouvrir('{}', array[l_agence], qui, jour);
    select e.acces_id into l_acces from acces_espace e where e.agence_id = l_agence and e.id = cherche;
    if l_acces is null then
      perform palier_entrer(qui, jour);
    else
      perform palier_ouvrir(array[l_acces], '{}', qui, jour);
    end if;
  end if;
  return jsonb_build_object('droits', droits, 'acces', l_acces, 'agence', l_agence);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("acces", "0003_compte_of_the_espace"), ("agences", "0002_floor")]
    operations = [migrations.RunSQL(REGARDER, "drop function palier_regarder(uuid, date, text, uuid)")]
