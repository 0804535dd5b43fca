"""Journal, counters, heartbeat, text normalisation: the ground floor in the database."""

from django.db import migrations, models

from palier.core.tenancy import AGENCES, global_table

# Accents are folded with translate(): the embedded PostgreSQL has no contrib extension (no unaccent). Capitals are
# listed too: under the C locale lower() leaves « È » as it is.
NORMALISE = """
create function palier_normalise(texte text) returns text language sql immutable parallel safe as $$
  select translate(lower(coalesce(texte, '')),
    'àáâãäåçèéêëìíîïñòóôõöùúûüýÿœæÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸŒÆ’''-_/.,',
    'aaaaaaceeeeiiiinooooouuuuyyoaaaaaaaceeeeiiiinooooouuuuyyoa       ')
$$;
"""

# The chain: the head row is locked until commit, so two acts of one agence never take the same number.
# account_id stays out of RLS reads for clients: a person's own lines come in with the access log (A10).
JOURNAL = f"""
create table core_journal (
  chaine_id uuid not null,
  sequence bigint not null,
  le timestamptz not null,
  gesture text not null,
  role text not null,
  account_id uuid,
  acces_id uuid,
  objet text not null,
  detail jsonb not null default '{{}}',
  precedent text not null,
  empreinte text not null,
  primary key (chaine_id, sequence, le)
) partition by range (le);
create table core_journal_defaut partition of core_journal default;
create index core_journal_le on core_journal (chaine_id, le desc);
create table core_journal_tete (
  chaine_id uuid primary key,
  sequence bigint not null,
  empreinte text not null
);

create function palier_journal_texte(j core_journal) returns text language sql immutable as $$
  select concat_ws('|', j.chaine_id, j.sequence, to_char(j.le at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    j.gesture, j.role, coalesce(j.account_id::text, ''), coalesce(j.acces_id::text, ''), j.objet,
    j.detail::text, j.precedent)
$$;

create function palier_journal_chainer() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare tete core_journal_tete;
begin
  insert into core_journal_tete values (new.chaine_id, 0, '') on conflict do nothing;
  select * into tete from core_journal_tete where chaine_id = new.chaine_id for update;
  new.sequence := tete.sequence + 1;
  new.le := clock_timestamp();
  new.precedent := tete.empreinte;
  new.empreinte := encode(sha256(convert_to(palier_journal_texte(new), 'UTF8')), 'hex');
  update core_journal_tete set sequence = new.sequence, empreinte = new.empreinte where chaine_id = new.chaine_id;
  return new;
end $$;

create function palier_journal_figer() returns trigger language plpgsql as $$
begin
  raise exception 'Le journal ne se modifie pas et ne s''efface pas (%).', tg_op;
end $$;

create trigger core_journal_ajout before insert on core_journal
  for each row execute function palier_journal_chainer();
create trigger core_journal_fige before update or delete on core_journal
  for each row execute function palier_journal_figer();
create trigger core_journal_vide before truncate on core_journal
  for each statement execute function palier_journal_figer();

alter table core_journal enable row level security;
alter table core_journal force row level security;
create policy core_journal_lecture on core_journal for select using (
  chaine_id = any({AGENCES}) or chaine_id = '00000000-0000-0000-0000-000000000000');
-- Any act of any actor may be recorded, in any chain; reading is another matter.
create policy core_journal_ajout on core_journal for insert with check (true);
grant select, insert on core_journal to palier_app;
grant select on core_journal_tete to palier_app;
"""


# Who acts, for the rest of the transaction; and what his droits open on that day, collected once.
OUVRIR = """
create function palier_ouvrir(qui_acces uuid[], qui_agences uuid[], qui uuid, jour date) returns void
language plpgsql as $$
declare ouverts text; bornes text; lieux text;
begin
  perform set_config('palier.account', coalesce(qui::text, ''), true),
    set_config('palier.jour', jour::text, true),
    set_config('palier.acces', case when cardinality(qui_acces) > 0 then qui_acces::text else '' end, true),
    set_config('palier.agences', case when cardinality(qui_agences) > 0 then qui_agences::text else '' end, true);
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


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(NORMALISE, "drop function palier_normalise(text)"),
        migrations.RunSQL(JOURNAL, migrations.RunSQL.noop),
        migrations.RunSQL(OUVRIR, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Journal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "chaine_id",
                        "sequence",
                        "le",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "chaine_id",
                    models.UUIDField(help_text="the agence, or the nil UUID for acts of the portal itself"),
                ),
                ("sequence", models.BigIntegerField()),
                ("le", models.DateTimeField()),
                ("gesture", models.TextField()),
                ("role", models.TextField()),
                ("account_id", models.UUIDField(null=True)),
                ("acces_id", models.UUIDField(null=True)),
                ("objet", models.TextField()),
                ("detail", models.JSONField(default=dict)),
                ("precedent", models.TextField()),
                ("empreinte", models.TextField()),
            ],
            options={
                "db_table": "core_journal",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Compteur",
            fields=[
                ("cle", models.TextField(primary_key=True, serialize=False)),
                (
                    "fin",
                    models.DateTimeField(help_text="end of the window: the row is worth nothing after it"),
                ),
                ("nombre", models.IntegerField()),
            ],
            options={"db_table": "core_compteur"},
        ),
        migrations.CreateModel(
            name="Battement",
            fields=[
                ("nom", models.TextField(primary_key=True, serialize=False)),
                ("le", models.DateTimeField()),
            ],
            options={"db_table": "core_battement"},
        ),
        global_table("core_compteur", "select, insert, update, delete"),
        global_table("core_battement", "select, insert, update", exploitant="select"),
    ]
