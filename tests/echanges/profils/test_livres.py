"""The other shipped profiles: register, contacts, PDFs, and what they make together with a FEC."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from palier.echanges.controle import check_dossier
from palier.echanges.profils import shipped_profiles
from tests.echanges.profils.outils import DONNEES, fec_line, pdf, refusal, run, write_fec

GENERATIONS = ("rnc-accents.csv", "rnc-63-caracteres.csv", "rnc-courant.csv")


@pytest.mark.parametrize("nom", GENERATIONS)
def test_register_every_generation_of_columns(tmp_path: Path, nom: str) -> None:
    found = run(["rnc"], [DONNEES / nom], tmp_path)
    assert [
        (
            r["id"],
            r["nom"],
            r["immatriculation_rnc"],
            r["reglement_le"],
            r["mandat_syndic_fin"],
            r["principale_id"],
        )
        for r in found.table("coproprietes")
    ] == [
        ("AA0000011", "Résidence des Essais", "AA0000011", "1974-03-05", "2027-06-30", ""),
        ("AA0000022", "9 rue du Modèle 31000 Toulouse", "AA0000022", "", "", "AA0000011"),
    ]
    assert [
        (
            r["id"],
            r["copropriete_id"],
            r["numero"],
            r["repetition"],
            r["voie"],
            r["code_postal"],
            r["latitude"],
        )
        for r in found.table("immeubles")
    ] == [
        ("AA0000011/1", "AA0000011", "12", "bis", "rue de l'Exemple", "31000", "43.604652"),
        ("AA0000022/1", "AA0000022", "9", "", "rue du Modèle", "31000", ""),
    ]


def test_register_is_filtered_by_siret_and_number(tmp_path: Path) -> None:
    path = DONNEES / "rnc-courant.csv"
    assert len(run(["rnc"], [path], tmp_path, siret="^12345678900011$").table("coproprietes")) == 1
    found = run(["rnc"], [path], tmp_path, immatriculations="AA0000022")
    assert [r["id"] for r in found.table("coproprietes")] == ["AA0000022"]


def _fec(folder: Path) -> Path:
    rows = [
        fec_line(CompAuxNum="450-012", Debit="152,30"),
        fec_line(CompAuxNum="450-013", CompAuxLib="SCI MODELE", Debit="10,00"),
    ]
    return write_fec(folder / "123456789FEC20261231.txt", rows)


def _check(path: Path, folder: Path) -> set[str]:
    (folder / "travail").mkdir()
    with check_dossier(path, "essai", folder / "travail", today=dt.date.today()) as controle:
        assert not controle.refuse
        return {a.code for a in controle.anomalies}


def test_fec_contacts_and_pdfs_make_level_n1(tmp_path: Path) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    (pieces / "appel_de_fonds__450012__2026-01-15__Appel T1.pdf").write_bytes(pdf("A"))
    (pieces / "lettre.pdf").write_bytes(pdf("Compte : 450-013 Montant 10"))
    (pieces / "courrier.pdf").write_bytes(pdf("B"))
    (pieces / "index.csv").write_text(
        "Fichier;Compte;Catégorie;Titre;Date\ncourrier.pdf;450013;autre;Courrier de mars;15/03/2026\n",
        encoding="cp1252",
    )
    found = run(
        ["fec-generique", "contacts", "dossier-pdf"],
        [_fec(tmp_path), DONNEES / "contacts.csv", pieces],
        tmp_path,
    )
    comptes = {r["numero"]: r["id"] for r in found.table("comptes")}
    assert [(r["nature"], r["nom"], r["email"]) for r in found.table("tiers")] == [
        ("PP", "EXEMPLE", "alice@personne.example"),
        ("PP", "EXEMPLE", "paul@personne.example"),
        ("PM", "SCI MODELE", "sci@personne.example"),
    ]
    assert [(r["compte_id"], r["qualite"]) for r in found.table("comptes_tiers")] == [
        (comptes["450-012"], "titulaire"), (comptes["450-012"], "cotitulaire"), (comptes["450-013"], "titulaire"),
    ]  # fmt: skip
    assert sorted(
        (r["titre"], r["categorie"], r["date_document"], r["portee_id"]) for r in found.table("documents")
    ) == [
        ("Appel T1", "appel_de_fonds", "2026-01-15", comptes["450-012"]),
        ("Courrier de mars", "autre", "2026-03-15", comptes["450-013"]),
        ("lettre", "autre", "", comptes["450-013"]),
    ]
    assert [r["compte_id"] for r in found.table("acces")] == [comptes["450-012"], comptes["450-013"]]
    assert _check(found.vers, tmp_path) == set()


def test_contacts_from_a_workbook_with_title_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Liste des copropriétaires"])
    sheet.append([])
    sheet.append(["N° compte", "Nom", "Prénom", "Courriel", "CP", "Consentement"])
    sheet.append([450012, "EXEMPLE", "Alice", "alice@personne.example", "31000", dt.date(2026, 1, 2)])
    book.save(tmp_path / "contacts.xlsx")
    found = run(["fec-generique", "contacts"], [_fec(tmp_path), tmp_path / "contacts.xlsx"], tmp_path)
    (tiers,) = found.table("tiers")
    assert (tiers["nom"], tiers["code_postal"], tiers["consentement_demat_le"]) == (
        "EXEMPLE",
        "31000",
        "2026-01-02",
    )
    assert len(found.table("comptes_tiers")) == 1


def test_an_unknown_account_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Compte;Nom;E-mail\n999999;INCONNU;x@personne.example\n", encoding="utf-8")
    found = run(["fec-generique", "contacts"], [_fec(tmp_path), path], tmp_path)
    assert len(found.table("tiers")) == 1 and not found.table("comptes_tiers")
    assert "valeur_absente" in found.codes()


def test_namesakes_of_two_accounts_stay_two_persons(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Compte;Nom;Prénom;E-mail\n450012;MARTIN;Jean;\n450013;MARTIN;Jean;\n", encoding="utf-8")
    found = run(["fec-generique", "contacts"], [_fec(tmp_path), path], tmp_path)
    assert len(found.table("tiers")) == 2
    assert len({r["tiers_id"] for r in found.table("comptes_tiers")}) == 2


def test_a_zip_of_pdfs_and_one_that_is_not(tmp_path: Path) -> None:
    path = tmp_path / "pieces.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dossier/quittance__L7__2026-02-01__Février.pdf", pdf("A"))
        archive.writestr("dossier/faux__L7__2026-02-01__Faux.pdf", b"<html>")
    found = run(["dossier-pdf"], [path], tmp_path)
    (row,) = found.table("documents")
    assert (row["titre"], row["portee_id"]) == ("Février", "L7")
    assert "pas_un_pdf" in found.codes()
    with zipfile.ZipFile(found.vers) as archive:
        assert archive.read(row["fichier"]) == pdf("A")


def test_two_equal_pdfs_travel_once(tmp_path: Path) -> None:
    for name in ("a__L7__2026-02-01__Un.pdf", "a__L8__2026-02-01__Deux.pdf"):
        (tmp_path / name).write_bytes(pdf("A"))
    found = run(["dossier-pdf"], sorted(tmp_path.glob("*.pdf")), tmp_path)
    assert len(found.table("documents")) == 2
    with zipfile.ZipFile(found.vers) as archive:
        assert len([n for n in archive.namelist() if n.startswith("documents/")]) == 1


def test_a_pdf_without_account_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "notice.pdf").write_bytes(pdf("Bonjour"))
    assert "Aucune ligne à reprendre" in refusal(["dossier-pdf"], [tmp_path / "notice.pdf"], tmp_path)


def test_statuses_promise_no_more_than_was_proved() -> None:
    found = {p.nom: p.statut for p in shipped_profiles().values()}
    assert found == {
        "fec-generique": "verifie", "cfonb120": "provisoire", "camt053": "provisoire", "rnc": "gabarit",
        "dossier-pdf": "gabarit", "contacts": "gabarit",
    }  # fmt: skip


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_zip(("../a.pdf", pdf("A"))), "interdit"),
        (_zip(("a.zip", _zip(("b.pdf", b"x")))), "archive"),
        (_zip(("a.pdf", b"0" * 40_000_000)), "taux de compression"),
        (_zip(("a.pdf", pdf("A")))[:-30], "incomplet"),
    ],
)
def test_hostile_zips(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "pieces.zip"
    path.write_bytes(content)
    assert sentence in refusal(["dossier-pdf"], [path], tmp_path)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "pieces"
    folder.mkdir()
    (folder / "a__L7__2026-02-01__Un.pdf").write_bytes(pdf("A"))
    (folder / "b__L7__2026-02-01__Lien.pdf").symlink_to("/etc/passwd")
    assert len(run(["dossier-pdf"], [folder], tmp_path).table("documents")) == 1
