"""Reads of the documents of a space: the list by key, what each filter holds, one document and its neighbours.

A space shows the cercles that it holds; the row policy says, again, which of their rows are visible and since when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import parsed, read, read_one
from palier.ged.enums import libelle_categorie
from palier.ged.rules.groupes import AUTRES, CONNUES, GROUPES, groupe_de
from palier.ged.rules.recherche import tsquery

PAR_PAGE = 25


@dataclass(frozen=True, slots=True)
class Perimetre:
    """A space as the documents room needs it."""

    agence_id: UUID
    acces_id: UUID
    cercles: tuple[UUID, ...]

    def params(self) -> dict[str, Any]:
        """What every statement below is given."""
        return {"agence": self.agence_id, "acces": self.acces_id, "cercles": list(self.cercles)}


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is asked of the list: a group, a year, words."""

    groupe: str = ""
    annee: int | None = None
    q: str = ""

    def params(self) -> dict[str, Any]:
        """The values of ``where()``."""
        return {
            "annee": self.annee,
            "categories": list(CONNUES if self.groupe == AUTRES else GROUPES.get(self.groupe, ())),
            "q": tsquery(self.q),
        }

    def where(self) -> str:
        """The conditions, on ``d`` (document) and ``f`` (file)."""
        parts = []
        if self.groupe == AUTRES:
            parts.append("d.categorie <> all(%(categories)s)")
        elif self.groupe:
            parts.append("d.categorie = any(%(categories)s)")
        if self.annee is not None:
            parts.append("d.le between make_date(%(annee)s, 1, 1) and make_date(%(annee)s, 12, 31)")
        if self.q:
            parts.append(f"(d.recherche @@ {_Q} or f.recherche @@ {_Q})")
        return "".join(f" and {part}" for part in parts)


# French stems and the letters as typed: « régul » finds « régularisation » though its stem is not its beginning.
_Q = "(select to_tsquery('french', %(q)s) || to_tsquery('simple', %(q)s))"
# The file by its key, document by document: without the fence, a plan made for any space reads every file of the
# agence, and asks of each whether the person may see it.
_FROM = """
from ged_document d
join lateral (select * from ged_fichier f where f.agence_id = d.agence_id and f.id = d.fichier_id offset 0) f on true
left join ged_lecture l on l.agence_id = d.agence_id and l.acces_id = %(acces)s and l.document_id = d.id
where d.agence_id = %(agence)s and d.cercle_id = any(%(cercles)s)
"""
_COLONNES = """
select d.id, d.titre, d.categorie, d.le, d.recu_le, l.id is not null as lu, f.id as fichier_id, f.octets,
  f.mime, f.pages"""


@dataclass(frozen=True, slots=True)
class DocumentVu:
    """A document as a list shows it."""

    id: UUID
    titre: str
    categorie: str
    le: date
    recu_le: datetime
    lu: bool
    fichier_id: UUID
    octets: int
    mime: str
    pages: int | None

    @property
    def libelle(self) -> str:
        """The category in words."""
        return libelle_categorie(self.categorie)


@dataclass(frozen=True, slots=True)
class Part:
    """How many documents, of how many bytes, unread how many, in one group and one year."""

    groupe: str
    annee: int
    nombre: int
    octets: int
    non_lus: int


@dataclass(frozen=True, slots=True)
class PageDeDocuments:
    """One page of a list, newest first; whether another follows; what each (group, year) of the space holds."""

    rows: list[DocumentVu]
    more: bool
    parts: list[Part]


# The space is read once: its rows give the counts of every tab and year, and the page that the filter keeps.
_PAGE = """
with d as materialized ({colonnes}{depuis}{mots})
select (select jsonb_agg(jsonb_build_array(p.categorie, p.annee, p.nombre, p.octets, p.non_lus)
    order by p.categorie, p.annee)
  from (select d.categorie, extract(year from d.le)::int as annee, count(*) as nombre, sum(d.octets)::bigint as octets,
      count(*) filter (where not d.lu) as non_lus
    from d group by 1, 2) p), v.*
from (select 1) un
left join (select * from d where true{filtre}{cle} order by d.le desc, d.id desc limit {maximum}) v on true
order by v.le desc, v.id desc
"""


def page_de_documents(
    actor: Actor, perimetre: Perimetre, filtre: Filtre, avant: tuple[date, UUID] | None = None
) -> PageDeDocuments:
    """Return one page and the counts of the whole space, words applied. ``avant`` is the key of the last row seen."""
    statement = _PAGE.format(
        colonnes=_COLONNES,
        depuis=_FROM,
        mots=replace(filtre, groupe="", annee=None).where(),
        filtre=replace(filtre, q="").where(),
        cle=" and (d.le, d.id) < (%(avant_le)s, %(avant_id)s)" if avant else "",
        maximum=PAR_PAGE + 1,
    )
    key = {"avant_le": avant[0] if avant else None, "avant_id": avant[1] if avant else None}
    rows = read(actor, statement, {**perimetre.params(), **filtre.params(), **key})
    shown = [DocumentVu(*row[1:]) for row in rows if row[1] is not None]
    counts = [Part(groupe_de(part[0]), *part[1:]) for part in parsed(rows[0][0]) or ()]
    return PageDeDocuments(shown[:PAR_PAGE], len(shown) > PAR_PAGE, counts)


