"""Profiles themselves: what is refused, how it is said, and that the published texts agree with the code."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from palier.echanges.profils import ProfilRefuse, shipped_profiles
from palier.echanges.profils.modele import SCHEMA
from palier.echanges.profils.valeurs import COMPLEMENT, VERBES, VERBES_EMISSION
from palier.echanges.schemas import ORDRE
from tests.echanges.profils.outils import RACINE, fec_line, profile, run, write_fec

SAIN = """
profil: essai
version: 1
statut: gabarit
cible: {format: dossier-portail, version: "1.0"}
sources:
  liste: {fichier: 'a\\.csv$', type: delimite, entete: {colonnes: [A, B, C, D]}}
emissions:
  - table: correspondances
    depuis: liste
    champs: {table: {constante: tiers}, ancien_id: {de: A}, nouvel_id: {de: B}}
"""
DOCS = RACINE / "docs" / "dossier" / "profils" / "README.md"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("{de: A}", "{eval: A}"), "aucun verbe connu (eval)"),
        (("{de: A}", "{de: A, majuscule: A}"), "un seul verbe par valeur"),
        (("{de: A}", "{premier_non_vide: [{calcul: A}]}"), "aucun verbe connu (calcul)"),
        (("ancien_id: {de: A}, ", ""), "« ancien_id » n'est pas produite"),
        (("ancien_id", "inconnue"), "« inconnue » n'existe pas dans le format"),
        (("depuis: liste", "depuis: autre"), "« autre » n'est pas déclarée"),
        (("type: delimite", "type: sql"), "sources/liste/type"),
        (("version: 1\n", ""), "obligatoire"),
        (("statut: gabarit", "statut: sûr"), "statut"),
        (("profil: essai", "profil: essai\nprofil: deux"), "figure deux fois"),
        (("profil: essai", "profil: &x essai"), "ancres"),
        (("a\\.csv$", "(a"), "motif de nom de fichier invalide"),
        ((SAIN, "- 1"), "objet YAML"),
        ((SAIN, "a: [1"), "YAML illisible"),
        ((SAIN, "!!python/object/apply:os.system ['true']"), "YAML illisible"),
    ],
)
def test_faulty_profiles_are_named(change: tuple[str, str], sentence: str) -> None:
    assert profile(SAIN).nom == "essai"
    with pytest.raises(ProfilRefuse) as caught:
        profile(SAIN.replace(*change))
    assert sentence in str(caught.value)


#: One field of each verb over the line A=« abc-12 », B=« 0012,50 », C=« 2026-02-01 », D empty.
VALEURS = {
    "de": ("{de: A}", "abc-12"),
    "constante": ("{constante: oui}", "oui"),
    "concat": ('{concat: ["{A}", "/", "{B}"]}', "abc-12/0012,50"),
    "concat avec joint": ('{concat: ["{A}", "{D}", "{B}"], joint: "/"}', "abc-12/0012,50"),
    "premier_non_vide": ("{premier_non_vide: [D, A]}", "abc-12"),
    "decouper": ("{decouper: A, debut: 2, longueur: 2}", "bc"),
    "decouper par séparateur": ('{decouper: A, separateur: "-", rang: -1}', "12"),
    "motif": ("{motif: A, regex: '([a-z]+)-(\\d+)', groupe: 2}", "12"),
    "table": ("{table: A, valeurs: {ABC-12: douze}}", "douze"),
    "table sinon": ("{table: A, valeurs: {x: y}, sinon: garder}", "abc-12"),
    "date": ("{date: C}", "2026-02-01"),
    "nombre": ("{nombre: {decouper: B, longueur: 4}}", "12"),
    "sens": ("{sens: {montant: B, positif: credit}, cote: credit}", "12.50"),
    "majuscule": ("{majuscule: A}", "ABC-12"),
    "masquer": ("{masquer: {constante: FR7610000000000000000000123}}", "FR76 **** **** 123"),
    "empreinte": ("{empreinte: [A, B]}", "4bd1e6e5"),
    "joindre": ("{joindre: {dans: liste, sur: {A: A}, prendre: B}}", "0012,50"),
    "defaut": ("{de: D, defaut: rien}", "rien"),
}


@pytest.mark.parametrize("verbe", VALEURS)
def test_each_verb(tmp_path: Path, verbe: str) -> None:
    spec, expected = VALEURS[verbe]
    path = tmp_path / "a.csv"
    path.write_text("A;B;C;D\nabc-12;0012,50;2026-02-01;\n", encoding="utf-8")
    found = run([profile(SAIN.replace("{de: A}", spec))], [path], tmp_path).table("correspondances")[0][
        "ancien_id"
    ]
    if verbe == "empreinte":
        assert len(found) == 32 and int(found, 16)
    else:
        assert found == expected


GROUPES = """
profil: essai
version: 1
statut: gabarit
cible: {format: dossier-portail, version: "1.0"}
parametres: {voulus: {description: Comptes voulus, defaut: "^L"}}
sources:
  liste:
    fichier: 'a\\.csv$'
    type: delimite
    entete: {colonnes: [Compte, Le, Loyer, Charges]}
