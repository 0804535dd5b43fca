"""What connectors are made of, and the pieces of the assistant that need no page."""

import random
from pathlib import Path
from typing import Any

import pytest

from palier.echanges.connecteurs import lecture, masques, niveaux
from palier.echanges.connecteurs.champs import CHAMPS, natures
from palier.echanges.connecteurs.essai import try_profile
from palier.echanges.connecteurs.fabrication import build, build_text
from palier.echanges.connecteurs.glossaire import glossary, key
from palier.echanges.connecteurs.lecture import Lecture, blanks, detect, slices
from palier.echanges.connecteurs.modele import connecteurs
from palier.echanges.connecteurs.plan import Fichier, Plan, Reglages, dump, load
from palier.echanges.connecteurs.reconnaissance import link
from palier.echanges.connecteurs.suggestions import suggest
from palier.echanges.connecteurs.valeurs import recognise
from palier.echanges.profils.lecteurs import Piece
from palier.echanges.schemas import schemas
from tests.echanges.profils.outils import FEC_TITRES, fec_line, write_fec


def test_the_four_are_templates_and_only_spi_has_known_words() -> None:
    assert [c.nom for c in connecteurs().values()] == ["SpiLaSuite", "SDGI", "GPI", "LOGIN"]
    assert {c.statut for c in connecteurs().values()} == {"gabarit"}
    assert [c.code for c in connecteurs().values() if c.vocabulaire] == ["spilasuite"]
    for mot in connecteurs()["spilasuite"].vocabulaire:
        assert mot.source.startswith("https://")
        assert not mot.cible or mot.cible in CHAMPS


def test_each_source_has_a_purpose_tables_and_required_fields() -> None:
    for c in connecteurs().values():
        kinds = [s.nature for s in c.sources]
        assert set(kinds) == set(natures())
    for n in natures().values():
        assert str(n.but)
        assert n.tables
        assert set(n.requis) <= set(n.champs)
        assert set(n.tables) <= set(schemas())


def test_the_glossary_names_fields_that_exist() -> None:
    assert {cle for cles in glossary().values() for cle in cles} <= set(CHAMPS)
    assert key("N° de compte") == key("No compte") == key("Numéro compte")


VALEURS: dict[str, list[str]] = {
    "iban": ["FR7630006000011234567890189"],
    "email": ["a.b@poste.example"],
    "date": ["31/12/2026", "01/02/2026"],
    "montant": ["1 234,50", "-0,10", "12.00"],
    "compte": ["450012", "L00012", "450-100"],
    "rnc": ["AA0002576"],
    "telephone": ["06 12 34 56 78", "+33612345678"],
    "code_postal": ["31000", "01000"],
    "sens": ["D", "C"],
    "civilite": ["Mme", "M."],
}


@pytest.mark.parametrize("genre", VALEURS)
def test_values_are_told_by_their_shape_or_their_check(genre: str) -> None:
    assert genre in {t.genre for t in recognise(VALEURS[genre])}


def test_a_wrong_check_digit_is_no_iban() -> None:
    assert "iban" not in {t.genre for t in recognise(["FR7630006000011234567890188"])}


def test_a_name_of_somebody_on_line_is_recognised() -> None:
    names = [["Claire LEFÈVRE", "Inconnu Total"]]
    found = suggest(connecteurs()["gpi"], natures()["contacts"], ["Zone A"], names, {"claire lefevre"})
    assert (found[0].cle, "déjà en ligne" in found[0].raison) == ("tiers.nom", True)


def test_columns_of_blanks_propose_the_cuts() -> None:
    assert blanks(["AA   BB  12", "C    D   3 "]) == [1, 6, 10]
    assert slices(Lecture("fixe", coupes=(1, 6, 10), longueur=11)) == [slice(0, 5), slice(5, 9), slice(9, 11)]


