"""A line of the journal takes its instant while its chain is held, so that an act may cross the end of a month.

The instant chooses the partition, before any trigger, and PostgreSQL forbids a trigger to change it afterwards: dated
by the beginning of its transaction, the line of an act that ended in the next month was refused, and the act undone.
"""

from django.db import migrations

INSTANT = """
-- Holds a chain until the end of the transaction, and says what time it is then: the date of the line to come. Held
-- first, so that the instants of a chain follow its numbers: a month that is forgotten (palier_journal_oublier) leaves
-- one anchor, which supposes that no line of an older month bears a greater number than a line of a later one.
create function palier_journal_tenir(chaine uuid) returns timestamptz language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  perform 1 from core_journal_tete where chaine_id = chaine for update;
  if not found then
    insert into core_journal_tete values (chaine, 0, '') on conflict do nothing;
    perform 1 from core_journal_tete where chaine_id = chaine for update;
  end if;
  return clock_timestamp();
end $$;
revoke all on function palier_journal_tenir(uuid) from public;
grant execute on function palier_journal_tenir(uuid) to palier_app;

-- Whoever writes does not date his line: within the month it bears the present instant, whatever was written. Of
-- another month, it bears what was written only if that lies between the beginning of the statement (that the server
-- sets, and nobody else) and the present: midnight of the 1st passed meanwhile. Anything else is invented: refused.
create function palier_journal_instant(ecrit timestamptz, debut timestamptz, maintenant timestamptz)
returns timestamptz language plpgsql immutable as $$
begin
  -- The partitions begin at midnight UTC.
  if date_trunc('month', ecrit at time zone 'UTC') = date_trunc('month', maintenant at time zone 'UTC') then
    return maintenant;
  end if;
  if ecrit is null or ecrit not between debut and maintenant then
    raise exception 'Une ligne du journal porte l''instant où elle est écrite, et nul autre (%).', ecrit;
  end if;
  return ecrit;
end $$;

create or replace function palier_journal_chainer() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare tete core_journal_tete; maintenant timestamptz; suivie boolean;
begin
  perform palier_journal_tenir(new.chaine_id);
  select * into tete from core_journal_tete where chaine_id = new.chaine_id;
  maintenant := clock_timestamp();
  new.le := palier_journal_instant(new.le, statement_timestamp(), maintenant);
  if new.le <> maintenant then
    -- Written without holding the chain first, the line may come after one of the new month: it would break the order
    -- that the anchors suppose. The partition itself is read, for the row policies of the whole table hide its lines.
    execute format('select exists (select from %s where chaine_id = $1 and le > $2)',
      coalesce(to_regclass('core_journal_' || to_char(maintenant at time zone 'UTC', 'YYYYMM')),
        'core_journal_defaut'::regclass)) into suivie using new.chaine_id, new.le;
    if suivie then
      raise exception 'Le mois a changé avant que la chaîne soit tenue : recommencez.'
        using errcode = 'serialization_failure';
    end if;
  end if;
  new.sequence := tete.sequence + 1;
  new.precedent := tete.empreinte;
  new.empreinte := encode(sha256(convert_to(palier_journal_texte(new), 'UTF8')), 'hex');
  update core_journal_tete set sequence = new.sequence, empreinte = new.empreinte where chaine_id = new.chaine_id;
  return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_journal_oublier")]
    operations = [migrations.RunSQL(INSTANT, migrations.RunSQL.noop)]
