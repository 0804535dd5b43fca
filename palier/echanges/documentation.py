"""Writes docs/dossier from the schemas and the table of codes: what is published is what is checked."""

import json
import tempfile
from pathlib import Path
from typing import Any

from palier.echanges.codes import CODES, CONTENEUR, METIER, TABLE, Code, Gravite
from palier.echanges.controle import check_dossier
from palier.echanges.controles.metier import PERIODES
from palier.echanges.generateur import pack_dossier
from palier.echanges.limites import LIMITES, MIO
from palier.echanges.manifeste import DIALECTES, FORMAT, HISTORIQUES, MODES, POLITIQUES, VERSION
from palier.echanges.schemas import TECHNIQUES, Champ, Schema, read_json, schemas

#: The example, from which the Data Package is described.
EXEMPLE = Path(__file__).resolve().parents[2] / "docs" / "dossier" / "exemple" / "dossier"
#: The dossier with twenty faults, of which the report is shown.
FAUTIF = Path(__file__).resolve().parents[2] / "tests" / "donnees" / "dossier-fautif"

_TYPES = {
    "string": "texte",
    "number": "nombre",
    "integer": "entier",
    "date": "date",
    "datetime": "date et heure",
    "boolean": "vrai ou faux",
}


def _constraints(champ: Champ) -> str:
    parts = []
    if champ.liste:
        parts.append("valeurs : " + ", ".join(f"`{v}`" for v in champ.liste))
    if champ.motif:
        motif = champ.motif.replace("|", "\\|")
        parts.append(f"forme : `{motif}`")
    if champ.type == "number":
        parts.append(f"{champ.decimales} décimales au plus")
    if champ.minimum is not None:
        parts.append(f"au moins {champ.minimum}")
    if champ.maximum is not None:
        parts.append(f"au plus {champ.maximum}")
    if champ.longueur is not None:
        parts.append(f"{champ.longueur} caractères au plus")
    if champ.valeur_seule:
        parts.append("une valeur fautive est ignorée, la ligne est reprise")
    return " ; ".join(parts)


#: Codes that only some tables can raise.
PROPRES: dict[str, list[str]] = {
    "tiers": ["email_partage"],
    "coproprietes": ["unite_deja_servie"],
    "mandats": ["unite_deja_servie", "role_incoherent"],
    "cles": ["total_tantiemes"],
    "tantiemes": ["total_tantiemes", "copropriete_incoherente"],
    "comptes": ["copropriete_requise", "total_solde", "total_solde_partiel"],
    "mouvements": ["total_solde", "total_solde_partiel"],
    "echeances": ["total_echeance"],
    "echeances_lignes": ["total_echeance"],
    "detentions": ["role_incoherent", "copropriete_incoherente"],
    "baux": ["role_incoherent"],
    "contrats": ["contrat_sans_objet"],
    "documents": [
        "audience_trop_large", "audience_sans_copropriete", "lot_sans_titulaire", "portee_inconnue", "fichier_absent",
        "fichier_taille", "fichier_empreinte", "fichier_pas_pdf", "fichier_illisible",
    ],
    "correspondances": [
        "correspondance_table", "ancien_id_present", "ancien_id_inconnu", "nouvel_id_utilise",
    ],
    "suppressions": [
        "suppression_table", "suppression_inconnue", "suppression_contradictoire", "suppression_citee", "table_sans_effet",
    ],
}  # fmt: skip


def _effect(schema: Schema) -> str:
    if schema.par_unite:
        return "Une ligne fautive retient toute son unité, qui garde sa version précédente."
    return "Une ligne fautive est écartée seule."


