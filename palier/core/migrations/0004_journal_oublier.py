"""The journal forgets months older than its retention, whole partitions at a time; the chain goes on from an anchor."""

from django.db import migrations

OUBLIER = """
create table core_journal_ancre (
  chaine_id uuid primary key,
  sequence bigint not null,
  empreinte text not null
);
grant select on core_journal_ancre to palier_app;

-- Runs as the owner of the tables: the application may ask, and only for months past the legal retention.
create function palier_journal_oublier(mois int) returns bigint language plpgsql security definer
set search_path = public, pg_temp as $$
declare p record; limite date; total bigint := 0; n bigint;
begin
  if mois < 6 then raise exception 'Le journal se garde six mois au moins (CNIL, délibération 2021-122).'; end if;
  limite := (date_trunc('month', now()) - make_interval(months => mois))::date;
  for p in
    select c.relname, to_date(substring(c.relname from 'core_journal_([0-9]{6})$'), 'YYYYMM') as debut
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'core_journal'::regclass and c.relname ~ 'core_journal_[0-9]{6}$' order by 1
  loop
    if p.debut + interval '1 month' <= limite then
      -- What follows is checked against the last line forgotten.
      execute format(
        'insert into core_journal_ancre select distinct on (chaine_id) chaine_id, sequence, empreinte from %I '
        'order by chaine_id, sequence desc on conflict (chaine_id) do update set sequence = excluded.sequence, '
        'empreinte = excluded.empreinte where excluded.sequence > core_journal_ancre.sequence', p.relname);
      execute format('select count(*) from %I', p.relname) into n;
      execute format('drop table %I', p.relname);
      total := total + n;
    end if;
  end loop;
  return total;
end $$;
revoke all on function palier_journal_oublier(int) from public;
grant execute on function palier_journal_oublier(int) to palier_app;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_journal_lecture")]
    operations = [migrations.RunSQL(OUBLIER, migrations.RunSQL.noop)]
