"""A profile as it is read: YAML, checked by the published JSON Schema, then by what a schema cannot say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.echanges.schemas import schemas

from .constats import Constat, Gravite, ProfilRefuse, refuse
from .entete import Entete
from .valeurs import NATIFS, VERBES, check_values

LIVRES = Path(__file__).parent / "livres"
SCHEMA = Path(__file__).parent / "profil.schema.json"
TAILLE_MAX = 256 * 1024


@dataclass(frozen=True)
class Source:
    """One kind of file the profile reads. `options` holds what only its own reader understands."""

    nom: str
    fichier: str
    sauf: str
    type: str
    facultative: bool
    entete: Entete
    encodages: tuple[str, ...]
    separateurs: tuple[str, ...]
    decimal: tuple[str, ...]
    milliers: tuple[str, ...]
    dates: tuple[str, ...]
    vides: tuple[str, ...]
    totaux: Mapping[str, str]
    pied: Mapping[str, str] | None
    options: Mapping[str, Any]

    @property
    def captures(self) -> tuple[str, ...]:
        """The named groups of the file name's pattern, in order."""
        return tuple(re.compile(self.fichier).groupindex)


@dataclass(frozen=True)
class Emission:
    """Rows of one table of the dossier, made from one or several sources or from a table already made."""

    table: str
    depuis: tuple[str, ...]
    champs: Mapping[str, Mapping[str, Any]]
    filtre: tuple[Mapping[str, Any], ...] = ()
    unique: Mapping[str, Any] | None = None
    deplier: Mapping[str, Any] | None = None
    si_incomplet: str = "refuser"


@dataclass(frozen=True)
class Profil:
    """A whole mapping profile."""

    nom: str
    version: int
    statut: str
    titre: str
    description: str
    parametres: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Source]
    emissions: tuple[Emission, ...]
    controles: tuple[Mapping[str, Any], ...]
    historique: str
    chemin: Path | None = field(default=None, compare=False)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e.table for e in self.emissions))


