"""A bounded droit opens the rows of its own cercle only.

Before, the condition compared the droit's cercle with itself: whoever held any other personal droit on the row's date
read on, by raw SQL, in a cercle that he had left. The dates now come with the actor, for each cercle.
"""

from django.db import migrations

from palier.core.tenancy import JOUR, change_published

OUVRIR = """
create or replace function palier_ouvrir(qui_acces uuid[], qui_agences uuid[], qui uuid, jour date) returns void
language plpgsql as $$
declare ouverts text; bornes text; dates text; lieux text; suivi text;
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
      string_agg(d.cercle_id::text, ',') filter (where d.ouvert),
      string_agg(d.cercle_id::text, ',') filter (where d.plages is not null),
      jsonb_object_agg(d.cercle_id, d.plages) filter (where d.plages is not null)
      into ouverts, bornes, dates
      from (
        select d.cercle_id,
          bool_or(case when d.personnel then d.du = date '0001-01-01' and d.au = date '9999-12-31'
            else d.au >= jour end) as ouvert,
          range_agg(daterange(d.du, d.au, '[]')) filter (where d.personnel
            and not (d.du = date '0001-01-01' and d.au = date '9999-12-31')) as plages
        from acces_droit d where d.acces_id = any(qui_acces) and d.du <= jour group by d.cercle_id
      ) d;
    select string_agg(distinct a.agence_id::text, ',') into lieux from acces_acces a where a.id = any(qui_acces);
  end if;
  perform set_config('palier.cercles', coalesce('{' || ouverts || '}', ''), true),
    set_config('palier.bornes', coalesce('{' || bornes || '}', ''), true),
    set_config('palier.dates', coalesce(dates, ''), true),
    set_config('palier.lieux', coalesce('{' || lieux || '}', ''), true);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("acces", "0005_portefeuille"),
        ("comptabilite", "0006_fichier_rang"),
        ("ged", "0006_fichier_rang"),
        ("patrimoine", "0008_bail_of_its_time"),
    ]
    operations = [
        migrations.RunSQL(OUVRIR, migrations.RunSQL.noop),
        change_published("comptabilite_echeance", row_date="le"),
        change_published("comptabilite_echeanceligne", row_date="le"),
        change_published("comptabilite_mouvement", row_date="le"),
        change_published(
            "ged_document",
            row_date="le",
            extra=f"(publie_du is null or publie_du <= {JOUR}) and (publie_au is null or publie_au >= {JOUR})",
        ),
        change_published("patrimoine_compteclient", row_date=JOUR),
        change_published("patrimoine_comptetiers", row_date=f"coalesce(fin, {JOUR})"),
    ]
