"""The successive states of a row, and their comparison column by column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.sql import parsed, read_one
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import image, stored_columns
from palier.echanges.historique.mots import columns, write_value


@dataclass(frozen=True, slots=True)
class Etat:
    """A row as an import left it. ``annule_le``: when that was taken back, else None.

    ``fichier``: the file that has its line, within the dossier, or as it was received when a profile converted it.
    """

    import_id: UUID | None
    dossier: str
    importe_le: datetime | None
    ligne: int | None
    archivee: bool
    annule_le: datetime | None
    valeurs: dict[str, Any]
    fichier: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A column of a row in two states, in the agence's words."""

    colonne: str
    titre: str
    avant: str
    apres: str

    @property
    def change(self) -> bool:
        """Whether the two states differ here."""
        return self.avant != self.apres


_LIGNE = """
with present as (
  select {image} as valeurs from {cible} t where t.agence_id = %(agence)s and t.id = %(ligne)s
), versions as (
  select v.avant, v.apres, v.annule_le, v.cree_le, v.id from echanges_version v
  where v.agence_id = %(agence)s and v.table_nom = %(table)s and v.ligne_id = %(ligne)s
), etats as (
  select valeurs from present union all select avant from versions
  union all select apres from versions where apres is not null
), imports as (
  select i.id, i.nom_fichier as dossier, i.fin_le, i.bilan -> 'fichiers' ->> %(table)s as fichier, s.logiciel, s.base,
    (select jsonb_object_agg(r.rang, i.origines ->> r.rang) from (select distinct (valeurs ->> 'fichier_rang')::int as rang
      from etats where valeurs ->> 'import_id' = i.id::text and valeurs ->> 'fichier_rang' is not null) r) as origines,
    (select max(a.fin_le) from echanges_annulation a
      where a.agence_id = i.agence_id and a.import_id = i.id and a.etat = 'faite'
        and (a.unites is null or (select a.unites ? (valeurs ->> 'unite_id') or valeurs ->> 'unite_id' = valeurs ->> 'agence_id'
          from present))) as annule_le
  from echanges_import i left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
  where i.agence_id = %(agence)s and i.id in (select (valeurs ->> 'import_id')::uuid from etats)
)
select (select valeurs from present),
  (select jsonb_agg(jsonb_build_array(avant, apres, annule_le) order by cree_le, id) from versions),
  (select jsonb_agg(to_jsonb(i)) from imports i), ({references}), ({personnes})
"""
_SANS = "select null::jsonb"
# Whom a row is about: the person himself, or the holders of its account.
_PERSONNES = {
    "tiers": "select (valeurs ->> 'id')::uuid from present",
    "tiers_id": "select (valeurs ->> 'tiers_id')::uuid from present",
    "compte": (
        "select x.tiers_id from patrimoine_comptetiers x where x.agence_id = %(agence)s and x.archive_le is null "
        "and x.compte_client_id = (select (valeurs ->> '{colonne}')::uuid from present)"
    ),
}


def _persons(table: str) -> str:
    """The SQL of the accès of the persons that a row is about."""
    columns = stored_columns(table)
    if table == "tiers":
        kind = _PERSONNES["tiers"]
    elif "tiers_id" in columns:
        kind = _PERSONNES["tiers_id"]
    elif "compte_client_id" in columns or table == "comptes":
        kind = _PERSONNES["compte"].format(colonne="id" if table == "comptes" else "compte_client_id")
    else:
        return _SANS
    return (
        "select jsonb_agg(a.id order by a.id) from acces_acces a where a.agence_id = %(agence)s "
        f"and a.tiers_id in ({kind})"
    )


def _references(table: str) -> str:
    """The SQL of the references (the digest, for a file) of every row that the states of a row refer to."""
    parts = []
    for colonne in columns(table):
        if not colonne.cible and colonne.nom != "fichier_id":
            continue
        target = CIBLES[colonne.cible].table if colonne.cible else "ged_fichier"
        name = "x.reference" if colonne.cible else "left(x.sha256, 12)"
        parts.append(
            f"select x.id, {name} as nom from {target} x where x.agence_id = %(agence)s "
            f"and x.id in (select (valeurs ->> '{colonne.nom}')::uuid from etats)"
        )
    return f"select jsonb_object_agg(id, nom) from ({' union '.join(parts)}) r" if parts else _SANS


