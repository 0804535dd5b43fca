"""dossier.json: who sends what, up to when. Parsed strictly: a doubt is a refusal with the name of the field."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from palier.echanges.anomalies import refusal
from palier.echanges.repertoire import is_safe_path, shown
from palier.echanges.schemas import TECHNIQUES, schemas

FORMAT = "dossier-portail"
VERSION = "1.0"
SNAPSHOT, DELTA = "snapshot", "delta"
MODES = (SNAPSHOT, DELTA)
DIALECTES = ("canon", "excel-fr")
POLITIQUES = ("par_unite", "tout_ou_rien")
HISTORIQUES = ("complet", "partiel")
#: The unit of the rows that hang from no copropriété and no mandate.
AGENCE = "agence"
UNITE = re.compile(r"(agence|copropriete:.{1,120}|mandat:.{1,120})")


@dataclass(frozen=True)
class Fichier:
    """A declared table file: `lignes` counts the records without the header."""

    table: str
    chemin: str
    lignes: int
    sha256: str


@dataclass(frozen=True)
class Manifeste:
    """What dossier.json says. `unites` empty: the whole agence; `genere_le` is informative.

    `precedent` is the sequence that a delta follows; `remplace` the source (logiciel, base) that this one replaces.
    `pieces` is a digest of what the directory of the zip says of its documents, which dossier.json does not name.
    """

    agence: str
    logiciel: str
    base: str
    mode: str
    arrete_au: dt.date
    genere_le: str
    sequence: int | None
    dialecte: str
    politique: str
    historique: str
    tables: tuple[str, ...]
    unites: tuple[str, ...]
    fichiers: tuple[Fichier, ...]
    precedent: int | None = None
    remplace: tuple[str, str] | None = None
    pieces: str = ""

    @property
    def is_delta(self) -> bool:
        """Whether only what changed is given."""
        return self.mode == DELTA

    @property
    def empreinte(self) -> str:
        """Fingerprint of the content: the same for the same tables and documents, whatever the zip, its date or its order.

        How the content is read and judged is part of it: another dialect, policy or history gives another result.
        A delta means something only after the one it follows: its place is part of it.
        """
        content: dict[str, Any] = {
            "fichiers": sorted((f.table, f.sha256, f.lignes) for f in self.fichiers),
            "pieces": self.pieces,
            "lecture": [self.dialecte, self.politique, self.historique],
            "agence": self.agence,
            "source": [self.logiciel, self.base],
            "mode": self.mode,
            "perimetre": [sorted(self.tables), sorted(self.unites)],
        }
        if self.is_delta:
            content["place"] = [self.precedent, self.sequence]
        if self.remplace:
            content["remplace"] = self.remplace
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()

    def fichier(self, table: str) -> Fichier | None:
        """The declared file of a table, if any."""
        return next((f for f in self.fichiers if f.table == table), None)


def _wrong(detail: str) -> Exception:
    return refusal("manifeste_invalide", detail=detail)


class _Double(ValueError):
    """A field given twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Double(f"le champ « {shown(key)} » figure deux fois")
        found[key] = value
    return found


