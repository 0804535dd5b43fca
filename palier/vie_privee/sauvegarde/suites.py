"""What a restore must not undo: what persons and controllers stopped or took back. Each kind, how it is read and redone.

Facts are identifiers, dates, closed choices and public texts: no name, no address, no words of anybody (they lie in the
keyring's folder, in clear). ``lire`` gives one row a decision, its key first; ``refaire`` is idempotent, and skips what
the backup does not hold. « f » is the list of facts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suite:
    """A kind of decision."""

    genre: str
    lire: str
    colonnes: str
    refaire: tuple[str, ...]
    #: The fact that says that its row is gone since, for what is lifted by taking the row away.
    levee: str = ""

    def statements(self) -> tuple[str, ...]:
        """Return what redoes it, its facts named ``f``."""
        faits = f"with f as (select * from jsonb_to_recordset(%(faits)s::jsonb) as f({self.colonnes})) "
        return tuple(faits + one for one in self.refaire)


_LIMITE = "id uuid, genre text, motif text, posee_le timestamptz, fin_le timestamptz"

DES_AGENCES: tuple[Suite, ...] = (
    Suite(
        "limitation",
        "select id::text as objet, id, acces_id, genre, motif, posee_le, fin_le from vie_privee_limitation"
        " where agence_id = %(agence)s",
        f"acces_id uuid, {_LIMITE}",
        (
            # The lifts first: one restriction of a kind runs at a time.
            "update vie_privee_limitation l set fin_le = f.fin_le from f where l.agence_id = %(agence)s and l.id = f.id"
            " and f.fin_le is not null and l.fin_le is distinct from f.fin_le",
            "insert into vie_privee_limitation (agence_id, id, acces_id, genre, motif, posee_le, fin_le, fin_motif)"
            " select a.agence_id, f.id, f.acces_id, f.genre, f.motif, f.posee_le, f.fin_le, '' from f"
            " join acces_acces a on a.agence_id = %(agence)s and a.id = f.acces_id on conflict do nothing",
        ),
    ),
    Suite(
        "consentement_retire",
        "select id::text as objet, id, acces_id, account_id, cree_le, genre, texte_version, texte, texte_empreinte"
        " from retours_consentement where agence_id = %(agence)s and sens = 'retire'",
        "id uuid, acces_id uuid, account_id uuid, cree_le timestamptz, genre text, texte_version text, texte text,"
        " texte_empreinte text",
        (
            "insert into retours_consentement (agence_id, id, acces_id, account_id, etat, cree_le, motif, genre, sens,"
            " texte_version, texte, texte_empreinte, moyen) select a.agence_id, f.id, f.acces_id, c.id, 'demande',"
            " f.cree_le, '', f.genre, 'retire', f.texte_version, f.texte, f.texte_empreinte, 'espace en ligne' from f"
            " join acces_acces a on a.agence_id = %(agence)s and a.id = f.acces_id"
            " left join accounts_account c on c.id = f.account_id on conflict do nothing",
        ),
    ),
    Suite(
        "partage_retire",
        # Shared once, and no more: whatever was shared later than that is another sharing.
        "select c.acces_id::text as objet, c.acces_id, max(c.cree_le) as cree_le from retours_changementcoordonnees c"
        " join acces_acces a on a.agence_id = c.agence_id and a.id = c.acces_id and a.email_partage = ''"
        " where c.agence_id = %(agence)s and c.nature in ('partage', 'retrait') group by c.acces_id",
        "acces_id uuid, cree_le timestamptz",
        (
            "update acces_acces a set email_partage = '' from f where a.agence_id = %(agence)s and a.id = f.acces_id"
            " and a.email_partage <> '' and not exists (select 1 from retours_changementcoordonnees p where"
            " p.agence_id = a.agence_id and p.acces_id = a.id and p.nature = 'partage' and p.cree_le > f.cree_le)",
        ),
    ),
    Suite(
        "acces_detache",
        "select id::text as objet, id, detache_le from acces_acces where agence_id = %(agence)s and detache_le is not null",
        "id uuid, detache_le timestamptz",
        (
            "update acces_acces a set account_id = null, detache_le = f.detache_le, email_partage = '',"
            " nouveautes_vues_le = null from f where a.agence_id = %(agence)s and a.id = f.id and a.account_id is not null"
            " and coalesce(a.rattache_le, '-infinity') < f.detache_le",
        ),
    ),
    Suite(
        "code_revoque",
        "select id::text as objet, id, revoque_le from acces_codeacces where agence_id = %(agence)s and revoque_le is not null",
        "id uuid, revoque_le timestamptz",
        (
            "update acces_codeacces c set revoque_le = f.revoque_le from f where c.agence_id = %(agence)s and c.id = f.id"
            " and c.revoque_le is null",
        ),
    ),
    Suite(
        "habilitation_revoquee",
        "select id::text as objet, id, revoquee_le from agences_habilitation where agence_id = %(agence)s"
        " and revoquee_le is not null",
        "id uuid, revoquee_le timestamptz",
        (
            "update agences_habilitation h set revoquee_le = f.revoquee_le from f where h.agence_id = %(agence)s"
            " and h.id = f.id and h.revoquee_le is null",
        ),
    ),
    Suite(
        "invitation_revoquee",
        "select id::text as objet, id, revoquee_le from agences_invitationequipe where agence_id = %(agence)s"
        " and revoquee_le is not null",
        "id uuid, revoquee_le timestamptz",
        (
            "update agences_invitationequipe i set revoquee_le = f.revoquee_le from f where i.agence_id = %(agence)s"
            " and i.id = f.id and i.revoquee_le is null",
        ),
    ),
    Suite(
        "cle_revoquee",
        "select id::text as objet, id, revoquee_le from api_cleapi where agence_id = %(agence)s and revoquee_le is not null",
        "id uuid, revoquee_le timestamptz",
        (
            "update api_cleapi k set revoquee_le = f.revoquee_le from f where k.agence_id = %(agence)s and k.id = f.id"
            " and k.revoquee_le is null",
        ),
    ),
    Suite(
        "assistance_finie",
        "select id::text as objet, id, fin_le from vie_privee_assistance where agence_id = %(agence)s and fin_le <= now()",
        "id uuid, fin_le timestamptz",
        (
            "update vie_privee_assistance s set fin_le = f.fin_le from f where s.agence_id = %(agence)s and s.id = f.id"
            " and s.fin_le > f.fin_le",
        ),
    ),
    Suite(
        "restriction_agence",
        "select id::text as objet, id, genre, valeur, depuis from agences_restrictionagence where agence_id = %(agence)s",
        "id uuid, genre text, valeur text, depuis timestamptz, levee boolean",
        (
            "delete from agences_restrictionagence r using f where r.agence_id = %(agence)s and r.id = f.id and f.levee",
            "insert into agences_restrictionagence (agence_id, id, genre, valeur, depuis) select g.id, f.id, f.genre,"
            " f.valeur, f.depuis from f join agences_agence g on g.id = %(agence)s where not coalesce(f.levee, false)"
            " on conflict do nothing",
        ),
        levee="levee",
    ),
)  # fmt: skip

DU_PORTAIL: tuple[Suite, ...] = (
    Suite(
        "limitation_compte",
        "select id::text as objet, account_id, id, genre, motif, posee_le, fin_le from vie_privee_limitationcompte",
        f"account_id uuid, {_LIMITE}",
        (
            "update vie_privee_limitationcompte l set fin_le = f.fin_le from f where l.id = f.id and f.fin_le is not null"
            " and l.fin_le is distinct from f.fin_le",
            "insert into vie_privee_limitationcompte (id, account_id, genre, motif, posee_le, fin_le, fin_motif) select"
            " f.id, c.id, f.genre, f.motif, f.posee_le, f.fin_le, '' from f join accounts_account c on c.id = f.account_id"
            " on conflict do nothing",
        ),
    ),
    Suite(
        "suppression",
        "select account_id::text as objet, account_id, demandee_le, prevue_le from vie_privee_suppressiondemandee",
        "account_id uuid, demandee_le timestamptz, prevue_le timestamptz, annulee boolean",
        (
            "delete from vie_privee_suppressiondemandee s using f where s.account_id = f.account_id and f.annulee",
            "insert into vie_privee_suppressiondemandee (account_id, demandee_le, prevue_le) select c.id, f.demandee_le,"
            " f.prevue_le from f join accounts_account c on c.id = f.account_id where not coalesce(f.annulee, false)"
            " on conflict (account_id) do update set demandee_le = excluded.demandee_le, prevue_le = excluded.prevue_le"
            " where vie_privee_suppressiondemandee.demandee_le < excluded.demandee_le",
        ),
        levee="annulee",
    ),
    Suite(
        "communication_refusee",
        "select id::text as objet, id, etat, repondue_le, account_id from vie_privee_communication"
        " where etat in ('refusee', 'retiree')",
        "id uuid, etat text, repondue_le timestamptz",
        (
            "update vie_privee_communication c set etat = f.etat, repondue_le = f.repondue_le from f where c.id = f.id"
            " and c.etat in ('demandee', 'accordee')",
        ),
    ),
    Suite(
        "preference",
        "select account_id::text as objet, account_id, avis, change_le from courrier_preference",
        "account_id uuid, avis boolean, change_le timestamptz",
        (
            "insert into courrier_preference (account_id, avis, change_le) select c.id, f.avis, f.change_le from f"
            " join accounts_account c on c.id = f.account_id on conflict (account_id) do update set avis = excluded.avis,"
            " change_le = excluded.change_le where courrier_preference.change_le < excluded.change_le",
        ),
    ),
    Suite(
        "directive_retiree",
        "select id::text as objet, id, retiree_le, account_id from vie_privee_directive where retiree_le is not null",
        "id uuid, retiree_le timestamptz",
        (
            "update vie_privee_directive d set retiree_le = f.retiree_le from f where d.id = f.id and d.retiree_le is null"
            " and d.executee_le is null",
        ),
    ),
    Suite(
        "fin_de_contrat",
        "select id::text as objet, agence_id, id, fin, efface_le, ouvert_le, annule_le from agences_fincontrat"
        " where termine_le is null",
        "agence_id uuid, id uuid, fin date, efface_le date, ouvert_le timestamptz, annule_le timestamptz",
        (
            "update agences_fincontrat e set annule_le = f.annule_le from f where e.id = f.id and f.annule_le is not null"
            " and e.annule_le is null and e.etapes = '{}'",
            "insert into agences_fincontrat (id, agence_id, fin, efface_le, ouvert_le, annule_le, etapes, constat, comptes,"
            " adieux) select f.id, g.id, f.fin, f.efface_le, f.ouvert_le, f.annule_le, '{}', '{}', '[]', '' from f"
            " join agences_agence g on g.id = f.agence_id on conflict do nothing",
        ),
    ),
    Suite(
        "contrat",
        "select id::text as objet, id as agence_id, statut, contrat_debut, contrat_fin from agences_agence",
        "agence_id uuid, statut text, contrat_debut date, contrat_fin date",
        (
            "update agences_agence g set statut = f.statut, contrat_debut = f.contrat_debut, contrat_fin = f.contrat_fin"
            " from f where g.id = f.agence_id and (g.statut, g.contrat_debut, g.contrat_fin)"
            " is distinct from (f.statut, f.contrat_debut, f.contrat_fin)",
        ),
    ),
)  # fmt: skip
