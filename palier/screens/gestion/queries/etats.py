"""Where an accès stands: the same sentence for the list, the counts and the person's page."""

# The last code issued for the accès `a`.
CODE = """
left join lateral (
  select c.id, c.identifiant, c.canal, c.emis_le, c.emis_par, c.expire_le, c.utilise_le, c.revoque_le
  from acces_codeacces c where c.agence_id = a.agence_id and c.acces_id = a.id
  order by c.emis_le desc, c.id desc limit 1) k on true
"""

# A code used, then dissociated, leaves nothing: a new one must be issued.
ETAT = """
case when a.account_id is not null and a.detache_le is null then 'rattache'
  when k.id is null or k.utilise_le is not null then 'non_emis'
  when k.revoque_le is not null then 'revoque'
  when k.expire_le <= now() then 'expire' else 'emis' end
"""

# A space is open today; `a` is the accès.
OUVERT = """
exists (select 1 from acces_espace e where e.agence_id = a.agence_id and e.acces_id = a.id
  and e.du <= %(jour)s and e.au >= %(jour)s)
"""


def sauf_arret(acces: str) -> str:
    """Return the condition that leaves out of figures who restricted or objected (RGPD art. 18 and 21).

    ``acces``: the accès in the statement. The list is read once a statement.
    """
    return (
        f" and {acces} <> all(array(select m.acces_id from vie_privee_limitation m where m.agence_id = %(agence)s"
        " and (m.fin_le is null or m.fin_le > now())))"
    )
