"""A row in the agence's words: what each column is called in the format, and how its value is written."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from palier.core.dates import date_courte
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.chargement.versions import stored_columns
from palier.echanges.schemas import Champ, schemas

#: What the portal needs and the format does not give.
_TECHNIQUES = frozenset(
    {
        "agence_id", "id", "source_id", "unite_id", "empreinte", "archive_le", "import_id", "ligne", "fichier_rang", "cercle_id",
        "mandat_cercle_id", "recu_le", "reference", "objet_id",
    }
)  # fmt: skip
#: Columns that bear another name in the portal than in the format.
_AUTREMENT = {"compte_client_id": "compte_id", "mandat_gerance_id": "mandat_id", "fichier_id": "sha256"}
#: The columns that name a row for a person, the first that is filled.
_NOMS = ("titre", "intitule", "libelle", "nom", "objet", "poste", "numero", "code")


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column as a person reads it; ``cible``: the table that it refers to, else empty."""

    nom: str
    titre: str
    champ: Champ | None
    cible: str


@cache
def columns(table: str) -> tuple[Colonne, ...]:
    """The columns of a table that mean something to the agence, in their order. Raises KeyError."""
    schema = schemas()[table]
    champs = {c.nom: c for c in schema.champs}
    targets = {r.colonne: r.cible for r in schema.relations}
    found = []
    for name in stored_columns(table):
        if name in _TECHNIQUES:
            continue
        known = _AUTREMENT.get(name, name)
        champ = champs.get(known)
        titre = champ.description if champ and champ.description else known.replace("_", " ")
        target = targets.get(known, "comptes" if name == "compte_client_id" else "")
        found.append(Colonne(name, titre, champ, target if target in CIBLES else ""))
    return tuple(found)


def label(values: dict[str, Any]) -> str:
    """How a person names a row, from its values; its reference when nothing better is known."""
    if values.get("nom") and values.get("prenom"):
        return f"{values['prenom']} {values['nom']}"
    return next((str(values[n]) for n in _NOMS if values.get(n)), str(values.get("reference", "")))


def write_value(colonne: Colonne, value: Any, references: dict[UUID, str]) -> str:
    """A value as a person reads it; empty when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if colonne.nom.endswith("_id") and isinstance(value, str):
        return references.get(UUID(value), value[:8])
    kind = colonne.champ.type if colonne.champ else ""
    if (kind == "date" or colonne.nom == "le") and isinstance(value, str):
        return date_courte(date.fromisoformat(value[:10]))
    if kind == "number" and colonne.champ:
        return f"{value:.{colonne.champ.decimales}f}".replace(".", ",")
    return str(value)


def unit_name(nom: str, *, is_mandat: bool) -> str:
    """How a person names a unit: its copropriété, its mandate, or the agence for what is of the whole of it."""
    return _("Mandat n° %(numero)s") % {"numero": nom} if is_mandat else nom or _("Agence")
