"""People of an agence: search by name, e-mail, capacity, place or state, a page by key in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.screens.gestion.queries.base import PAGE, Key, Row, Slice, cut, order, read
from palier.screens.gestion.queries.etats import CODE, ETAT, OUVERT

DORMANT_JOURS = 180


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is looked for; every field may be empty. ``lieu``: a copropriété or an immeuble."""

    q: str = ""
    qualite: str = ""
    etat: str = ""
    lieu: UUID | None = None

    def conditions(self) -> str:
        """Return the SQL of the filters that are set."""
        found = []
        if self.q:
            found.append(
                "not exists (select 1 from unnest(string_to_array(palier_normalise(%(q)s), ' ')) m"
                " where m <> '' and position(m in p.texte) = 0)"
            )
        if self.qualite == "conseil":
            found.append(
                "exists (select 1 from acces_droit d join acces_cercle c on c.agence_id = d.agence_id"
                " and c.id = d.cercle_id and c.genre = 'conseil' where d.agence_id = %(agence)s"
                " and d.acces_id = p.id and d.du <= %(jour)s and d.au >= %(jour)s)"
            )
        elif self.qualite:
            found.append(
                "exists (select 1 from acces_espace e where e.agence_id = %(agence)s and e.acces_id = p.id"
                " and e.qualite = %(qualite)s and e.du <= %(jour)s and e.au >= %(jour)s)"
            )
        if self.etat == "dormant":
            found.append(
                "p.etat = 'rattache' and (p.derniere_visite is null"
                " or p.derniere_visite < now() - make_interval(days => %(dormant)s))"
            )
        elif self.etat:
            found.append("p.etat = %(etat)s")
        if self.lieu:
            found.append(f"p.id in ({LIEU})")
        return "".join(f" and {condition}" for condition in found)

    def params(self, actor: Actor) -> dict[str, Any]:
        """Return the parameters of the statement."""
        return {
            "agence": actor.agence_id,
            "jour": actor.today,
            "q": self.q,
            "qualite": self.qualite,
            "etat": self.etat,
            "lieu": self.lieu,
            "dormant": DORMANT_JOURS,
        }


# Whoever holds today a cercle of the place: its co-owners, its council, its occupants and those who let there.
LIEU = """
select d.acces_id from acces_droit d where d.agence_id = %(agence)s and d.du <= %(jour)s and d.au >= %(jour)s
  and not d.personnel and d.cercle_id in (
    select cercle_id from patrimoine_copropriete where agence_id = %(agence)s and id = %(lieu)s
    union all select cercle_id from patrimoine_immeuble
      where agence_id = %(agence)s and (id = %(lieu)s or copropriete_id = %(lieu)s)
    union all select id from acces_cercle
      where agence_id = %(agence)s and genre = 'conseil' and objet_id = %(lieu)s)
"""

_TRI = "palier_normalise(concat_ws(' ', t.nom, t.prenom))"

_PERSONNES = f"""
with personne as (
  select a.agence_id, a.id, {_TRI} as tri, t.civilite, t.prenom, t.nom, t.email, a.email_partage, a.derniere_visite,
    palier_normalise(concat_ws(' ', t.civilite, t.nom, t.prenom, t.email, a.email_partage, t.reference)) as texte,
    k.expire_le, k.emis_le, k.id as code_id, {ETAT} as etat
  from acces_acces a
  join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
  {CODE}
  where a.agence_id = %(agence)s
)
"""

_PAGE = """
, page as (
  select * from personne p where true {conditions} {cle} order by p.tri {sens}, p.id {sens} limit {limite}
)
select p.*, exists (select 1 from vie_privee_limitation l where l.agence_id = p.agence_id and l.acces_id = p.id
    and l.genre = 'limitation' and (l.fin_le is null or l.fin_le > now())) as limitee,
  (select jsonb_agg(jsonb_build_array(e.qualite, e.titre) order by e.titre, e.id) from acces_espace e
  where e.agence_id = p.agence_id and e.acces_id = p.id and e.du <= %(jour)s and e.au >= %(jour)s) as espaces
from page p order by p.tri {sens}, p.id {sens}
"""


def search(actor: Actor, filtre: Filtre, key: Key | None, size: int = PAGE) -> Slice:
    """Return a page of the people that ``filtre`` finds, sorted by name."""
    sign, direction = order(key)
    where_key = f"and (p.tri, p.id) {sign} (%(cle_tri)s, %(cle_id)s)" if key else ""
    sql = _PERSONNES + _PAGE.format(
        conditions=filtre.conditions(), cle=where_key, sens=direction, limite=size + 1
    )
    return cut(read(sql, {**filtre.params(actor), **(key.params() if key else {})}), key, size)


# Those to whom a code can be given: not attached, with a space open today, whom the back-office does not exclude.
_A_EMETTRE = (
    _PERSONNES
    + f"""
select p.id, p.tri, concat_ws(' ', nullif(p.civilite, ''), nullif(p.prenom, ''), p.nom) as nom_complet,
  p.email, p.etat, p.code_id, i.canal
from personne p join acces_acces a on a.agence_id = p.agence_id and a.id = p.id
left join lateral (
  select case when bool_or(c.invitation = 'email') then 'email' when bool_and(c.invitation = 'aucune') then 'aucune'
    else 'courrier' end as canal
  from acces_espace e join patrimoine_compteclient c on c.agence_id = e.agence_id and c.id = e.compte_client_id
  where e.agence_id = p.agence_id and e.acces_id = p.id and e.du <= %(jour)s and e.au >= %(jour)s) i on true
where {OUVERT} and p.etat = any(%(etats)s) and i.canal is distinct from 'aucune' {{conditions}}
  and not exists (select 1 from vie_privee_limitation l where l.agence_id = p.agence_id and l.acces_id = p.id
    and l.genre = 'limitation' and (l.fin_le is null or l.fin_le > now()))
order by p.tri, p.id
"""
)


def to_issue(actor: Actor, lieu: UUID | None, etats: list[str]) -> list[Row]:
    """Return those of a place (or of the whole agence) whose access is in one of ``etats``, sorted by name."""
    filtre = Filtre(lieu=lieu)
    sql = _A_EMETTRE.replace("{conditions}", filtre.conditions())
    return read(sql, {**filtre.params(actor), "etats": etats})