emissions:
  - table: comptes
    depuis: liste
    filtre: [{colonne: Compte, motif: $voulus}, {colonne: Compte, parmi: [L9], sauf: true}]
    unique: true
    champs:
      id: {de: Compte}
      role: {constante: locataire}
      numero: {de: Compte}
      intitule: {de: Compte}
      solde: {somme_groupe: "{Loyer} + {Charges}"}
      solde_le: {plus_recent: Le}
  - table: echeances
    depuis: liste
    filtre: {colonne: Compte, motif: $voulus}
    unique: {garder: dernier, selon: Le}
    champs:
      id: {de: Compte}
      compte_id: {de: Compte}
      type: {constante: quittance}
      libelle: {constante: Quittance}
      emise_le: {date: Le}
      montant: {somme_groupe: "{Loyer} + {Charges}"}
  - table: echeances_lignes
    depuis: liste
    filtre: {colonne: Le, parmi: ["2026-02-01"]}
    deplier: {colonnes: [Loyer, Charges]}
    champs:
      echeance_id: {de: Compte}
      rang: {de: "@rang"}
      nature: {table: "@rubrique", valeurs: {Loyer: loyer, Charges: charges}}
      libelle: {de: "@rubrique"}
      montant: {nombre: "@valeur"}
"""


def test_groups_unpivot_and_filters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Compte;Le;Loyer;Charges\nL1;2026-02-01;500,10;50,05\nL1;2026-01-01;500,10;\nX1;2026-01-01;1;1\n",
        encoding="utf-8",
    )
    found = run([profile(GROUPES)], [path], tmp_path)
    assert [(r["id"], r["solde"], r["solde_le"]) for r in found.table("comptes")] == [
        ("L1", "1050.25", "2026-02-01")
    ]
    assert [(r["emise_le"], r["montant"]) for r in found.table("echeances")] == [("2026-02-01", "1050.25")]
    assert [(r["rang"], r["nature"], r["montant"]) for r in found.table("echeances_lignes")] == [
        ("1", "loyer", "500.10"), ("2", "charges", "50.05"),
    ]  # fmt: skip


def test_a_parameter_cannot_leave_its_literal(tmp_path: Path) -> None:
    path = tmp_path / "123456789FEC20261231.txt"
    write_fec(path, [fec_line(Debit="1,00")])
    nom = "O'Brien'); DROP TABLE s_fec; --"
    assert (
        run(["fec-generique"], [path], tmp_path, nom_copropriete=nom).table("coproprietes")[0]["nom"] == nom
    )
    with pytest.raises(ProfilRefuse, match="Motif ou format"):
        run(["fec-generique"], [path], tmp_path, comptes_coproprietaires="(450")


def test_the_json_schema_names_the_same_verbs_and_tables() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    verbs = {next(iter(c["required"])) for c in schema["$defs"]["champ"]["oneOf"]}
    assert verbs == set(VERBES)
    assert set(VERBES_EMISSION) <= set(schema["$defs"]["emission"]["properties"])
    assert set(schema["$defs"]["emission"]["properties"]["table"]["enum"]) == set(ORDRE) - {"suppressions"}


def test_the_page_names_every_verb_and_profile_with_its_status() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for verb in (*VERBES, *VERBES_EMISSION, COMPLEMENT):
        assert f"### `{verb}`" in page
    for profil in shipped_profiles().values():
        assert f"| `{profil.nom}` | {profil.statut} |" in page


def test_command_codes_and_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_fec(
        tmp_path / "123456789FEC20261231.txt", [fec_line(Debit="1234,50"), fec_line(Credit="1234,50")]
    )
    call_command("profil", "convertir", "--profil", "fec-generique", "--agence", "essai", str(path))
    said = capsys.readouterr().out
    assert "1\u202f234,50" in said and "aucun dossier écrit" in said
    call_command("profil", "liste")
    assert "fec-generique" in capsys.readouterr().out
    bad = tmp_path / "profil.yaml"
    bad.write_text("profil: x", encoding="utf-8")
    for arguments, code in (
        (["convertir", "--profil", "camt053", "--agence", "essai", str(path)], 1),
        (["convertir", "--profil", "inconnu", "--agence", "essai", str(path)], 2),
        (["verifier", str(bad)], 3),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("profil", *arguments)
        assert caught.value.returncode == code