@pytest.mark.parametrize(
    ("encodage", "taken"), [("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_encodings_are_tried_in_their_declared_order(tmp_path: Path, encodage: str, taken: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Compte;Intitulé\n450001;Élodie\n".encode(encodage))
    found = detect(path, "x.csv")
    assert (found.encodage, found.separateur, found.titres) == (taken, ";", 1)


def test_a_plan_is_read_back_as_it_was() -> None:
    plan = Plan("gpi", "Essai", "essai", [{"adresse": "a", "octets": 1, "nom": "x"}])
    plan.fichiers.append(Fichier(1, 0, "x", "x", "comptes", Lecture("fixe", coupes=(1, 4)), ["A"], {0: "comptes.numero"},
                                 Reglages({"comptes.solde_le": "%Y%m%d"}, valeurs={"comptes.role": {"L": "locataire"}})))  # fmt: skip
    assert load(dump(plan)) == plan


def make(plan: Plan, files: dict[str, tuple[str, bytes, Reglages]], folder: Path) -> dict[str, list[Path]]:
    """Add files to a plan with the suggestions taken as they are."""
    found: dict[str, list[Path]] = {}
    for rank, (nature, (nom, content, reglages)) in enumerate(files.items(), start=1):
        path = folder / nom
        path.write_bytes(content)
        one = Fichier(rank, 0, nom, nom, nature, reglages=reglages, etape="pret")
        one.lecture = detect(path, nom)
        if nature != "fec":
            one.colonnes = lecture.columns(path, nom, one.lecture)
            rows = lecture.look(path, nom, one.lecture, 50)
            values = [[c[i] if i < len(c) else "" for _n, c in rows] for i in range(len(one.colonnes))]
            proposed = suggest(connecteurs()[plan.connecteur], natures()[nature], one.colonnes, values, set())
            one.champs = {i: s.cle for i, s in enumerate(proposed) if s.cle}
        plan.fichiers.append(one)
        found[one.source] = [path]
    return found


def run(plan: Plan, found: dict[str, list[Path]], folder: Path) -> Any:
    work = folder / "travail"
    work.mkdir(exist_ok=True)
    pieces = {k: [Piece(p.name, p) for p in v] for k, v in found.items()}
    return try_profile(build(plan), pieces, "essai", plan.code, work)


def test_landlords_and_tenants_make_mandates_leases_and_lots(tmp_path: Path) -> None:
    plan = Plan("spilasuite", "Gérance", "gerance")
    files = {
        "bailleurs": (
            "bailleurs.csv",
            b"Compte;Nom;Mandat;Mail\nB1;NOEL;M7;n@p.example\nB2;ROY;M8;\n",
            Reglages(),
        ),
        "locataires": (
            "locataires.csv",
            b"Compte L;Locataire;Bail;Date entree;Loyer;Mandat;Immeuble;Lot\n"
            b"L00001;GARNIER;77;01/09/2025;720,00;M7;I1;4\nL00002;PETIT;78;01/10/2025;500,00;M8;I1;5\n",
            Reglages({"baux.debut": "%d/%m/%Y"}),
        ),
    }
    essai = run(plan, make(plan, files, tmp_path), tmp_path)
    assert not essai.refuse, essai.faits
    wanted = {
        "mandats": 2,
        "baux": 2,
        "lots": 2,
        "immeubles": 1,
        "baux_lots": 2,
        "mandats_lots": 2,
        "comptes": 4,
        "tiers": 4,
    }
    assert {t: essai.tables.get(t) for t in wanted} == wanted
    assert [b["mandat_id"] for b in essai.lignes["baux"]] == ["M7", "M8"]
    assert {c["role"] for c in essai.lignes["comptes"]} == {"bailleur", "locataire"}
    assert essai.a_corriger == 0


def test_a_fec_and_contacts_reach_n1(tmp_path: Path) -> None:
    rows = [fec_line(CompAuxNum="00012", CompAuxLib="EXEMPLE Alice", Debit="100,00"),
            fec_line(CompteNum="512000", CompAuxNum="", Credit="100,00")]  # fmt: skip
    path = write_fec(tmp_path / "f.txt", rows)
    plan = Plan("login", "Syndic", "syndic")
    said = Reglages(
        prefixes={"coproprietaire": "450"},
        constantes={"coproprietes.code": "0042", "coproprietes.nom": "Les Essais"},
    )
    files = {
        "fec": ("123456789FEC20261231.txt", path.read_bytes(), said),
        "contacts": (
            "contacts.csv",
            b"Compte;Nom;Mail\n00012;EXEMPLE;a@p.example\n99999;PERSONNE;x@p.example\n",
            Reglages(),
        ),
    }
    essai = run(plan, make(plan, files, tmp_path), tmp_path)
    assert not essai.refuse, essai.faits
    assert (essai.tables["comptes"], essai.tables["mouvements"], essai.tables["tiers"]) == (1, 1, 1)
    assert niveaux.reached(essai.tables)[0] == "N1"
    assert essai.lignes["comptes"][0]["copropriete_id"] == "0042"
    assert FEC_TITRES


def test_untitled_and_repeated_columns_are_told_apart(tmp_path: Path) -> None:
    plan = Plan("gpi", "Essai", "essai")
    content = b"Compte;Nom;;Nom;Solde\nL01;DUPONT;x;Jean;12,00\nL02;DURAND;y;Anne;3,00\n"
    found = make(plan, {"locataires": ("l.csv", content, Reglages())}, tmp_path)
    assert plan.fichiers[0].colonnes == ["Compte", "Nom", "(colonne 3 sans titre)", "Nom (2)", "Solde"]
    plan.fichiers[0].champs[3] = "tiers.nom"  # two columns for one field are joined
    essai = run(plan, found, tmp_path)
    assert [t["nom"] for t in essai.lignes["tiers"]] == ["DUPONT Jean", "DURAND Anne"]
    moved = tmp_path / "m.csv"
    moved.write_bytes(content.replace(b";;Nom;", b";;Prenom;"))
    changed = link("x", build(plan), [Piece("m.csv", moved)])
    assert not changed.complet
    assert "Nom (2)" in changed.ecarts[0].message


def test_a_title_that_cannot_be_a_reference_gets_another_name(tmp_path: Path) -> None:
    plan = Plan("gpi", "Essai", "essai")
    found = make(
        plan, {"locataires": ("l.csv", b"Compte;Nom;{Solde};$x\nL01;DUPONT;1,00;a\n", Reglages())}, tmp_path
    )
    assert "alias" in build_text(plan)
    assert not run(plan, found, tmp_path).refuse


def test_masks_keep_shapes_joins_and_sums() -> None:
    m = masques.Masques(["450-012", "DUPONT Jean", "1 234,50"])
    account = m.account("450-012")
    assert account[:4] == "450-"
    assert account != "450-012"
    assert m.account("450012").replace("-", "") == account.replace("-", "")
    a, b = m.cell("comptes.solde", "1 234,50"), m.cell("comptes.solde", "0,50")
    total = m.cell("comptes.solde", "1 235,00")

    def cents(text: str) -> int:
        return int(text.replace(" ", "").replace(",", ""))

    assert cents(a) + cents(b) == cents(total)
    assert " " in a
    assert "dupont" not in m.cell("tiers.nom", "DUPONT Jean").casefold()
    assert m.cell("tiers.telephone_mobile", "06 12 34 56 78").count(" ") == 4
    assert recognise([m.cell("comptes.iban_masque", "FR76 3000 6000 0112 3456 7890 189")])[0].genre == "iban"


def test_masks_never_give_an_original_back() -> None:
    rng = random.Random(7)
    codes = [f"{rng.randrange(10_000):04d}" for _n in range(300)]
    m = masques.Masques(codes)
    assert not {m.cell("lots.numero", c) for c in codes} & set(codes)
