"""The FEC as it is really met: every shape gives the same accounts, and no cent is lost."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from palier.echanges.controle import check_dossier
from tests.echanges.profils.outils import FEC_TITRES, fec_line, refusal, run, write_fec

NOM = "123456789FEC20261231.txt"
LIGNES = [
    fec_line(Debit="0000000152,30"),
    fec_line(CompteNum="701000", CompAuxNum="", CompAuxLib="", Credit="152,30"),
    fec_line(EcritureNum="2", EcritureDate="20260220", EcritureLib="Règlement", Credit="100,00"),
    fec_line(EcritureNum="2", CompteNum="512000", CompAuxNum="", CompAuxLib="", Debit="100,00"),
    fec_line(EcritureNum="3", CompAuxNum="00013", CompAuxLib="MODELE Bruno", Debit=",50"),
    fec_line(EcritureNum="3", CompteNum="701000", CompAuxNum="", CompAuxLib="", Credit="0,5"),
]


def _sens(row: list[str]) -> list[str]:
    debit, credit = row[11], row[12]
    return [*row[:11], debit if debit != "0,00" else credit, "D" if debit != "0,00" else "C", *row[13:]]


def _pad(row: list[str]) -> list[str]:
    return [c.ljust(30) for c in row]


FORMES = {
    "tabulation": {"rows": LIGNES},
    "barre": {"rows": LIGNES, "sep": "|"},
    "marque": {"rows": LIGNES, "encoding": "utf-8-sig"},
    "latin9": {"rows": LIGNES, "encoding": "iso-8859-15"},
    "rembourré": {"rows": [_pad(r) for r in LIGNES], "sep": "|"},
    "dix-neuvième colonne": {"rows": [[*r, ""] for r in LIGNES], "titles": [*FEC_TITRES, ""], "sep": "|"},
    "dix-neuvième cellule": {"rows": [[*r, ""] for r in LIGNES], "sep": "|"},
    "vingt-deux colonnes": {
        "rows": [[*r, "20260131", "VIR", "SERV", "C1"] for r in LIGNES],
        "titles": [*FEC_TITRES, "DateRglt", "ModeRglt", "NatOp", "IdClient"],
    },
    "cr cr lf": {"rows": LIGNES, "end": "\r\r\n"},
    "lf": {"rows": LIGNES, "end": "\n"},
    "cr": {"rows": LIGNES, "end": "\r"},
    "montant et sens": {
        "rows": [_sens(r) for r in LIGNES],
        "titles": [*FEC_TITRES[:11], "Montant", "Sens", *FEC_TITRES[13:]],
    },
    "sans validation": {"rows": [[*r[:15], "", *r[16:]] for r in LIGNES]},
    "numéro toujours nul": {"rows": [[*r[:2], "0", *r[3:]] for r in LIGNES]},
    "autre casse": {"rows": LIGNES, "titles": [t.upper() for t in FEC_TITRES]},
    "lignes vides": {"rows": [LIGNES[0], [""], *LIGNES[1:], ["", ""]]},
}


@pytest.mark.parametrize("forme", FORMES)
def test_every_shape_gives_the_same_ledger(tmp_path: Path, forme: str) -> None:
    path = write_fec(tmp_path / NOM, **FORMES[forme])  # type: ignore[arg-type]
    found = run(["fec-generique"], [path], tmp_path)
    (rapprochement,) = found.resultat.rapprochements
    assert (rapprochement.lues.lignes, rapprochement.lues.debit, rapprochement.lues.credit) == (
        6, Decimal("252.80"), Decimal("252.80"),
    )  # fmt: skip
    assert [
        (r["numero"], r["intitule"], r["solde"], r["copropriete_id"]) for r in found.table("comptes")
    ] == [
        ("00012", "EXEMPLE Alice", "52.30", "123456789"),
        ("00013", "MODELE Bruno", "0.50", "123456789"),
    ]
    assert [(r["le"], r["debit"], r["credit"]) for r in found.table("mouvements")] == [
        ("2026-01-15", "152.30", "0.00"), ("2026-02-20", "0.00", "100.00"), ("2026-01-15", "0.50", "0.00"),
    ]  # fmt: skip
    assert found.table("mouvements")[1]["libelle"] == "Règlement"
    assert found.manifeste["perimetre"]["unites"] == ["copropriete:123456789"]
    assert found.codes() <= {"fec_numero_unique", "controle_equilibre_des_ecritures"}


def test_the_import_accepts_the_dossier(tmp_path: Path) -> None:
    found = run(
        ["fec-generique"], [write_fec(tmp_path / NOM, LIGNES)], tmp_path, nom_copropriete="Résidence Un"
    )
    (tmp_path / "travail").mkdir()
    with check_dossier(found.vers, "essai", tmp_path / "travail", today=dt.date.today()) as controle:
        assert not controle.refuse
        assert {a.code for a in controle.anomalies} == set()
    assert found.table("coproprietes")[0]["nom"] == "Résidence Un"


def test_identical_lines_are_kept_and_numbered(tmp_path: Path) -> None:
    row = fec_line(Debit="10,00")
    found = run(["fec-generique"], [write_fec(tmp_path / NOM, [row, row, row])], tmp_path)
    ids = [r["id"] for r in found.table("mouvements")]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]
    assert found.total("debit") == Decimal("30.00")
    assert "controle_equilibre_du_fichier" in found.codes()


def test_the_same_export_gives_the_same_ids(tmp_path: Path) -> None:
    path = write_fec(tmp_path / NOM, LIGNES)
    first = run(["fec-generique"], [path], tmp_path)
    again = run(["fec-generique"], [path], tmp_path)
    assert first.tables == again.tables


def test_a_negative_amount_goes_to_the_other_side(tmp_path: Path) -> None:
    found = run(
        ["fec-generique"],
        [write_fec(tmp_path / NOM, [fec_line(Debit="-12,00"), fec_line(Credit="5,00")])],
        tmp_path,
    )
    assert [(r["debit"], r["credit"]) for r in found.table("mouvements")] == [
        ("0.00", "12.00"),
        ("0.00", "5.00"),
    ]
    assert found.table("comptes")[0]["solde"] == "-17.00"
    (rapprochement,) = found.resultat.rapprochements
    assert (rapprochement.retournees.lignes, rapprochement.retournees.debit) == (1, Decimal("12.00"))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([fec_line(Debit="12,345")], "Montant illisible"),
        ([fec_line(Debit="1.234,50")], "Montant illisible"),
        ([fec_line(Debit="douze")], "Montant illisible"),
        ([[*fec_line(), "reste"]], "le séparateur figure sans doute dans un libellé"),
        ([fec_line()[:9]], "coupé"),
        ([fec_line(EcritureDate="20260230")], "date illisible"),
        ([], "aucune écriture"),
    ],
)
def test_a_doubtful_line_stops_everything(tmp_path: Path, rows: list[list[str]], sentence: str) -> None:
    assert sentence in refusal(["fec-generique"], [write_fec(tmp_path / NOM, rows)], tmp_path)


def test_a_changed_header_names_what_went_and_what_came(tmp_path: Path) -> None:
    titles = ["Compte" if t == "CompteNum" else t for t in FEC_TITRES]
    said = refusal(["fec-generique"], [write_fec(tmp_path / NOM, LIGNES, titles)], tmp_path)
    assert "Colonnes disparues : « CompteNum »." in said
    assert "Colonnes nouvelles : « Compte »." in said


def test_two_fec_of_one_entity_are_refused(tmp_path: Path) -> None:
    first = write_fec(tmp_path / NOM, LIGNES)
    second = write_fec(tmp_path / "123456789FEC20251231.txt", LIGNES)
    assert "deux fois" in refusal(["fec-generique"], [first, second], tmp_path)


def test_a_name_without_siren_needs_the_copropriete(tmp_path: Path) -> None:
    path = write_fec(tmp_path / "export.txt", LIGNES)
    assert "coproprietes : la colonne obligatoire « id » est vide" in refusal(
        ["fec-generique"], [path], tmp_path
    )
    assert run(["fec-generique"], [path], tmp_path, copropriete="C42").table("coproprietes")[0]["id"] == "C42"


def test_tenants_hang_from_the_agence(tmp_path: Path) -> None:
    rows = [fec_line(Debit="10,00"), fec_line(CompteNum="411000", CompAuxNum="L7", Debit="3,00")]
    found = run(["fec-generique"], [write_fec(tmp_path / NOM, rows)], tmp_path)
    assert [r["role"] for r in found.table("comptes")] == ["coproprietaire", "locataire"]
    assert found.manifeste["perimetre"]["unites"] == ["copropriete:123456789", "agence"]
