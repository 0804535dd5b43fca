"""Relations, units and business checks: what is refused, and what it drags with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from palier.echanges.controle import KnownIds, check_dossier
from tests.echanges.fabrique import document, make_dossier, sound_tables
from tests.echanges.test_conteneur import TODAY, check
from tests.echanges.test_tables import places

Tables = dict[str, list[dict[str, object]]]
Change = Callable[[Tables], object]


def changed(change: Change) -> Tables:
    tables = sound_tables()
    change(tables)
    return tables


def edit(table: str, row: int, **values: object) -> Change:
    return lambda tables: tables[table][row].update(values)


def append(table: str, **values: object) -> Change:
    return lambda tables: tables.setdefault(table, []).append(values)


@pytest.mark.parametrize(
    ("change", "place", "held"),
    [
        (edit("detentions", 0, lot_id="L9"), ("reference_inconnue", 2, "lot_id"), {"copropriete:C1"}),
        (edit("comptes_tiers", 1, tiers_id="T9"), ("reference_inconnue", 3, "tiers_id"), {"copropriete:C2"}),
        (edit("mouvements", 0, echeance_id="E9"), ("lien_ignore", 2, "echeance_id"), set()),
        (edit("detentions", 0, fin="2019-01-01"), ("fin_avant_debut", 2, "fin"), {"copropriete:C1"}),
        (edit("cles", 0, base="999"), ("total_tantiemes", 2, "base"), {"copropriete:C1"}),
        (edit("echeances", 0, montant="1.00"), ("total_echeance", 2, "montant"), {"copropriete:C1"}),
        (edit("comptes", 0, solde="1.00"), ("total_solde", 2, "solde"), {"copropriete:C1"}),
        (edit("comptes", 2, solde="1.00"), ("total_solde_partiel", 4, "solde"), set()),
        (edit("comptes", 0, copropriete_id=""), ("copropriete_requise", 2, "copropriete_id"), {"copropriete:C1"}),
        (edit("mandats", 0, compte_id="R1"), ("role_incoherent", 2, "compte_id"), {"mandat:M1"}),
        (edit("coproprietes", 1, immatriculation_rnc="42"), ("motif", 3, "immatriculation_rnc"), {"copropriete:C2"}),
        (append("detentions", lot_id="L2", compte_id="A1", debut="2020-01-01"),
         ("copropriete_incoherente", 3, "lot_id"), {"copropriete:C1"}),
        (edit("tiers", 1, email="ALICE@personne.example"), ("email_partage", 2, "email"), set()),
        (edit("documents", 0, audience="coproprietaires"), ("audience_trop_large", 2, "audience"), set()),
        (edit("documents", 0, portee="bail", portee_id="X1", audience="conseil_syndical"),
         ("audience_trop_large", 2, "audience"), set()),
        (edit("documents", 0, portee="lot", portee_id="L9"), ("portee_inconnue", 2, "portee_id"), set()),
        (append("mouvements", id="MV9", compte_id="Z9", le="2026-01-01", libelle="x", debit="1.00", credit="0.00"),
         ("reference_inconnue", 4, "compte_id"), set()),
    ],
)  # fmt: skip
def test_fault_is_found_and_holds_its_unit(
    tmp_path: Path, change: Change, place: tuple[str, int, str], held: set[str]
) -> None:
    with check(make_dossier(tmp_path / "a.zip", changed(change))) as controle:
        assert place in places(list(controle.anomalies))
        if place[0] != "copropriete_requise":
            assert set(controle.tenues) == held
        assert not controle.refuse


def test_household_may_share_an_email(tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        tables["tiers"][1]["email"] = "alice@personne.example"
        tables["comptes_tiers"].append({"compte_id": "A1", "tiers_id": "T2", "qualite": "cotitulaire"})

    with check(make_dossier(tmp_path / "a.zip", changed(change))) as controle:
        assert list(controle.anomalies) == []


def test_successive_holdings_are_two_lines(tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        tables["comptes_tiers"][0]["fin"] = "2020-01-01"
        tables["comptes_tiers"].append(
            {"compte_id": "A1", "tiers_id": "T1", "qualite": "titulaire", "debut": "2022-01-01"}
        )

    with check(make_dossier(tmp_path / "a.zip", changed(change))) as controle:
        assert list(controle.anomalies) == []


def test_dropped_person_holds_the_units_that_need_him(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", changed(edit("tiers", 1, nature="?")))
    with check(path) as controle:
        assert set(controle.tenues) == {"copropriete:C2", "mandat:M1"}
        assert controle.con.execute("SELECT id FROM t_tiers ORDER BY id").fetchall() == [("T1",), ("T3",)]
        assert controle.con.execute("SELECT id FROM t_comptes").fetchall() == [("A1",)]
        assert controle.comptes["comptes", "copropriete:C2"].retenues == 1


def test_held_unit_drags_what_points_into_it_until_it_is_stored(tmp_path: Path) -> None:
    """M1 manages a lot of C1: it waits with C1 on a first import, not once the lot is on line."""
    tables = changed(edit("mouvements", 0, debit="x"))
    tables["mandats_lots"][0]["lot_id"] = "L1"
    path = make_dossier(tmp_path / "a.zip", tables)
    with check(path) as controle:
        assert set(controle.tenues) == {"copropriete:C1", "mandat:M1"}
    known = tmp_path / "connus.csv"
    known.write_text("nom;id;unite\nlots;L1;copropriete:C1\n", encoding="utf-8")
    with check_dossier(path, "essai", tmp_path, KnownIds(known), today=TODAY) as controle:
        assert set(controle.tenues) == {"copropriete:C1"}


def test_stored_rows_outside_the_perimeter_may_be_named(tmp_path: Path) -> None:
    tables = {"mouvements": sound_tables()["mouvements"]}
    path = make_dossier(tmp_path / "a.zip", tables, documents={})
    known = tmp_path / "connus.csv"
    known.write_text("nom;id;unite\ncomptes;A1;copropriete:C1\n", encoding="utf-8")
    with check_dossier(path, "essai", tmp_path, KnownIds(known), today=TODAY) as controle:
        assert places(list(controle.anomalies)) == {("reference_inconnue", 3, "compte_id")}
        rows = controle.con.execute("SELECT id, _unite FROM t_mouvements").fetchall()
        assert rows == [("MV1", "copropriete:C1")]
    with check(path) as controle:
        assert places(list(controle.anomalies)) == {("relation_non_verifiee", None, "compte_id")}


def test_archived_row_inside_the_perimeter_may_not_be_named(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", changed(edit("detentions", 0, lot_id="L9")))
    known = tmp_path / "connus.csv"
    known.write_text("nom;id;unite\nlots;L9;copropriete:C1\n", encoding="utf-8")
    with check_dossier(path, "essai", tmp_path, KnownIds(known), today=TODAY) as controle:
        assert ("reference_inconnue", 2, "lot_id") in places(list(controle.anomalies))


def test_units_outside_the_perimeter_are_refused(tmp_path: Path) -> None:
    path = make_dossier(
        tmp_path / "a.zip", perimetre={"unites": ["copropriete:C1", "mandat:M1", "mandat:M9"]}
    )
    with check(path) as controle:
        assert {a.code for a in controle.anomalies} >= {"unite_hors_perimetre", "unite_perimetre_inconnue"}
        assert set(controle.tenues) == {"copropriete:C2"}
        assert controle.con.execute("SELECT id FROM t_comptes ORDER BY id").fetchall() == [
            ("A1",),
            ("B1",),
            ("R1",),
        ]


def test_unreadable_line_finds_its_unit(tmp_path: Path) -> None:
    tables = sound_tables()
    tables["mouvements"][1]["libelle"] = "deux;colonnes"
    with check(make_dossier(tmp_path / "a.zip", tables)) as controle:
        assert ("ligne_colonnes", 3, "") in places(list(controle.anomalies))
        assert set(controle.tenues) == {"copropriete:C2"}


def test_units_follow_the_account(tmp_path: Path) -> None:
    tables = sound_tables()
    tables["comptes"].append(
        {"id": "B2", "role": "bailleur", "numero": "B2", "intitule": "annexe", "compte_principal_id": "B1"}
    )
    tables["documents"] = [document(portee="bail", portee_id="X1")]
    tables["acces"] = [{"compte_id": "R1", "invitation": "courrier"}]
    with check(make_dossier(tmp_path / "a.zip", tables)) as controle:
        units = dict(controle.con.execute("SELECT id, _unite FROM t_comptes").fetchall())
        assert units == {
            "A1": "copropriete:C1", "A2": "copropriete:C2", "B1": "mandat:M1", "R1": "mandat:M1", "B2": "mandat:M1",
        }  # fmt: skip
        assert controle.con.execute("SELECT _unite FROM t_documents").fetchall() == [("mandat:M1",)]
        assert controle.con.execute("SELECT _unite FROM t_acces").fetchall() == [("mandat:M1",)]
        assert controle.con.execute("SELECT DISTINCT _unite FROM t_tiers").fetchall() == [("agence",)]


def test_partial_history_only_warns(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", changed(edit("comptes", 0, solde="1.00")), historique="partiel")
    with check(path) as controle:
        assert {a.code for a in controle.anomalies} == {"total_solde_partiel"}
        assert controle.tenues == {}
