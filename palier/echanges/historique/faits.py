"""What a rollback is judged on: what an import changed, what was taken back of it, what came later; in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import parsed, read
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.enums import EtatImport
from palier.echanges.historique.mots import unit_name
from palier.echanges.models import Import

EN_LIGNE = (EtatImport.APPLIQUE, EtatImport.PARTIEL)


@dataclass(frozen=True, slots=True)
class Unite:
    """A unit of which an import changed at least one row."""

    id: UUID
    nom: str
    annulee: bool


@dataclass(frozen=True, slots=True)
class Suivant:
    """A later import of the same source; ``annulees``: its units that were taken back (None: all of them).

    ``redite``: it sent the same content again and wrote nothing. It falls with the first.
    """

    id: UUID
    redite: bool
    nom: str
    le: datetime
    portee: dict[str, Any]
    touchees: frozenset[UUID]
    annulees: frozenset[UUID] | None

    def speaks_for(self, unite: UUID) -> bool:
        """Whether it gave this unit, and still stands for it."""
        if str(unite) in self.portee["tenues"] or self.annulees is None or unite in self.annulees:
            return False
        given = self.portee["unites"]
        return given is None or str(unite) in given or unite in self.touchees


@dataclass(frozen=True, slots=True)
class Faits:
    """What is known of an import. ``annulees``: its units that were taken back already (None: all of them)."""

    unites: tuple[Unite, ...]
    tables: tuple[str, ...]
    annulees: frozenset[UUID] | None
    suivants: tuple[Suivant, ...]
    versions_jours: int

    @property
    def touchees(self) -> frozenset[UUID]:
        """The units of which it changed at least one row."""
        return frozenset(unite.id for unite in self.unites)

    @property
    def redites(self) -> tuple[UUID, ...]:
        """The later imports that fall with it."""
        return tuple(later.id for later in self.suivants if later.redite)

    @property
    def deja(self) -> frozenset[UUID]:
        """The units that were taken back, named one by one."""
        return self.annulees or frozenset()


_TOUCHEES = " union ".join(
    f"select {{colonnes}} from {table} where agence_id = %(agence)s and import_id = {{de}}"
    for table in ("echanges_changement", "echanges_version")
)
_ANNULEES = """(select jsonb_agg(a.unites) from echanges_annulation a
  where a.agence_id = %(agence)s and a.import_id = {de} and a.etat = 'faite')"""
# What a later import touched is read only when it did not say that it gave every unit.
_FAITS = f"""
with touchee as materialized ({_TOUCHEES.format(colonnes="unite_id, table_nom", de="%(import)s")})
select g.versions_jours,
  (select jsonb_agg(jsonb_build_array(u.unite_id, coalesce(p.nom, m.numero, ''), m.id is not null))
    from (select distinct unite_id from touchee) u
    left join patrimoine_copropriete p on p.agence_id = %(agence)s and p.id = u.unite_id
    left join patrimoine_mandatgerance m on m.agence_id = %(agence)s and m.id = u.unite_id),
  (select jsonb_agg(distinct table_nom) from touchee),
  {_ANNULEES.format(de="%(import)s")},
  (select jsonb_agg(jsonb_build_object('id', i.id, 'redite', i.empreinte <> '' and i.empreinte = %(empreinte)s
        and not exists ({_TOUCHEES.format(colonnes="unite_id", de="i.id")}),
      'nom', i.nom_fichier, 'le', i.fin_le, 'portee', i.bilan -> 'portee',
      'touchees', case when jsonb_typeof(i.bilan -> 'portee' -> 'unites') = 'array' then (
        select jsonb_agg(x.unite_id) from ({_TOUCHEES.format(colonnes="unite_id", de="i.id")}) x) end,
      'annulees', {_ANNULEES.format(de="i.id")}) order by i.fin_le, i.id)
    from echanges_import i where i.agence_id = %(agence)s and i.source_id = %(source)s::uuid
      and i.etat = any(%(en_ligne)s) and i.fin_le > %(fin)s::timestamptz and i.id <> %(import)s)
from agences_agence g where g.id = %(agence)s
"""


def facts_of(actor: Actor, row: Import) -> Faits:
    """What is known of an import of the actor's agence, that bears on its rollback."""
    params = {
        "agence": row.agence_id, "import": row.id, "source": row.source_id, "fin": row.fin_le,
        "en_ligne": [str(etat) for etat in EN_LIGNE], "empreinte": row.empreinte,
    }  # fmt: skip
    jours, unites, tables, annulees, suivants = (parsed(value) for value in read(actor, _FAITS, params)[0])
    gone = _taken_back(annulees)
    return Faits(
        tuple(
            Unite(UUID(unite), unit_name(nom, is_mandat=is_mandat), gone is None or UUID(unite) in gone)
            for unite, nom, is_mandat in unites or ()
        ),
        tuple(table for table in CIBLES if table in (tables or ())),
        gone,
        tuple(
            Suivant(
                UUID(later["id"]),
                later["redite"],
                later["nom"],
                datetime.fromisoformat(later["le"]),
                later["portee"] or {"unites": None, "tenues": []},
                frozenset(UUID(unite) for unite in later["touchees"] or ()),
                _taken_back(later["annulees"]),
            )
            for later in suivants or ()
        ),
        jours,
    )


def _taken_back(annulations: list[list[str] | None] | None) -> frozenset[UUID] | None:
    """The units that these rollbacks name; None as soon as one of them is of every unit."""
    found: set[UUID] = set()
    for unites in annulations or ():
        if unites is None:
            return None
        found |= {UUID(unite) for unite in unites}
    return frozenset(found)
