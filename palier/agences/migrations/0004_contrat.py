"""The end of a contract: its seven days, what the agence keeps closed, the certificate; and the one way out of a row.

The application's role cannot delete from the journal, nor an agence: these functions can, as the owner of the tables,
for an agence whose contract has ended and whose seventh day has come by the database's own clock.
"""

from django.db import migrations, models

import palier.core.ids
from palier.core.tenancy import APP, LIEUX, agence_link, global_table, tenant_table

FONCTIONS = f"""
create function palier_effacable(cible uuid) returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
  select exists (select 1 from agences_fincontrat f where f.agence_id = cible and f.annule_le is null
      and f.efface_le <= (clock_timestamp() at time zone 'Europe/Paris')::date)
    and not exists (select 1 from agences_agence g where g.id = cible and g.statut <> 'terminee')
$$;

create function palier_effacer_lignes(cible uuid, nom text) returns bigint language plpgsql security definer
set search_path = public, pg_temp as $$
declare colonne text; avant text := current_setting('palier.agences', true); combien bigint;
begin
  if not palier_effacable(cible) then
    raise exception 'Cette agence ne s''efface pas : son contrat court, ou le septième jour n''est pas venu.';
  end if;
  select a.attname into colonne from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relname = nom and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and a.attname in ('agence_id', 'chaine_id')
      and c.relname not in ('agences_fincontrat', 'agences_certificateffacement');
  if colonne is null then
    raise exception 'La table % n''est pas celle d''une agence.', nom;
  end if;
  perform set_config('palier.agences', '{{' || cible || '}}', true), set_config('palier.effacement', cible::text, true);
  execute format('delete from %I where %I = $1', nom, colonne) using cible;
  get diagnostics combien = row_count;
  perform set_config('palier.agences', coalesce(avant, ''), true), set_config('palier.effacement', '', true);
  return combien;
end $$;

create function palier_effacer_agence(cible uuid) returns boolean language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if not palier_effacable(cible) then
    raise exception 'Cette agence ne s''efface pas : son contrat court, ou le septième jour n''est pas venu.';
  end if;
  delete from agences_agence where id = cible;  -- its foreign keys refuse while a row of the agence remains
  return found;
end $$;

create function palier_restrictions(cible uuid) returns integer language plpgsql security definer
set search_path = public, pg_temp as $$
declare avant text := current_setting('palier.agences', true); combien integer;
begin
  perform set_config('palier.agences', '{{' || cible || '}}', true);
  select count(*) into combien from agences_restrictionagence where agence_id = cible;
  perform set_config('palier.agences', coalesce(avant, ''), true);
  return combien;
end $$;

create or replace function palier_journal_figer() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('palier.effacement', true) = old.chaine_id::text
     and palier_effacable(old.chaine_id) then
    return old;
  end if;
  raise exception 'Le journal ne se modifie pas et ne s''efface pas (%).', tg_op;
end $$;
create policy core_journal_retrait on core_journal for delete
  using (chaine_id::text = (select current_setting('palier.effacement', true)));

revoke execute on function palier_effacer_lignes(uuid, text), palier_effacer_agence(uuid),
  palier_restrictions(uuid) from public;
grant execute on function palier_effacable(uuid), palier_effacer_lignes(uuid, text), palier_effacer_agence(uuid),
  palier_restrictions(uuid) to {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("agences", "0003_avis_delai"), ("core", "0004_journal_oublier")]
    operations = [
        migrations.CreateModel(
            name="RestrictionAgence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "agence_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agence_id", models.UUIDField()),
                ("id", models.UUIDField(default=palier.core.ids.new_id)),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("qualite", "Qualité de client"),
                            ("fonction", "Fonction"),
                            ("copropriete", "Copropriété"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "valeur",
                    models.CharField(
                        help_text="capacity, feature, or the id of a copropriété", max_length=60
                    ),
                ),
                ("depuis", models.DateTimeField()),
                ("par", models.UUIDField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="FinContrat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False),
                ),
                ("agence_id", models.UUIDField()),
                ("fin", models.DateField(help_text="day 0")),
                (
                    "efface_le",
                    models.DateField(help_text="the seventh day: from then on the database lets the rows go"),
                ),
                ("ouvert_le", models.DateTimeField()),
                (
                    "annule_le",
                    models.DateTimeField(help_text="the agence signed again: nothing is erased", null=True),
                ),
                (
                    "etapes",
                    models.JSONField(default=dict, help_text="step of the erasure → when it was done"),
                ),
                (
                    "constat",
                    models.JSONField(
                        default=dict, help_text="what there was: rows by table, files, key, journal"
                    ),
                ),
                (
                    "comptes",
                    models.JSONField(default=list, help_text="accounts to look at once the agence is gone"),
                ),
                (
                    "adieux",
                    models.TextField(
                        blank=True, default="", help_text="sealed: whom the certificate goes to"
                    ),
                ),
                ("termine_le", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CertificatEffacement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=palier.core.ids.new_id, primary_key=True, serialize=False),
                ),
                ("agence_id", models.UUIDField()),
                ("fait_le", models.DateTimeField()),
                ("contenu", models.TextField(help_text="the signed JSON, byte for byte")),
                ("signature", models.TextField(help_text="Ed25519, base64")),
                ("pdf", models.BinaryField()),
                ("pdf_sha256", models.CharField(max_length=64)),
            ],
        ),
        tenant_table("agences_restrictionagence", also_visible=f"agence_id = any({LIEUX})"),
        agence_link("agences_restrictionagence"),
        global_table("agences_fincontrat", "select, insert, update", exploitant="select"),
        global_table("agences_certificateffacement", "select, insert", exploitant="select"),
        migrations.RunSQL(
            "create unique index agences_restrictionagence_une on agences_restrictionagence (agence_id, genre, valeur);"
            "create unique index agences_fincontrat_vive on agences_fincontrat (agence_id) where annule_le is null;"
            "create unique index agences_certificateffacement_un on agences_certificateffacement (agence_id);"
            "create index agences_certificateffacement_pdf on agences_certificateffacement (pdf_sha256)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FONCTIONS, migrations.RunSQL.noop),
    ]
