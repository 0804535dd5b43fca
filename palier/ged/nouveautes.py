"""What was published in each space since the person's last visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import read
from palier.ged.enums import libelle_categorie


@dataclass(frozen=True, slots=True)
class Nouveau:
    """A document published since the last visit, with its space, and how many such documents that space has."""

    espace_id: UUID
    id: UUID
    titre: str
    categorie: str
    le: date
    nombre: int

    @property
    def libelle(self) -> str:
        """The category in words."""
        return libelle_categorie(self.categorie)


@dataclass(frozen=True, slots=True)
class Attente:
    """A space whose new documents are wanted: received after ``depuis``."""

    espace_id: UUID
    agence_id: UUID
    acces_id: UUID
    cercles: tuple[UUID, ...]
    depuis: datetime


# What was opened meanwhile is not new any more.
_NOUVEAUX = """
select x.espace_id, x.id, x.titre, x.categorie, x.le, x.nombre
from (
  select p.espace_id, d.id, d.titre, d.categorie, d.le, d.recu_le,
    count(*) over (partition by p.espace_id) as nombre,
    row_number() over (partition by p.espace_id order by d.recu_le desc, d.le desc, d.id) as rang
  from unnest(%(espaces)s::uuid[], %(agences)s::uuid[], %(acces)s::uuid[], %(cercles)s::uuid[],
    %(depuis)s::timestamptz[]) as p(espace_id, agence_id, acces_id, cercle_id, depuis)
  join ged_document d on d.agence_id = p.agence_id and d.cercle_id = p.cercle_id and d.recu_le > p.depuis
  where d.archive_le is null and not exists (select 1 from ged_lecture l
    where l.agence_id = p.agence_id and l.acces_id = p.acces_id and l.document_id = d.id)
) x where x.rang <= %(par_espace)s order by x.recu_le desc, x.le desc, x.id
"""


def nouveautes(actor: Actor, attentes: Sequence[Attente], par_espace: int = 5) -> list[Nouveau]:
    """Return what was published and not opened since the last visit, space by space. One statement."""
    pairs = [(attente, cercle_id) for attente in attentes for cercle_id in attente.cercles]
    if not pairs:
        return []
    rows = read(
        actor,
        _NOUVEAUX,
        {
            "espaces": [a.espace_id for a, _ in pairs],
            "agences": [a.agence_id for a, _ in pairs],
            "acces": [a.acces_id for a, _ in pairs],
            "cercles": [cercle_id for _, cercle_id in pairs],
            "depuis": [a.depuis for a, _ in pairs],
            "par_espace": par_espace,
        },
    )
    return [Nouveau(*row) for row in rows]