def _load(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise _wrong("le fichier n'est pas en UTF-8") from error
    except json.JSONDecodeError as error:
        raise _wrong(f"ce n'est pas du JSON (ligne {error.lineno}, colonne {error.colno})") from error
    except RecursionError as error:
        raise _wrong("il est imbriqué trop profondément") from error
    except _Double as error:
        raise _wrong(str(error)) from error
    except ValueError as error:
        raise _wrong("un nombre y est démesuré") from error
    if not isinstance(data, dict):
        raise _wrong("un objet est attendu")
    return data


def _text(data: dict[str, Any], key: str, default: str | None = None, maximum: int = 120) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or not value.strip() or len(value) > maximum or not value.isprintable():
        raise _wrong(f"le champ « {key} » doit être un texte de 1 à {maximum} caractères")
    return value


def _choice(data: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = _text(data, key, choices[0])
    if value not in choices:
        raise _wrong(f"le champ « {key} » vaut l'une de ces valeurs : {', '.join(choices)}")
    return value


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(f"le champ « {key} » doit être un objet")
    return value


def _integer(data: dict[str, Any], key: str) -> int | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise _wrong(f"le champ « {key} » doit être un entier positif")
    return value


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong(f"le champ « {key} » doit être une liste de textes")
    if len(set(value)) != len(value):
        raise _wrong(f"le champ « {key} » répète une valeur")
    return tuple(value)


def _date(data: dict[str, Any], key: str) -> dt.date:
    value = _text(data, key)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise _wrong(f"le champ « {key} » doit être une date AAAA-MM-JJ") from error


def _moment(data: dict[str, Any], key: str) -> str:
    value = _text(data, key)
    try:
        dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong(f"le champ « {key} » doit être une date et une heure ISO 8601") from error
    return value


def _fichier(data: Any) -> Fichier:
    if not isinstance(data, dict):
        raise _wrong("chaque élément de « fichiers » est un objet")
    table = _text(data, "table")
    if table not in schemas():
        raise refusal("table_inconnue", valeur=shown(table))
    chemin = _text(data, "chemin", f"{table}.csv", 400)
    if not is_safe_path(chemin) or not chemin.lower().endswith(".csv"):
        raise refusal("zip_chemin", table=table, membre=shown(chemin))
    sha256 = _text(data, "sha256").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise _wrong(f"« sha256 » de la table {table} doit avoir 64 chiffres hexadécimaux")
    lignes = _integer(data, "lignes")
    if lignes is None:
        raise _wrong(f"« lignes » de la table {table} manque")
    return Fichier(table, chemin, lignes, sha256)


def _fichiers(data: dict[str, Any], mode: str) -> tuple[Fichier, ...]:
    value = data.get("fichiers")
    if not isinstance(value, list) or not value:
        raise _wrong("le champ « fichiers » doit être une liste de tables")
    if len(value) > len(schemas()):
        raise _wrong("le champ « fichiers » répète une table")
    found = tuple(_fichier(v) for v in value)
    for doubles in ({f.table for f in found}, {f.chemin for f in found}):
        if len(doubles) != len(found):
            raise _wrong("le champ « fichiers » répète une table ou un chemin")
    tables = {f.table for f in found}
    if mode == SNAPSHOT and "echeances_lignes" in tables and "echeances" not in tables:
        raise refusal("table_manquante", table="echeances", valeur="echeances")
    return found


def _place(data: dict[str, Any], mode: str) -> tuple[int | None, int | None]:
    """The number of this sending, and of the one that a delta follows. A delta gives both."""
    sequence, precedent = _integer(data, "sequence"), _integer(data, "precedent")
    if mode == DELTA:
        for key, value in (("sequence", sequence), ("precedent", precedent)):
            if value is None:
                raise _wrong(f"le champ « {key} » est obligatoire dans un envoi différentiel")
        if sequence is not None and precedent is not None and sequence <= precedent:
            raise _wrong("« sequence » est plus grand que « precedent »")
    return sequence, precedent


def _remplace(source: dict[str, Any], mode: str, unites: tuple[str, ...]) -> tuple[str, str] | None:
    """The source that this one replaces, once: its identifiers are those that `correspondances` calls old."""
    if source.get("remplace") is None:
        return None
    given = _object(source, "remplace")
    found = _text(given, "logiciel", maximum=60), _text(given, "base", maximum=60)
    if mode == DELTA or unites:
        raise _wrong("« source.remplace » demande un envoi complet, sans « perimetre.unites »")
    if found == (source.get("logiciel"), source.get("base")):
        raise _wrong("« source.remplace » nomme la source elle-même")
    return found


def _perimetre(
    data: dict[str, Any], fichiers: tuple[Fichier, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    perimetre = _object(data, "perimetre")
    unites = _texts(perimetre, "unites")
    for unite in unites:
        if not UNITE.fullmatch(unite) or not unite.isprintable():
            raise _wrong("« perimetre.unites » s'écrit copropriete:ID, mandat:ID ou agence")
    given = {f.table for f in fichiers}
    if "tables" not in perimetre:
        return tuple(sorted(given - TECHNIQUES)), unites
    tables = _texts(perimetre, "tables")
    for table in tables:
        if table not in schemas():
            raise refusal("table_inconnue", valeur=shown(table))
        if table not in given and table not in TECHNIQUES:
            raise refusal("table_manquante", table=table, valeur=table)
    for table in sorted(given - set(tables) - TECHNIQUES):
        raise refusal("table_hors_perimetre", table=table, valeur=table)
    return tuple(sorted(set(tables) - TECHNIQUES)), unites


def parse_manifest(raw: bytes) -> Manifeste:
    """Read dossier.json. Raises DossierRefuse with the field that is wrong."""
    data = _load(raw)
    for key, expected, code in (
        ("format", FORMAT, "format_inconnu"),
        ("version", VERSION, "version_inconnue"),
    ):
        value = data.get(key)
        if value != expected:
            raise refusal(code, valeur=shown(str(value)))
    mode = data.get("mode")
    if mode not in MODES:
        raise refusal("mode_inconnu", valeur=shown(str(mode)))
    source = _object(data, "source")
    fichiers = _fichiers(data, mode)
    tables, unites = _perimetre(data, fichiers)
    sequence, precedent = _place(data, mode)
    return Manifeste(
        agence=_text(data, "agence"),
        logiciel=_text(source, "logiciel", maximum=60),
        base=_text(source, "base", maximum=60),
        mode=mode,
        arrete_au=_date(data, "arrete_au"),
        genere_le=_moment(data, "genere_le"),
        sequence=sequence,
        dialecte=_choice(data, "dialecte", DIALECTES),
        politique=_choice(data, "politique", POLITIQUES),
        historique=_choice(data, "historique", HISTORIQUES),
        tables=tables,
        unites=unites,
        fichiers=fichiers,
        precedent=precedent,
        remplace=_remplace(source, mode, unites),
    )


def judge_manifest(manifest: Manifeste, agence: str, today: dt.date) -> None:
    """Refuse the dossier of another agence, or dated after tomorrow. Raises DossierRefuse."""
    if manifest.agence != agence:
        raise refusal("agence_differente", valeur=shown(manifest.agence), attendue=agence)
    if manifest.arrete_au > today + dt.timedelta(days=1):
        raise refusal("arrete_futur", valeur=manifest.arrete_au.isoformat())