def table_page(schema: Schema) -> str:
    """The page of one table: what it is, its columns, its relations, an example."""
    cle = ", ".join(f"`{c}`" for c in schema.cle)
    lines = [
        f"# {schema.nom} : {schema.titre.lower()}",
        "",
        schema.description,
        "",
        f"- Niveau : {schema.niveau}",
        f"- Clé : {cle}",
        f"- {_effect(schema)}",
        f"- Schéma : [`schemas/{schema.nom}.json`](../schemas/{schema.nom}.json)",
        "",
        "| colonne | type | obligatoire | sens | exemple | contraintes |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{c.nom}` | {_TYPES[c.type]} | {'oui' if c.requis else ''} | {c.description} | "
        f"{'`' + c.exemple + '`' if c.exemple else ''} | {_constraints(c)} |"
        for c in schema.champs
    ]
    if schema.relations:
        lines += ["", "## Relations", ""]
        lines += [
            f"- `{r.colonne}` nomme une ligne de [`{r.cible}`]({r.cible}.md)"
            + (" ; un lien rompu est ignoré, la ligne est reprise." if r.souple else ".")
            for r in schema.relations
        ]
    header = ";".join(schema.noms)
    example = ";".join(c.exemple for c in schema.champs)
    lines += ["", "## Exemple", "", "```csv", header, example, "```", "", "## Codes du rapport", ""]
    lines += [
        f"- [`{code}`](../codes.md) ({CODES[code].gravite.value}) : {CODES[code].conseil}"
        for code in codes_of(schema)
    ]
    return "\n".join([*lines, ""])


def codes_of(schema: Schema) -> list[str]:
    """The codes of a report that may name a line of a table."""
    found = [c for c in TABLE if TABLE[c].gravite is not Gravite.BLOQUANT and c != "table_sans_effet"]
    if not any(c.valeur_seule for c in schema.champs):
        found.remove("valeur_ignoree")
    if schema.relations or schema.nom == "documents":
        found += ["reference_inconnue", "reference_refusee", "relation_non_verifiee"]
    if any(r.souple for r in schema.relations):
        found.append("lien_ignore")
    if schema.cle == ("id",) and schema.nom not in TECHNIQUES:
        found += ["identifiant_remplace", "correspondance_refusee"]
    if schema.nom not in TECHNIQUES:
        found.append("unite_hors_perimetre")
    if schema.nom in PERIODES:
        found.append("fin_avant_debut")
    return found + PROPRES.get(schema.nom, [])


def _codes_table(codes: dict[str, Code]) -> list[str]:
    return [
        "| code | gravité | message | que faire |",
        "|---|---|---|---|",
        *(f"| `{name}` | {c.gravite.value} | {c.message} | {c.conseil} |" for name, c in codes.items()),
    ]


def codes_page() -> str:
    """The page of the report: its columns and every code."""
    return "\n".join(
        [
            "# Le rapport d'un import",
            "",
            "Le rapport se lit à l'écran, en CSV (`gravite;code;table;ligne;id;colonne;valeur_masquee;message;conseil;"
            "unite`) et en JSON. Les lignes sont celles du fichier, l'en-tête étant la ligne 1. Les valeurs sont",
            "masquées : première lettre et longueur d'un texte, forme d'un nombre ou d'une date. Chaque code est",
            "compté en entier ; au-delà de mille lignes, les mille premières sont données, et le rapport dit combien d'autres",
            "attendent : corrigez celles-ci, puis renvoyez l'export.",
            "",
            "| gravité | effet |",
            "|---|---|",
            "| BLOQUANT | tout le dossier est refusé, rien ne change en ligne |",
            "| LIGNE | la ligne est refusée ; dans une table de droits ou d'argent, toute son unité garde sa version "
            "précédente |",
            "| ALERTE | à vérifier ; n'empêche rien |",
            "| INFO | pour information |",
            "",
            "## Le conteneur",
            "",
            *_codes_table(CONTENEUR),
            "",
            "## Les fichiers des tables",
            "",
            *_codes_table(TABLE),
            "",
            "## Les relations et le métier",
            "",
            *_codes_table(METIER),
            "",
        ]
    )


