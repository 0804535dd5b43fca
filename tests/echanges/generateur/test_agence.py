"""The invented agencies: determinism, sums to the cent, relations, and the population that the demo needs."""

import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from palier.echanges.generateur import AGENCES, ESSAI, generate_agence

from .conftest import REFERENCE, Essai
from .lecture import broken_relations, duplicates, read_tables, total

SANS_PDF = replace(ESSAI, pdf=False)


def test_same_seed_and_date_give_the_same_bytes(essai: Essai, tmp_path: Path) -> None:
    encore = generate_agence(ESSAI, 7, REFERENCE, tmp_path / "encore.zip")
    assert encore.path.read_bytes() == essai.resume.path.read_bytes()


def test_other_seed_gives_other_people(tmp_path: Path) -> None:
    un = generate_agence(SANS_PDF, 7, REFERENCE, tmp_path / "un.zip")
    deux = generate_agence(SANS_PDF, 8, REFERENCE, tmp_path / "deux.zip")
    assert un.path.read_bytes() != deux.path.read_bytes()


@pytest.mark.parametrize(
    "reference", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 5, 31), date(2026, 12, 31)]
)
def test_any_reference_date_gives_a_sound_dossier(reference: date, tmp_path: Path) -> None:
    tables = read_tables(generate_agence(SANS_PDF, 7, reference, tmp_path / "jour.zip").path)
    assert broken_relations(tables) == []
    assert duplicates(tables) == []
    assert [m for m in tables["mouvements"] if m["le"] > reference.isoformat()] == []
    assert_sums(tables)


def assert_sums(tables: dict[str, list[dict[str, str]]]) -> None:
    """Balances, due items and tantièmes, to the cent."""
    soldes = total(tables["mouvements"], "compte_id", "debit", "credit")
    assert {c["id"]: Decimal(c["solde"]) for c in tables["comptes"]} == {
        c["id"]: soldes.get(c["id"], Decimal(0)) for c in tables["comptes"]
    }
    lignes = total(tables["echeances_lignes"], "echeance_id", "montant")
    assert {e["id"]: Decimal(e["montant"]) for e in tables["echeances"]} == lignes
    assert {c["id"]: Decimal(c["base"]) for c in tables["cles"]} == total(
        tables["tantiemes"], "cle_id", "valeur"
    )


def test_sums_are_exact(essai: Essai) -> None:
    assert_sums(essai.tables)


def test_money_has_two_decimals(essai: Essai) -> None:
    colonnes = [
        ("comptes", "solde"),
        ("echeances", "montant"),
        ("mouvements", "debit"),
        ("mouvements", "credit"),
    ]
    for table, colonne in colonnes:
        assert {ligne[colonne][-3] for ligne in essai.tables[table]} == {"."}


def test_every_ledger_line_has_one_side(essai: Essai) -> None:
    cotes = {(Decimal(m["debit"]) > 0, Decimal(m["credit"]) > 0) for m in essai.tables["mouvements"]}
    assert cotes == {(True, False), (False, True)}


def test_lettrage_balances(essai: Essai) -> None:
    sommes: Counter[tuple[str, str]] = Counter()
    for m in essai.tables["mouvements"]:
        if m["lettrage"]:
            sommes[(m["compte_id"], m["lettrage"])] += int(
                Decimal(m["debit"]) * 100 - Decimal(m["credit"]) * 100
            )
    assert [cle for cle, somme in sommes.items() if somme] == []


def test_realised_budget_is_the_sum_of_the_invoices(essai: Essai) -> None:
    factures: Counter[tuple[str, str, str]] = Counter()
    for d in essai.tables["depenses"]:
        factures[(d["exercice_id"], d["cle_id"], d["compte_comptable"])] += int(
            Decimal(d["montant_ttc"]) * 100
        )
    budgets = {
        (b["exercice_id"], b["cle_id"], b["compte_comptable"]): int(Decimal(b["realise"]) * 100)
        for b in essai.tables["budgets"]
        if b["realise"]
    }
    assert budgets == dict(factures)


def test_relations_and_keys_hold(essai: Essai) -> None:
    assert broken_relations(essai.tables) == []
    assert duplicates(essai.tables) == []


def test_manifest_describes_the_files(essai: Essai) -> None:
    with zipfile.ZipFile(essai.resume.path) as archive:
        declaration = json.loads(archive.read("dossier.json"))
        for fichier in declaration["fichiers"]:
            contenu = archive.read(fichier["chemin"])
            assert hashlib.sha256(contenu).hexdigest() == fichier["sha256"]
            assert len(essai.tables[fichier["table"]]) == fichier["lignes"]
    assert declaration["agence"] == "agence-essai"
    assert declaration["arrete_au"] == "2026-11-23"
    assert {f["table"] for f in declaration["fichiers"]} == set(essai.tables)


def test_documents_are_pdfs_of_the_declared_size(essai: Essai) -> None:
    with zipfile.ZipFile(essai.resume.path) as archive:
        for document in essai.tables["documents"]:
            contenu = archive.read(document["fichier"])
            assert contenu[:5] == b"%PDF-"
            assert len(contenu) == int(document["octets"])
            assert hashlib.sha256(contenu).hexdigest() == document["sha256"]


