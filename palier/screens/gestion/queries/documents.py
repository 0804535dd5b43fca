"""Documents that the agence published: search, filters, how many people read them; newest received first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.ged.rules.recherche import tsquery
from palier.screens.gestion.queries.base import PAGE, Key, Row, Slice, cut, dated_key, order, read
from palier.screens.gestion.queries.etats import sauf_arret

_Q = "(select to_tsquery('french', %(q)s) || to_tsquery('simple', %(q)s))"


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is asked of the list; every field may be empty."""

    q: str = ""
    audience: str = ""
    categorie: str = ""
    lieu: UUID | None = None

    def conditions(self) -> str:
        """Return the SQL of the filters that are set."""
        found = []
        if tsquery(self.q):
            found.append(f"(d.recherche @@ {_Q} or f.recherche @@ {_Q})")
        if self.audience:
            found.append("d.audience = %(audience)s")
        if self.categorie:
            found.append("d.categorie = %(categorie)s")
        if self.lieu:
            # A copropriété is the unit of all its documents; an immeuble is the cercle of its occupants.
            found.append(
                "(d.unite_id = %(lieu)s or d.cercle_id in (select i.cercle_id from patrimoine_immeuble i"
                " where i.agence_id = %(agence)s and i.id = %(lieu)s))"
            )
        return "".join(f" and {condition}" for condition in found)

    def params(self, actor: Actor) -> dict[str, Any]:
        """Return the parameters of the statement."""
        return {
            "agence": actor.agence_id,
            "q": tsquery(self.q),
            "audience": self.audience,
            "categorie": self.categorie,
            "lieu": self.lieu,
        }


_COLONNES = """
d.id, d.titre, d.categorie, d.audience, d.portee, d.le, d.publie_du, d.publie_au, d.recu_le, d.reference,
  f.octets, f.pages, f.mime, f.sha256, f.adresse
"""
_DE = """
from ged_document d join ged_fichier f on f.agence_id = d.agence_id and f.id = d.fichier_id
where d.agence_id = %(agence)s and d.archive_le is null
"""
_LECTEURS = (
    "(select count(*) from ged_lecture l where l.agence_id = %(agence)s and l.document_id = x.id"
    f"{sauf_arret('l.acces_id')}) as lecteurs"
)


def documents(actor: Actor, filtre: Filtre, key: Key | None, size: int = PAGE) -> Slice:
    """Return a page of the documents that ``filtre`` finds, newest received first."""
    key = dated_key(key)
    sign, direction = order(key, descending=True)
    where_key = f"and (d.recu_le, d.id) {sign} (%(cle_tri)s::timestamptz, %(cle_id)s)" if key else ""
    sql = (
        f"select x.*, x.recu_le::text as tri, {_LECTEURS} from ("
        f"select {_COLONNES} {_DE} {filtre.conditions()} {where_key}"
        f" order by d.recu_le {direction}, d.id {direction} limit {size + 1}) x"
        f" order by x.recu_le {direction}, x.id {direction}"
    )
    return cut(read(sql, {**filtre.params(actor), **(key.params() if key else {})}), key, size)


_LECTURES = f"""
, (select jsonb_agg(y) from (select a.id, concat_ws(' ', nullif(t.civilite, ''), nullif(t.prenom, ''), t.nom) as nom,
    l.lu_le, l.telecharge_le
  from ged_lecture l
  join acces_acces a on a.agence_id = l.agence_id and a.id = l.acces_id
  join patrimoine_tiers t on t.agence_id = a.agence_id and t.id = a.tiers_id
  where l.agence_id = %(agence)s and l.document_id = d.id{sauf_arret("l.acces_id")}
  order by l.lu_le desc, a.id limit 200) y) as lectures,
  (select count(*) from ged_lecture l where l.agence_id = %(agence)s and l.document_id = d.id{sauf_arret("l.acces_id")})
    as lecteurs,
  (select count(distinct r.acces_id) from acces_droit r where r.agence_id = %(agence)s and r.cercle_id = d.cercle_id
    {sauf_arret("r.acces_id")} and r.du <= %(jour)s and (case when r.personnel then d.le between r.du and r.au else r.au >= %(jour)s end))
    as destinataires
"""


def document(actor: Actor, document_id: UUID) -> Row | None:
    """Return one document with who read it and how many people it is for, or None."""
    params = {"agence": actor.agence_id, "document": document_id, "jour": actor.today}
    found = read(f"select {_COLONNES} {_LECTURES} {_DE} and d.id = %(document)s", params)
    return found[0] if found else None