def report_page() -> str:
    """The report of the dossier written by hand with twenty faults, line by line, as the check gives it."""
    with tempfile.TemporaryDirectory() as folder:
        packed = pack_dossier(FAUTIF, Path(folder) / "fautif.zip")
        declared = json.loads((FAUTIF / "dossier.json").read_text(encoding="utf-8"))["agence"]
        with check_dossier(packed, declared, Path(folder)) as controle:
            rows = [
                f"| {a.gravite.value} | `{a.code}` | {a.table} | {a.ligne or ''} | {a.colonne} | {_cell(a.valeur)} |"
                f" {_cell(a.message)} | {_cell(a.conseil)} | {a.unite} |"
                for a in controle.collecte
            ]
            tenues = ", ".join(f"`{unite}`" for unite in sorted(controle.tenues))
    return "\n".join(
        [
            "# Vingt fautes, et ce que le rapport en dit",
            "",
            "[Ce dossier](../../tests/donnees/dossier-fautif/README.md), écrit à la main, porte vingt fautes voulues ;"
            " voici son rapport, tel que `./run manage dossier check` le donne. Une faute en entraîne parfois",
            "d'autres : une ligne refusée rompt les relations qui la visent. Les unités"
            f" {tenues} gardent leur version précédente ; tout le reste est mis en ligne.",
            "",
            "| gravité | code | table | ligne | colonne | valeur | message | que faire | unité |",
            "|---|---|---|---:|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_FORMAT = f"""# Le dossier : l'export d'un logiciel de gestion

Un dossier est un fichier zip qui décrit ce qu'une agence met à la disposition de ses clients : personnes, comptes,
biens, échéances, écritures et documents. Il est complet (`snapshot` : ce qui n'y est plus est archivé) ou différentiel
(`delta` : ce qui a changé). On peut l'envoyer chaque nuit ; le même contenu envoyé deux fois ne change rien.

- [Un exemple complet, un exemple différentiel](exemple/README.md) · [les schémas](schemas/)
- [Le rapport et ses codes](codes.md) · [vingt fautes et leur rapport](rapport.md)

## Le conteneur

```
dossier.zip
├── dossier.json        qui envoie quoi, arrêté à quelle date
├── tiers.csv           une table par fichier
├── comptes.csv …
└── documents/…         les PDF, sous le chemin que cite la table documents
```

Chemins relatifs avec des barres `/`. Ni mot de passe, ni lien, ni archive dans l'archive. Limites : {LIMITES.membres}
fichiers, {LIMITES.table // MIO} Mio par table et {LIMITES.document // MIO} Mio par document une fois décompressés,
{LIMITES.ligne // 1024} Kio par ligne de texte.

## dossier.json

| champ | sens |
|---|---|
| `format`, `version` | `{FORMAT}`, `{VERSION}` |
| `mode` | {", ".join(f"`{m}`" for m in MODES)} : envoi complet, ou ce qui a changé |
| `agence` | l'adresse courte de l'agence dans le portail |
| `source.logiciel`, `source.base` | d'où viennent les données ; les identifiants sont propres à cette source |
| `source.remplace` | facultatif, une fois : la source (`logiciel`, `base`) dont celle-ci prend la suite |
| `genere_le` | date et heure de l'export, ISO 8601 |
| `arrete_au` | date des données, montrée aux clients ; un dossier plus ancien que ce qui est en ligne est refusé |
| `sequence` | numéro d'envoi, toujours croissant (obligatoire en `delta`, facultatif en `snapshot`) |
| `precedent` | en `delta` : le numéro de l'envoi que celui-ci suit, c'est-à-dire le dernier mis en ligne |
| `dialecte` | {", ".join(f"`{d}`" for d in DIALECTES)} (facultatif, `canon` sinon) |
| `politique` | {", ".join(f"`{p}`" for p in POLITIQUES)} (facultatif, `par_unite` sinon) |
| `historique` | {", ".join(f"`{h}`" for h in HISTORIQUES)} : `partiel` si les mouvements ne donnent pas le solde |
| `perimetre.tables` | les tables pour lesquelles le dossier est complet (facultatif : celles de `fichiers`) |
| `perimetre.unites` | les unités données en entier : `copropriete:ID`, `mandat:ID`, `agence` (facultatif : toutes) |
| `fichiers` | pour chaque table : `table`, `chemin`, `lignes` (sans l'en-tête), `sha256` |

## Les tables

Dialecte `canon` : UTF-8 (marque d'ordre admise), séparateur `;`, guillemet `"` doublé dans un texte, fins de ligne LF
ou CRLF, point décimal sans séparateur de milliers, dates AAAA-MM-JJ, `true` ou `false`, vide pour absent, en-tête
obligatoire, colonnes dans l'ordre que l'on veut. Une colonne inconnue est signalée et ignorée.

Dialecte `excel-fr`, pour un fichier retouché à la main : UTF-8 ou Windows-1252, virgule décimale, espaces de milliers,
dates JJ/MM/AAAA, `Oui` ou `Non`.

Les montants sont en euros, à deux décimales. Un solde est débit moins crédit : positif, le client doit. Un `id` est le
texte du logiciel de gestion : stable, jamais réutilisé ; les numéros montrés aux clients sont à part.

@TABLES@

Niveaux : N0 suffit pour ouvrir le portail (personnes, comptes, documents) ; N1 ajoute échéances et écritures ; N2 les
biens, les mandats et les baux ; N3 les clés, les exercices et les assemblées.

## Unités

Une copropriété ou un mandat de gérance est mis en ligne entier, ou garde sa version précédente. Un compte suit sa
copropriété ; sinon son mandat ; sinon le mandat de son bail. Ce qui pend à un compte le suit. Le reste appartient à
l'agence : une ligne fautive y est écartée seule, et retient les unités qui en ont besoin. Avec `tout_ou_rien`, une
ligne refusée refuse tout le dossier.

## Envoi différentiel

Un `delta` donne les lignes ajoutées et celles qui ont changé, entières, dans les mêmes tables ; une ligne absente ne
bouge pas. Ses liens peuvent nommer des lignes déjà en ligne. Rien d'autre n'est à renvoyer : si un bail passe d'un
mandat à un autre, les écritures de son compte suivent. Les totaux (solde, tantièmes, lignes d'échéance) sont jugés sur
ce qui résulte de l'envoi, pour les seuls comptes, clés et échéances qu'il touche ; la qualité d'un compte déjà en ligne
n'est pas rejugée. Dans la table `acces`, seuls les comptes nommés changent.

`suppressions.csv` nomme ce qui disparaît : `table;id;motif`. L'identifiant d'une clé à plusieurs colonnes est fait de
ses valeurs, dans l'ordre de la clé, jointes par `|` (`L1|A450-12|2019-03-01`). La ligne est archivée. Un identifiant
inconnu est signalé ; une ligne que d'autres citent encore n'est pas supprimée, et retient son unité. Dans un envoi
complet, `suppressions` est sans effet.

**Numéros d'envoi.** `precedent` doit être le numéro du dernier envoi mis en ligne ; sinon l'envoi est refusé
(`sequence_rompue`) et rien ne change : envoyez un `snapshot`. Le même delta envoyé deux fois est reconnu, même si
d'autres l'ont suivi, s'il avait été mis en ligne en entier ; sinon il est refusé de même, un `snapshot` le complète.
Un `snapshot` dont le numéro recule attend une confirmation ; un numéro répété est signalé. Un `snapshot` par semaine
est un bon usage.

**Le même envoi, de nouveau.** Un dossier dont tout est en ligne est reconnu quand rien ne diffère : tables, PDF joints,
`dialecte`, `politique`, `historique`. Ses tables sont d'abord relues et comparées à leurs empreintes. Un `snapshot` dont
des lignes restaient à corriger est contrôlé et mis en ligne de nouveau à chaque envoi.

**Unité retenue.** Une unité qu'une faute retient manque cet envoi : les deltas suivants la laissent telle qu'elle est
(`unite_a_renvoyer`), jusqu'à un envoi complet, au besoin pour elle seule (`perimetre.unites`).

## La date que lisent les clients

Chaque espace montre la date de ses propres données : celle (`arrete_au`) du dernier envoi de leur source qui a mis leur
unité en ligne, ou l'a trouvée inchangée. Une unité retenue, ou hors de `perimetre.unites`, garde sa date. Un `snapshot`
sans la table `comptes` n'en avance aucune : les soldes ne sont pas plus récents. Un `delta` suit sans lacune le dernier
envoi et ce qu'il ne nomme pas n'a pas changé : il avance toutes les unités, sauf celles qui attendent un envoi complet.
Annuler un envoi rend les dates précédentes.

## Correspondances

Un `id` ne change pas. S'il le faut (renumérotation, changement de logiciel), `correspondances.csv` le dit :
`table;ancien_id;nouvel_id`, pour les tables dont la clé est `id`, dans un `snapshot` ou un `delta`. La ligne garde son
identité dans le portail : accès, comptes rattachés et lectures survivent. Les autres tables du même envoi emploient déjà
le nouvel identifiant. Redire une correspondance ne change rien ; des échanges (`1` devient `2` et `2` devient `1`) se
font ensemble ; un identifiant remplacé n'est jamais réutilisé.

**Changer de logiciel.** Le premier `snapshot` de la nouvelle source porte `source.remplace` ; les `ancien_id` de ses
correspondances sont alors ceux de l'ancienne source. Ce qui n'a pas de correspondance est archivé dans les tables
données, après confirmation s'il y en a beaucoup. L'ancienne source n'envoie plus rien. Une copropriété (même numéro au
registre) ou un mandat (même numéro, même bailleur) qu'une autre source tient déjà est refusé, et son unité retenue.

## Revenir en arrière

Pendant quatre-vingt-dix jours, l'agence peut annuler le dernier envoi d'une unité, ou de toutes : ses lignes
reviennent à ce qu'elles étaient. Ce que les clients ont fait n'est pas touché. Après une annulation, un delta est refusé
jusqu'au prochain `snapshot`.

## Documents : portée et audience

| portée | audiences possibles |
|---|---|
@AUDIENCES@

Un document de lot va au compte qui détient le lot à la date du document. Un fichier peut servir à plusieurs documents.
Un fichier déjà reçu peut être cité par `sha256:` suivi de son empreinte, sans être joint.

## Prudence

Si plus de 5 % (et plus de 20) des lignes d'une table devaient être archivées, si une table se vidait, si une
copropriété perdait tous ses comptes, toutes les personnes qui y sont rattachées ou tous les lots détenus, ou si la somme
des soldes sautait, l'import attend qu'une personne confirme : il nomme ces copropriétés.

## En ligne de commande

```
./run manage dossier check FICHIER [--agence SLUG] [--csv RAPPORT] [--json RAPPORT]
./run manage dossier import --agence SLUG FICHIER [--confirmer]
```

| code de sortie | sens |
|---|---|
| 0 | tout est en ligne (ou l'était déjà) ; pour `check`, aucune ligne refusée |
| 1 | en ligne, sauf des lignes à corriger |
| 2 | dossier refusé (séquence rompue, plus ancien que ce qui est en ligne…) : rien n'a changé |
| 3 | attend une confirmation : rien n'a changé ; relancer avec `--confirmer` |
| 4 | panne de notre côté : rien n'a changé ; relancer |
"""


def format_page() -> str:
    """The page of the format."""
    from palier.echanges.controles.metier import AUDIENCES

    tables = ["| table | contenu | niveau |", "|---|---|---|"]
    tables += [f"| [`{s.nom}`](tables/{s.nom}.md) | {s.titre} | {s.niveau} |" for s in schemas().values()]
    audiences = [
        f"| `{portee}` | {', '.join(f'`{a}`' for a in found)} |" for portee, found in AUDIENCES.items()
    ]
    return _FORMAT.replace("@TABLES@", "\n".join(tables)).replace("@AUDIENCES@", "\n".join(audiences))


def data_package() -> dict[str, Any]:
    """The example as a Data Package: any reader of Table Schemas can check it (`frictionless validate`)."""
    given = sorted(p.stem for p in EXEMPLE.glob("*.csv"))
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "dossier-exemple",
        "title": "Un dossier complet, tout inventé",
        "resources": [
            {
                "name": table,
                "type": "table",
                "path": f"exemple/dossier/{table}.csv",
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"csv": {"delimiter": ";"}},
                "schema": f"schemas/{table}.json",
            }
            for table in schemas()
            if table in given
        ],
    }


def pages() -> dict[str, str]:
    """Every file of the documentation, by its path under docs/dossier."""
    found = {"README.md": format_page(), "codes.md": codes_page(), "rapport.md": report_page()}
    found["datapackage.json"] = json.dumps(data_package(), ensure_ascii=False, indent=1) + "\n"
    for table, schema in schemas().items():
        found[f"tables/{table}.md"] = table_page(schema)
        found[f"schemas/{table}.json"] = json.dumps(read_json(table), ensure_ascii=False, indent=1) + "\n"
    return found


def write_docs(folder: Path) -> None:
    """Write the documentation of the format under ``folder``."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