@dataclass(frozen=True, slots=True)
class Histoire:
    """The states of a row, oldest first; what it refers to, by id; and the accès of the persons it is about."""

    etats: tuple[Etat, ...]
    references: dict[UUID, str]
    acces: tuple[UUID, ...]


def read_history(actor: Actor, table: str, row_id: UUID) -> Histoire:
    """The whole history of a row, in one statement. Raises Invisible.

    A state that a rollback took back bears its date; the former one comes again after it.
    """
    require(actor, Gesture.IMPORT_READ)
    if table not in CIBLES:
        raise Invisible
    cible = CIBLES[table].table
    sql = _LIGNE.format(
        image=image(table), cible=cible, references=_references(table), personnes=_persons(table)
    )
    read_row = read_one(actor, sql, {"agence": actor.agence_id, "table": table, "ligne": row_id})
    present, versions, imports, references, acces = (parsed(part) for part in read_row or (None,) * 5)
    if present is None:
        raise Invisible
    states: list[tuple[dict[str, Any], datetime | None]] = []
    for avant, apres, annule_le in versions or ():
        states.append((avant, None))
        if apres is not None:
            states.append((apres, _moment(annule_le)))
    states.append((present, None))
    known = {UUID(row["id"]): row for row in imports or ()}
    found: list[Etat] = []
    for values, annule_le in states:
        etat = _state(values, annule_le, known)
        if not found or found[-1].valeurs != etat.valeurs:
            found.append(etat)
    names = {UUID(key): name for key, name in (references or {}).items()}
    return Histoire(tuple(found), names, tuple(UUID(x) for x in acces or ()))


def row_history(actor: Actor, table: str, row_id: UUID) -> list[Etat]:
    """The states of a row, oldest first, the present one last. Raises Invisible."""
    return list(read_history(actor, table, row_id).etats)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _state(values: dict[str, Any], annule_le: datetime | None, imports: dict[UUID, dict[str, Any]]) -> Etat:
    import_id = UUID(values["import_id"]) if values.get("import_id") else None
    facts = imports.get(import_id, {}) if import_id else {}
    archived = values.get("archive_le") is not None
    if archived and annule_le is None and values.get("ligne") is not None:
        # A row that an import added has no version: the rollback of that import, or of the units that used it,
        # archived it. One that an import archived has lost its line.
        annule_le = _moment(facts.get("annule_le"))
    converted = facts.get("origines") or {}
    return Etat(
        import_id,
        facts.get("dossier") or "",
        _moment(facts.get("fin_le")),
        values.get("ligne"),
        archived,
        annule_le,
        values,
        fichier=converted.get(str(values.get("fichier_rang"))) or facts.get("fichier") or "",
        source=", ".join(facts[n] for n in ("logiciel", "base") if facts.get(n)),
    )


def row_diff(
    actor: Actor, table: str, row_id: UUID, import_a: UUID | None, import_b: UUID
) -> list[Difference]:
    """Every column of a row as import A left it and as import B left it; A None: as it was just before B.

    Raises Invisible when the row is unknown, or neither import left a state of it.
    """
    history = read_history(actor, table, row_id)
    states = list(history.etats)
    after = _at(states, import_b)
    before = _before(states, import_b) if import_a is None else _at(states, import_a)
    if after is None and before is None:
        raise Invisible
    return compare(table, history.references, before, after)


def compare(
    table: str, references: dict[UUID, str], before: Etat | None, after: Etat | None
) -> list[Difference]:
    """Two states column by column; a state None is an empty one (the row was not there)."""
    found = []
    for colonne in columns(table):
        left, right = (
            "" if s is None or s.archivee else write_value(colonne, s.valeurs.get(colonne.nom), references)
            for s in (before, after)
        )
        found.append(Difference(colonne.nom, colonne.titre, left, right))
    return found


def _at(states: list[Etat], import_id: UUID) -> Etat | None:
    """The row as this import left it: its own state, else the last one that was there when it ended."""
    own = [s for s in states if s.import_id == import_id]
    if own:
        return own[0]
    return None


def _before(states: list[Etat], import_id: UUID) -> Etat | None:
    for rank, state in enumerate(states):
        if state.import_id == import_id:
            return states[rank - 1] if rank else None
    return None