def derniers(actor: Actor, perimetre: Perimetre, nombre: int) -> list[DocumentVu]:
    """Return the latest documents of a space."""
    rows = read(
        actor,
        f"{_COLONNES}{_FROM} order by d.le desc, d.id desc limit %(nombre)s",
        {**perimetre.params(), "nombre": nombre},
    )
    return [DocumentVu(*row) for row in rows]


def somme(found: Sequence[Part], groupe: str = "", annee: int | None = None) -> Part:
    """Return the sum of the parts of a group and a year (all when not given)."""
    kept = [p for p in found if (not groupe or p.groupe == groupe) and (annee is None or p.annee == annee)]
    return Part(
        groupe,
        annee or 0,
        sum(p.nombre for p in kept),
        sum(p.octets for p in kept),
        sum(p.non_lus for p in kept),
    )


@dataclass(frozen=True, slots=True)
class Voisin:
    """The document before or after."""

    id: UUID
    titre: str


@dataclass(frozen=True, slots=True)
class DocumentOuvert:
    """A document being opened, with what its file is and its neighbours in the list."""

    id: UUID
    agence_id: UUID
    titre: str
    categorie: str
    le: date
    publie_du: date | None
    portee: str
    audience: str
    recu_le: datetime
    fichier_id: UUID
    sha256: str
    octets: int
    mime: str
    adresse: str
    pages: int | None
    texte: str
    analyse_le: datetime | None
    precedent: Voisin | None = None
    suivant: Voisin | None = None

    @property
    def libelle(self) -> str:
        """The category in words."""
        return libelle_categorie(self.categorie)

    @property
    def nom_fichier(self) -> str:
        """The name under which the file is saved: its title, its date, its kind."""
        extension = EXTENSIONS.get(self.mime, "")
        return f"{self.titre} {self.le.isoformat()}{extension}"


EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/csv": ".csv",
}

_UN = """select d.id, d.agence_id, d.titre, d.categorie, d.le, d.publie_du, d.portee, d.audience, d.recu_le,
  f.id, f.sha256, f.octets, f.mime, f.adresse, f.pages, {texte}, f.analyse_le"""
_VOISINS = """, (select jsonb_build_array(v.id, v.titre) from ged_document v {join}
    where v.agence_id = %(agence)s and v.cercle_id = any(%(cercles)s){where} and (v.le, v.id) > (d.le, d.id)
    order by v.le, v.id limit 1),
  (select jsonb_build_array(v.id, v.titre) from ged_document v {join}
    where v.agence_id = %(agence)s and v.cercle_id = any(%(cercles)s){where} and (v.le, v.id) < (d.le, d.id)
    order by v.le desc, v.id desc limit 1)"""
_DE = """ from ged_document d join ged_fichier f on f.agence_id = d.agence_id and f.id = d.fichier_id
where d.agence_id = %(agence)s and d.id = %(id)s and d.cercle_id = any(%(cercles)s)"""


def document(
    actor: Actor,
    perimetre: Perimetre,
    document_id: UUID,
    filtre: Filtre | None = None,
    *,
    texte: bool = False,
) -> DocumentOuvert | None:
    """Return a document of the space, or None; with a filter, its neighbours in that list come too (one statement)."""
    columns = _UN.format(texte="f.texte" if texte else "''")
    params = {**perimetre.params(), "id": document_id}
    if filtre is not None:
        narrowed = replace(filtre, q="")
        where = narrowed.where().replace("d.", "v.")
        columns += _VOISINS.format(join="", where=where)
        params |= narrowed.params()
    row = read_one(actor, columns + _DE, params)
    if row is None:
        return None
    precedent, suivant = (_voisin(value) for value in row[17:19]) if filtre is not None else (None, None)
    return DocumentOuvert(*(*row[:17], precedent, suivant))


def _voisin(value: Any) -> Voisin | None:
    value = parsed(value)
    return Voisin(UUID(value[0]), value[1]) if value else None


def a_emporter(actor: Actor, perimetre: Perimetre, filtre: Filtre, maximum: int) -> list[DocumentOuvert]:
    """Return the documents of the current filter with their files, newest first, at most ``maximum``."""
    rows = read(
        actor,
        f"{_UN.format(texte=repr(''))}{_FROM}{filtre.where()} order by d.le desc, d.id desc limit %(maximum)s",
        {**perimetre.params(), **filtre.params(), "maximum": maximum},
    )
    return [DocumentOuvert(*row) for row in rows]