class _Loader(yaml.SafeLoader):
    """Safe YAML where a key written twice is a fault, and anchors (the way to a bomb) are refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.YAMLError(_("les ancres et alias (& et *) ne sont pas admis"))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(k, deep=True) for k, _v in node.value]
        for key in keys:
            if keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(
                    _("la clé « {cle} » figure deux fois (objet de la ligne {ligne})").format(
                        cle=key, ligne=line
                    )
                )
        return super().construct_mapping(node, deep=deep)


def parse_yaml(text: str, nom: str) -> dict[str, Any]:
    """The object written in a YAML text. Raises ProfilRefuse."""
    if len(text) > TAILLE_MAX:
        raise refuse("profil_yaml", _("Le profil dépasse 256 Kio : ce n'est pas un profil."), nom)
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader, made stricter)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else None
        raise refuse(
            "profil_yaml", _("YAML illisible : {raison}.").format(raison=reason), nom, line
        ) from error
    if not isinstance(data, dict):
        raise refuse("profil_yaml", _("Un profil est un objet YAML (clé : valeur)."), nom)
    return data


@cache
def json_schema() -> dict[str, Any]:
    """The published JSON Schema of a profile."""
    data: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return data


_RAISONS = {
    "required": gettext_lazy("il manque une clé obligatoire ({detail})"),
    "additionalProperties": gettext_lazy("une clé n'est pas connue ({detail})"),
    "enum": gettext_lazy("la valeur n'est pas dans la liste admise ({detail})"),
    "type": gettext_lazy("la valeur n'est pas du bon type ({detail})"),
    "pattern": gettext_lazy("la valeur n'a pas la forme attendue ({detail})"),
}


def _schema_faults(data: dict[str, Any], nom: str) -> list[Constat]:
    validator = jsonschema.Draft202012Validator(json_schema())
    faults = []
    for error in sorted(validator.iter_errors(data), key=lambda e: list(map(str, e.absolute_path)))[:20]:
        deepest = jsonschema.exceptions.best_match([error]) or error
        where = "/".join(str(p) for p in deepest.absolute_path) or _("racine")
        reason = str(_RAISONS.get(str(deepest.validator), "{detail}")).format(detail=deepest.message[:200])
        message = _("{ou} : {raison}.").format(ou=where, raison=reason)
        faults.append(Constat("profil_schema", Gravite.BLOQUANTE, message, nom))
    return faults


def _source(nom: str, data: dict[str, Any]) -> Source:
    kind = data["type"]
    head = data.get("entete", {})
    columns = tuple(NATIFS.get(kind, ())) or tuple(head.get("colonnes", ()))
    if kind == "fixe":
        columns = tuple(c["nom"] for c in data.get("champs_fixes", ()))
    required = tuple(head.get("requises", () if kind in NATIFS else columns))
    entete = Entete(
        columns,
        required,
        {k: tuple(v) for k, v in head.get("alias", {}).items()},
        head.get("inconnues", "refuser"),
        head.get("casse", "ignorer"),
        int(head.get("chercher", 0)),
    )
    decimal = data.get("decimal", "." if kind in NATIFS else ",")
    return Source(
        nom=nom,
        fichier=data["fichier"],
        sauf=data.get("sauf", ""),
        type=kind,
        facultative=bool(data.get("facultative", False)),
        entete=entete,
        encodages=tuple(data.get("encodages", ("utf-8-sig",))),
        separateurs=tuple(data.get("separateurs", (";",))),
        decimal=tuple([decimal] if isinstance(decimal, str) else decimal),
        milliers=tuple(data.get("milliers", ())),
        dates=tuple(data.get("dates", ("%Y-%m-%d",))),
        vides=tuple(data.get("vides", ())),
        totaux=data.get("totaux", {}),
        pied=data.get("pied"),
        options=data,
    )


def _emission(data: dict[str, Any]) -> Emission:
    origin = data["depuis"]
    rules = data.get("filtre", [])
    unique = data.get("unique")
    return Emission(
        table=data["table"],
        depuis=(origin,) if isinstance(origin, str) else tuple(origin),
        champs=data["champs"],
        filtre=(rules,) if isinstance(rules, dict) else tuple(rules),
        unique={} if unique is True else (unique or None),
        deplier=data.get("deplier"),
        si_incomplet=data.get("si_incomplet", "refuser"),
    )


def build_profile(data: dict[str, Any], nom: str) -> Profil:
    """A profile from its object. Raises ProfilRefuse with every fault that was found."""
    faults = check_values(data, nom)
    faults += [] if faults else _schema_faults(data, nom)
    if faults:
        raise ProfilRefuse(*faults)
    profil = Profil(
        nom=data["profil"],
        version=data["version"],
        statut=data["statut"],
        titre=data.get("titre", data["profil"]),
        description=data.get("description", ""),
        parametres=data.get("parametres", {}),
        sources={k: _source(k, v) for k, v in data["sources"].items()},
        emissions=tuple(_emission(e) for e in data["emissions"]),
        controles=tuple(data.get("controles", ())),
        historique=data.get("historique", "complet"),
    )
    faults = _coherence(profil, nom)
    if faults:
        raise ProfilRefuse(*faults)
    return profil


def _coherence(profil: Profil, nom: str) -> list[Constat]:
    """What the JSON Schema cannot say: names that must exist elsewhere in the profile."""
    messages: list[str] = []
    made: set[str] = set()
    for emission in profil.emissions:
        schema = schemas()[emission.table]
        messages += [
            _("Table {table} : la colonne « {nom} » n'existe pas dans le format.").format(
                table=emission.table, nom=c
            )
            for c in emission.champs
            if c not in schema.noms
        ]
        messages += [
            _("Table {table} : la colonne obligatoire « {nom} » n'est pas produite.").format(
                table=emission.table, nom=c.nom
            )
            for c in schema.champs
            if c.requis and c.nom not in emission.champs
        ]
        for origin in emission.depuis:
            table = origin.removeprefix("table:")
            if origin not in profil.sources and (table == origin or table not in made):
                messages.append(_("La source « {nom} » n'est pas déclarée.").format(nom=origin))
        made.add(emission.table)
    for controle in profil.controles:
        if controle["depuis"] not in profil.sources:
            messages.append(_("La source « {nom} » n'est pas déclarée.").format(nom=controle["depuis"]))
    for source in profil.sources.values():
        try:
            re.compile(source.fichier)
        except re.error as error:
            messages.append(
                _("Source {nom} : motif de nom de fichier invalide ({raison}).").format(
                    nom=source.nom, raison=error
                )
            )
    return [Constat("profil_incoherent", Gravite.BLOQUANTE, m, nom) for m in messages]


def load_profile(path: Path) -> Profil:
    """Read and check a profile file. Raises ProfilRefuse."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refuse("profil_absent", _("Le fichier ne peut pas être lu."), str(path)) from error
    except UnicodeDecodeError as error:
        raise refuse("profil_yaml", _("Un profil est un texte UTF-8."), path.name) from error
    profil = build_profile(parse_yaml(text, path.name), path.name)
    return Profil(**{**profil.__dict__, "chemin": path})


@cache
def _shipped() -> tuple[Profil, ...]:
    return tuple(load_profile(p) for p in sorted(LIVRES.glob("*.yaml")))


def shipped_profiles() -> dict[str, Profil]:
    """The profiles that come with the package, by name."""
    return {p.nom: p for p in _shipped()}


__all__ = ["VERBES", "Emission", "Profil", "Source", "build_profile", "load_profile", "shipped_profiles"]
