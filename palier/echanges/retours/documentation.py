"""Writes docs/dossier/retours.md and its Table Schemas from what is declared: what is published is what is written."""

import json
from pathlib import Path
from typing import Any

from palier.echanges.retours.dialectes import DIALECTES
from palier.echanges.retours.fichier import FORMAT, VERSION
from palier.retours.registre import Champ, TableRetour, tables
from palier.retours.rules.consentements import REGLES

_TYPES = {"string": "texte", "integer": "entier", "date": "date", "datetime": "date et heure"}
_CONFIANCE = {
    "H": "sources sûres et concordantes",
    "M": "source secondaire",
    "L": "texte non lu : éteint tant que l'agence ne l'active pas",
}

_PAGE = f"""# Le fichier de retour : du portail vers l'agence

Ce que vos clients disent dans leur espace revient dans votre logiciel par un fichier, dans les mêmes dialectes que le
dossier ({", ".join(f"`{d}`" for d in DIALECTES)}). C'est un zip :

```
retour-AGENCE-00003-canon.zip
├── retour.json                 numéro, période, fichiers et empreintes
├── retours_coordonnees.csv     une table par fichier, présente même vide
├── retours_consentements.csv
├── retours_justificatifs.csv
└── documents/…                 les pièces déposées
```

Trois tables existent aujourd'hui. D'autres (paiements, votes, demandes) s'ajouteront sous le même nom en `retours_…`
quand le portail saura les recevoir : un lecteur ignore une table qu'il ne connaît pas.

## retour.json

| champ | sens |
|---|---|
| `format`, `version` | `{FORMAT}`, `{VERSION}` |
| `agence` | l'adresse courte de l'agence dans le portail |
| `sequence` | numéro du retour : 1, 2, 3… sans trou, propre à l'agence |
| `precedent` | numéro d'avant, vide pour le premier : s'il vous manque, redemandez-le |
| `depuis`, `jusqu_a` | ce qui a été préparé entre ces deux instants (`depuis` vide pour le premier) |
| `dialecte` | {", ".join(f"`{d}`" for d in DIALECTES)} |
| `empreinte` | SHA-256 du contenu, le même dans les deux dialectes |
| `fichiers` | pour chaque table : `table`, `chemin`, `lignes` (sans l'en-tête), `sha256` |
| `documents` | pour chaque pièce : `chemin`, `octets`, `sha256` |

## Jamais perdu, jamais deux fois

- Une demande part dans un seul retour, le premier préparé après elle ; elle n'est plus jamais envoyée comme nouvelle.
- Un retour préparé ne change plus : le redemander donne le même fichier, octet pour octet.
- Reprendre deux fois le même retour ne double rien : l'`id` de chaque ligne est définitif.
- Acquitter un retour dit qu'il est dans le logiciel : à la main, par la commande, ou de lui-même quand un import a refermé
  toutes ses lignes.
- Dès qu'un import rapporte la valeur demandée (dans `tiers`), la ligne devient « appliquée », avec la date et l'import.
- Ce que la personne annule avant le départ ne part pas ; ce que l'agence refuse avant le départ non plus.
- L'adresse e-mail d'un compte ne figure que si son titulaire la partage ; quand il la reprend, une ligne `retrait` suit.

| état | sens |
|---|---|
| à transmettre | attend le prochain retour |
| transmis | dans un retour préparé |
| reçu par l'agence | ce retour est acquitté |
| appliqué | un import a rapporté la valeur |
| refusé, annulé, remplacé | par l'agence avec un motif ; par la personne ; par une demande plus récente |

## Les dialectes

`canon` : UTF-8, `;`, guillemet `"`, fins de ligne LF, dates AAAA-MM-JJ, date et heure ISO 8601 avec leur décalage.
`excel-fr` : UTF-8 avec marque d'ordre, fins de ligne CRLF, dates JJ/MM/AAAA, date et heure JJ/MM/AAAA HH:MM:SS (heure de
Paris). Dans les deux, un texte qui commencerait comme une formule de tableur (`=`, `+`, `-`, `@`, tabulation, retour)
est précédé d'une apostrophe. Un téléphone et un code postal gardent leur zéro de tête : si vous ouvrez le fichier dans un
tableur, importez ces colonnes comme du texte.

## En ligne de commande

```
./run manage dossier retours --agence SLUG [--dialecte excel-fr] [--sortie FICHIER]
./run manage dossier retours --agence SLUG --sequence N        redonne le retour N
./run manage dossier retours --agence SLUG --acquitter N       le retour N est dans le logiciel
```

Sans rien de nouveau, la commande le dit, nomme les retours non acquittés et finit avec le code 0. Code 2 : agence ou numéro
inconnus ; code 4 : le fichier n'a pas pu s'écrire (le retour reste prêt).

"""


def _field(champ: Champ) -> dict[str, Any]:
    contraintes: dict[str, Any] = {"required": True} if champ.requis else {}
    if champ.liste:
        contraintes["enum"] = list(champ.liste)
    found = {
        "name": champ.nom,
        "type": champ.type,
        "description": champ.description,
        "example": champ.exemple,
    }
    if champ.type == "datetime":
        found["format"] = "%Y-%m-%dT%H:%M:%S%z"
    return {**found, **({"constraints": contraintes} if contraintes else {})}


def table_schema(table: TableRetour) -> dict[str, Any]:
    """Return the Table Schema of a table of the return file (dialect `canon`)."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": table.nom,
        "title": table.titre,
        "description": table.description,
        "fields": [_field(champ) for champ in table.colonnes],
        "primaryKey": ["id"],
    }


def _table_section(table: TableRetour) -> str:
    lines = [
        f"## {table.nom} : {table.titre.lower()}", "", table.description, "",
        f"Schéma : [`schemas-retours/{table.nom}.json`](schemas-retours/{table.nom}.json)", "",
        "| colonne | type | toujours remplie | sens | valeurs |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| `{c.nom}` | {_TYPES[c.type]} | {'oui' if c.requis else ''} | {c.description} | "
        f"{', '.join(f'`{v}`' for v in c.liste)} |"
        for c in table.colonnes
    ]
    return "\n".join([*lines, ""])


def _consents() -> str:
    lines = [
        "## Les consentements, et leur fondement", "",
        "Le texte montré est gardé mot pour mot avec chaque acte ; `texte_sha256` est son empreinte. L'administrateur de",
        "l'agence choisit lesquels sont demandés. La fiabilité est celle de notre lecture, pas un avis juridique.", "",
        "| genre | régime | fondement | fiabilité | demandé d'office | version | empreinte du texte |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| `{r.genre}` | {r.regime} | {r.fondement} | {r.confiance} ({_CONFIANCE[r.confiance]}) | "
        f"{'oui' if r.propose else 'non'} | {r.version} | `{r.empreinte}` |"
        for r in REGLES.values()
    ]
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Return every file of this documentation, by its path under docs/dossier."""
    sections = "\n".join([*(_table_section(table) for table in tables()), _consents()])
    found = {"retours.md": _PAGE + sections}
    for table in tables():
        schema = json.dumps(table_schema(table), ensure_ascii=False, indent=1) + "\n"
        found[f"schemas-retours/{table.nom}.json"] = schema
    return found


def write_docs(folder: Path) -> None:
    """Write this documentation under ``folder``."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