def test_audience_never_exceeds_scope(essai: Essai) -> None:
    couples = {(d["portee"], d["audience"]) for d in essai.tables["documents"]}
    assert {a for p, a in couples if p == "compte"} == {"compte"}
    assert {a for p, a in couples if p in ("bail", "mandat", "lot")} <= {"compte", "interne"}
    assert {a for p, a in couples if p in ("copropriete", "immeuble", "assemblee")} == {
        "coproprietaires",
        "conseil_syndical",
        "interne",
    }


def test_one_file_serves_several_documents(essai: Essai) -> None:
    fichiers = Counter(d["fichier"] for d in essai.tables["documents"])
    assert max(fichiers.values()) == 2


def test_documents_are_spread_up_to_the_reference(essai: Essai) -> None:
    dates = [d["date_document"] for d in essai.tables["documents"]]
    assert max(dates) <= "2026-11-23"
    assert sum(jour >= "2026-10-24" for jour in dates) > 20
    assert min(dates) < "2025-01-01"


def test_no_document_without_pdf_in_the_profile(tmp_path: Path) -> None:
    resume = generate_agence(SANS_PDF, 7, REFERENCE, tmp_path / "sans.zip")
    assert "documents" not in resume.lignes
    assert resume.fichiers_pdf == 0


def test_forms_of_ownership_are_all_there(essai: Essai) -> None:
    qualites = {t["qualite"] for t in essai.tables["comptes_tiers"]}
    assert qualites >= {
        "titulaire",
        "cotitulaire",
        "indivisaire",
        "usufruitier",
        "nu_proprietaire",
        "representant",
    }
    assert {t["nature"] for t in essai.tables["tiers"]} == {"PP", "PM"}


def test_past_people_are_dated(essai: Essai) -> None:
    assert [d for d in essai.tables["detentions"] if d["fin"]] != []
    assert [b for b in essai.tables["baux"] if b["sortie_le"]] != []
    assert [t for t in essai.tables["comptes_tiers"] if t["fin"]] != []
    termes = [c for c in essai.tables["conseil_syndical"] if c["fin"] < "2026-11-23"]
    assert len(termes) == len(ESSAI.coproprietes)


def test_every_lot_has_one_holder_each_day(essai: Essai) -> None:
    ouvertes = Counter(d["lot_id"] for d in essai.tables["detentions"] if not d["fin"])
    assert set(ouvertes.values()) == {1}
    assert set(ouvertes) == {lot["id"] for lot in essai.tables["lots"] if lot["copropriete_id"]}


def test_invitations_follow_the_emails(essai: Essai) -> None:
    joignables = {t["id"] for t in essai.tables["tiers"] if t["email"]}
    holders = {
        t["compte_id"]
        for t in essai.tables["comptes_tiers"]
        if t["acces"] == "true" and t["tiers_id"] in joignables
    }
    invites = {a["compte_id"] for a in essai.tables["acces"] if a["invitation"] == "email"}
    assert invites <= holders
    assert {a["invitation"] for a in essai.tables["acces"]} >= {"email", "courrier"}


def test_key_persons_exist_with_their_comptes(essai: Essai) -> None:
    tiers = {t["id"]: t for t in essai.tables["tiers"]}
    liens = {(t["compte_id"], t["tiers_id"]) for t in essai.tables["comptes_tiers"]}
    for role in ESSAI.roles:
        personne = essai.resume.personnes[role.capacite]
        assert (tiers[personne.tiers_id]["nom"], personne.email.endswith(".example")) == (role.nom, True)
        assert [c for c in personne.comptes if (c, personne.tiers_id) not in liens] == []
    assert len(essai.resume.personnes["coproprietaire_locataire"].comptes) == 2
    assert len(essai.resume.personnes["coproprietaire_bailleur"].comptes) == 2


def test_demo_profiles_have_the_announced_sizes() -> None:
    tilleuls, gerance, syndic = AGENCES
    assert [c.lots for c in tilleuls.coproprietes] == [12, 48, 180]
    assert (tilleuls.baux, tilleuls.mandats) == (60, 35)
    assert (len(gerance.coproprietes), len(syndic.coproprietes), syndic.baux) == (0, 2, 0)


def test_one_person_is_known_to_two_agencies(tmp_path: Path) -> None:
    personnes = [
        generate_agence(replace(p, pdf=False), 7, REFERENCE, tmp_path / f"{p.slug}.zip").personnes[
            "deux_agences"
        ]
        for p in AGENCES[:2]
    ]
    assert personnes[0].email == personnes[1].email
    assert (personnes[0].prenom, personnes[0].nom) == (personnes[1].prenom, personnes[1].nom)


def test_large_agency_has_debtors_creditors_and_settled_accounts(tmp_path: Path) -> None:
    tables = read_tables(
        generate_agence(replace(AGENCES[0], pdf=False), 7, REFERENCE, tmp_path / "t.zip").path
    )
    signes = Counter(Decimal(c["solde"]).compare(Decimal(0)) for c in tables["comptes"])
    assert min(signes[Decimal(n)] for n in (-1, 0, 1)) > 5
    assert len(tables["mandats"]) == 35
    assert len({b["id"] for b in tables["baux"]}) >= 60
    assert len([t for t in tables["tiers"] if not t["email"]]) > 10
