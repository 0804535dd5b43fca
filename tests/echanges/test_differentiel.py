"""Deltas: only what changed is sent, and what is on line is what a snapshot would have said."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palier.comptabilite.models import Mouvement
from palier.core.actor import Actor
from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import, Source
from palier.ged.models import Document
from palier.patrimoine.models import CompteClient, Tiers
from tests.echanges.differences import changes, differences, make_delta, on_line, rights
from tests.echanges.fabrique import PDF, document, make_dossier, sound_tables
from tests.echanges.test_import import actor, load, rows  # noqa: F401  (a fixture)

Tables = dict[str, list[dict[str, Any]]]


def whole() -> Tables:
    """The sound tables, with everything of level N3."""
    tables: Tables = sound_tables()
    tables["documents"].append(document(id="D2", portee="lot", portee_id="L1", date_document="2026-05-01"))
    tables["exercices"] = [
        {
            "id": "X26",
            "copropriete_id": "C1",
            "libelle": "2026",
            "debut": "2026-01-01",
            "fin": "2026-12-31",
            "statut": "ouvert",
        }
    ]
    tables["budgets"] = [
        {
            "exercice_id": "X26",
            "cle_id": "K1",
            "compte_comptable": "615",
            "libelle": "Entretien",
            "vote": "100.00",
        }
    ]
    tables["depenses"] = [
        {
            "id": "DEP1",
            "exercice_id": "X26",
            "le": "2026-02-01",
            "compte_comptable": "615",
            "cle_id": "K1",
            "libelle": "Réparation",
            "montant_ttc": "40.00",
        }
    ]
    tables["assemblees"] = [
        {
            "id": "AG1",
            "copropriete_id": "C1",
            "type": "ordinaire",
            "le": "2026-05-20T18:30:00",
            "statut": "tenue",
        }
    ]
    tables["resolutions"] = [
        {"assemblee_id": "AG1", "numero": "1", "titre": "Comptes", "resultat": "adoptee"}
    ]
    tables["contrats"] = [{"id": "CT1", "copropriete_id": "C1", "type": "assurance"}]
    return tables  # fmt: skip


def snapshot(actor: Actor, tmp_path: Path, tables: Tables, sequence: int = 10, **values: Any) -> Import:
    path = make_dossier(tmp_path / f"s{sequence}.zip", tables, sequence=sequence, **values)
    return load(actor, path, confirmed=True)


def send(actor: Actor, tmp_path: Path, tables: Tables, precedent: int = 10, **values: Any) -> Import:
    return load(actor, make_delta(tmp_path / f"d{precedent}.zip", tables, precedent, **values))


def codes(actor: Actor, done: Import) -> set[str]:
    return set(Anomalie.objects.visible_to(actor).filter(import_id=done.id).values_list("code", flat=True))


def edit(table: str, row: int, **values: Any) -> Callable[[Tables], None]:
    return lambda t: t[table][row].update(values)


def add(table: str, **values: Any) -> Callable[[Tables], None]:
    return lambda t: t.setdefault(table, []).append(values)


def drop(table: str, row: int) -> Callable[[Tables], None]:
    def change(t: Tables) -> None:
        del t[table][row]

    return change


def moved(tables: Tables) -> None:
    """The lease goes to another mandate: its account and all its lines change unit."""
    tables["comptes"].append({"id": "B2", "role": "bailleur", "numero": "B2", "intitule": "B2"})
    tables["mandats"].append({"id": "M2", "numero": "2", "compte_id": "B2"})
    tables["baux"][0]["mandat_id"] = "M2"


def paid(tables: Tables) -> None:
    tables["mouvements"].append(
        {
            "id": "MV3",
            "compte_id": "A1",
            "le": "2026-11-20",
            "libelle": "Virement",
            "debit": "0.00",
            "credit": "52.30",
        }
    )
    tables["comptes"][0]["solde"] = "100.00"


def sold(tables: Tables) -> None:
    """The lot changes hands before the document's date: the document changes reader."""
    tables["comptes"].append(
        {"id": "A3", "role": "coproprietaire", "numero": "A3", "intitule": "A3", "copropriete_id": "C1"}
    )
    tables["comptes_tiers"].append({"compte_id": "A3", "tiers_id": "T2", "qualite": "titulaire"})
    tables["detentions"][0]["fin"] = "2026-01-31"
    tables["detentions"].append({"lot_id": "L1", "compte_id": "A3", "debut": "2026-02-01"})


def given_back(tables: Tables) -> None:
    """Nobody holds the lot any more: its document goes too."""
    del tables["detentions"][0]
    del tables["documents"][1]


@pytest.mark.parametrize(
    "change",
    [
        edit("tiers", 0, nom="AUTRE"),
        paid,
        sold,
        moved,
        edit("coproprietes", 0, nom="Nouveau nom"),
        edit("immeubles", 1, copropriete_id="C1"),
        edit("echeances", 0, emise_le="2026-10-01"),
        edit("documents", 0, titre="Autre titre"),
        edit("budgets", 0, vote="120.00"),
        edit("assemblees", 0, lieu="Mairie"),
        edit("contrats", 0, fournisseur="Mutuelle"),
        drop("depenses", 0),
        drop("resolutions", 0),
        drop("documents", 0),
        given_back,
        drop("baux_lots", 0),
        # Attached to an account that the delta does not carry: it goes where that one stands.
        add("comptes", id="R2", role="locataire", numero="R2", intitule="R2", compte_principal_id="R1"),
        add("comptes_tiers", compte_id="A2", tiers_id="T1", qualite="cotitulaire"),
        add("conseil_syndical", copropriete_id="C1", tiers_id="T1", fonction="president", debut="2026-01-01"),
    ],
)
def test_a_delta_says_what_a_snapshot_would(
    actor: Actor,
    tmp_path: Path,
    change: Callable[[Tables], None],
) -> None:
    before, after = whole(), whole()
    change(after)
    assert snapshot(actor, tmp_path, before).etat == EtatImport.APPLIQUE
    delta = changes(before, after)
    done = send(actor, tmp_path, delta, documents={"documents/d1.pdf": PDF} if "documents" in delta else {})
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, set())
    by_delta, by_delta_rights = on_line(actor), rights(actor)
    again = snapshot(actor, tmp_path, after, 20)
    assert again.etat == EtatImport.APPLIQUE
    assert differences(by_delta, on_line(actor)) == {}
    assert by_delta_rights == rights(actor)
    assert sum(done.bilan[n] for n in ("ajoutes", "modifies", "archives")) >= 1


def test_absent_rows_stay_and_named_ones_go(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    done = send(
        actor,
        tmp_path,
        {
            "tiers": [{"id": "T9", "nature": "PP", "nom": "NEUF"}],
            "suppressions": [{"table": "documents", "id": "D1"}, {"table": "tiers", "id": "INCONNU"}],
        },
    )
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, {"suppression_inconnue"})
    assert (done.bilan["ajoutes"], done.bilan["archives"]) == (1, 1)
    assert set(rows(actor, Tiers)) == {"T1", "T2", "T3", "T9"}
    assert set(rows(actor, Document)) == {"D2"}


def test_a_broken_sequence_asks_for_a_snapshot(actor: Actor, tmp_path: Path) -> None:
    neuf = {"tiers": [{"id": "T9", "nature": "PP", "nom": "NEUF"}]}
    first = send(actor, tmp_path, neuf)
    assert (first.etat, codes(actor, first)) == (EtatImport.REFUSE, {"sequence_rompue"})
    snapshot(actor, tmp_path, whole())
    late = send(actor, tmp_path, neuf, precedent=12)
    assert (late.etat, codes(actor, late)) == (EtatImport.REFUSE, {"sequence_rompue"})
    assert "envoyez un dossier complet" in late.message
    assert "T9" not in rows(actor, Tiers)
    assert send(actor, tmp_path, neuf).etat == EtatImport.APPLIQUE
    assert Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai").sequence == 11


def test_the_same_delta_sent_again_is_on_line_already(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    neuf = {"tiers": [{"id": "T9", "nature": "PP", "nom": "NEUF"}]}
    assert send(actor, tmp_path, neuf).etat == EtatImport.APPLIQUE
    assert send(actor, tmp_path, {"tiers": [{"id": "T8", "nature": "PP", "nom": "X"}]}, 11).etat == "applique"
    assert send(actor, tmp_path, neuf).etat == EtatImport.DEJA_APPLIQUE
    assert Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai").sequence == 12


def test_a_late_snapshot_waits_and_a_repeated_number_is_said(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    other = whole()
    other["tiers"][0]["nom"] = "ANCIEN"
    late = load(actor, make_dossier(tmp_path / "late.zip", other, sequence=9))
    assert late.etat == EtatImport.A_CONFIRMER
    assert "n° 9" in late.message
    same = load(actor, make_dossier(tmp_path / "same.zip", other, sequence=10))
    assert (same.etat, codes(actor, same)) == (EtatImport.APPLIQUE, {"sequence_repetee"})


@pytest.mark.parametrize(
    ("delta", "code"),
    [
        ({"mouvements": [{"id": "N1", "compte_id": "A1", "le": "2026-11-20", "libelle": "x", "debit": "1.00",
                          "credit": "0.00"}]}, "total_solde"),
        ({"tantiemes": [{"cle_id": "K1", "lot_id": "L1", "valeur": "999"}]}, "total_tantiemes"),
        ({"echeances_lignes": [{"echeance_id": "E1", "rang": "2", "nature": "travaux", "libelle": "x",
                                "montant": "1.00"}]}, "total_echeance"),
        ({"suppressions": [{"table": "mouvements", "id": "MV1"}]}, "total_solde_partiel"),
        ({"suppressions": [{"table": "tantiemes", "id": "K1|L1"}]}, "total_tantiemes"),
        ({"suppressions": [{"table": "comptes", "id": "A1"}]}, "suppression_citee"),
        ({"detentions": [{"lot_id": "L2", "compte_id": "A1", "debut": "2026-01-01"}]}, "copropriete_incoherente"),
        ({"detentions": [{"lot_id": "L2", "compte_id": "R1", "debut": "2026-01-01"}]}, "role_incoherent"),
        ({"comptes": [{"id": "A9", "role": "coproprietaire", "numero": "9", "intitule": "9", "copropriete_id": "C9"}]},
         "reference_inconnue"),
        ({"tiers": [{"id": "T9", "nature": "PP", "nom": "X", "email": "alice@personne.example"}]}, "email_partage"),
        ({"documents": [document(id="D9", portee="lot", portee_id="L2")]}, "lot_sans_titulaire"),
    ],
)  # fmt: skip
def test_the_checks_judge_what_results(
    actor: Actor,
    tmp_path: Path,
    delta: Tables,
    code: str,
) -> None:
    snapshot(actor, tmp_path, whole())
    before = on_line(actor)
    done = send(actor, tmp_path, delta, documents={"documents/d1.pdf": PDF} if "documents" in delta else {})
    assert code in codes(actor, done)
    if code in {"total_solde", "total_tantiemes", "total_echeance", "suppression_citee"}:
        assert differences(before, on_line(actor)) == {}


def test_a_unit_that_missed_a_delta_waits_for_a_snapshot(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    bad = {"mouvements": [dict(sound_tables()["mouvements"][0], debit="1.00")],
           "comptes": [dict(sound_tables()["comptes"][1], intitule="NOUVEAU A2")]}  # fmt: skip
    assert send(actor, tmp_path, bad).bilan["unites_retenues"] == {"copropriete:C1": 1}
    assert rows(actor, CompteClient)["A2"].intitule == "NOUVEAU A2"
    next_one = send(
        actor, tmp_path, {"comptes": [dict(sound_tables()["comptes"][0], intitule="NOUVEAU A1")]}, 11
    )
    assert "unite_a_renvoyer" in codes(actor, next_one)
    assert rows(actor, CompteClient)["A1"].intitule == "A1"
    assert snapshot(actor, tmp_path, whole(), 13).etat == EtatImport.APPLIQUE
    last = send(actor, tmp_path, {"comptes": [dict(sound_tables()["comptes"][0], intitule="NOUVEAU A1")]}, 13)
    assert (last.etat, rows(actor, CompteClient)["A1"].intitule) == (EtatImport.APPLIQUE, "NOUVEAU A1")


def test_all_or_nothing_holds_in_a_delta(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    before = on_line(actor)
    delta = {
        "tiers": [{"id": "T9", "nature": "PP", "nom": "NEUF"}],
        "tantiemes": [{"cle_id": "K1", "lot_id": "L1", "valeur": "999"}],
    }
    done = send(actor, tmp_path, delta, politique="tout_ou_rien")
    assert done.etat == EtatImport.REFUSE
    assert differences(before, on_line(actor)) == {}


def test_units_outside_the_perimeter_of_a_delta_are_refused(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    delta = {"comptes": [dict(sound_tables()["comptes"][1], intitule="NOUVEAU A2")]}
    done = send(actor, tmp_path, delta, perimetre={"unites": ["copropriete:C1"]})
    assert "unite_hors_perimetre" in codes(actor, done)
    assert rows(actor, CompteClient)["A2"].intitule == "A2"


def test_many_suppressions_wait_for_a_decision(actor: Actor, tmp_path: Path) -> None:
    tables = whole()
    tables["tiers"] += [{"id": f"P{i}", "nature": "PP", "nom": "N"} for i in range(40)]
    snapshot(actor, tmp_path, tables)
    gone = {"suppressions": [{"table": "tiers", "id": f"P{i}"} for i in range(40)]}
    done = send(actor, tmp_path, gone)
    assert (done.etat, "40" in done.message) == (EtatImport.A_CONFIRMER, True)
    assert len(rows(actor, Tiers)) == 43


def test_a_snapshot_after_a_delta_compares_every_table(actor: Actor, tmp_path: Path) -> None:
    """The same files as before the delta are not « unchanged »: the delta came between."""
    snapshot(actor, tmp_path, whole())
    send(actor, tmp_path, {"tiers": [dict(whole()["tiers"][0], nom="PAR DELTA")]})
    back = copy.deepcopy(whole())
    back["coproprietes"][0]["nom"] = "Autre"
    snapshot(actor, tmp_path, back, 20)
    assert rows(actor, Tiers)["T1"].nom == "EXEMPLE"


def test_a_delta_without_a_structural_change_leaves_the_droits(
    actor: Actor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from palier.echanges.chargement import appliquer

    snapshot(actor, tmp_path, whole())
    monkeypatch.setattr(appliquer, "recompute", None)
    before, after = whole(), whole()
    paid(after)
    assert send(actor, tmp_path, changes(before, after)).etat == EtatImport.APPLIQUE
    assert set(rows(actor, Mouvement)) == {"MV1", "MV2", "MV3"}


def _with_acces(tables: Tables) -> Tables:
    tables["acces"] = [
        {"compte_id": "A1", "identifiant_provisoire": "7H2K", "invitation": "email"},
        {"compte_id": "A2", "invitation": "courrier"},
    ]
    return tables


def _new_account() -> Tables:
    return {
        "comptes": [
            {"id": name, "role": "coproprietaire", "numero": name, "intitule": name, "copropriete_id": "C1"}
            for name in ("A8", "A9")
        ]
    }


@pytest.mark.parametrize(
    ("given", "more", "expected"),
    [
        (False, [], {"A8": "courrier", "A9": "courrier"}),
        (True, [], {"A8": "aucune", "A9": "aucune"}),
        (False, [{"compte_id": "A8", "invitation": "email"}], {"A8": "email", "A9": "aucune"}),
        (True, [{"compte_id": "A8", "invitation": "courrier"}], {"A8": "courrier", "A9": "aucune"}),
    ],
)
def test_new_account_of_a_delta_is_invited_only_when_its_source_asks_it(
    actor: Actor,
    tmp_path: Path,
    given: bool,
    more: list[dict[str, Any]],
    expected: dict[str, str],
) -> None:
    """`acces` lists whom the agence invites: once it is given, who is not in it is not invited."""
    first = _with_acces(sound_tables()) if given else sound_tables()
    load(actor, make_dossier(tmp_path / "a.zip", first, sequence=1))
    tables = _new_account() | ({"acces": more} if more else {})
    done = load(actor, make_delta(tmp_path / "b.zip", tables, 1))
    assert done.etat == EtatImport.APPLIQUE, done.message
    found = rows(actor, CompteClient)
    assert {name: found[name].invitation for name in expected} == expected
    if given:
        assert (found["A1"].invitation, found["A2"].invitation, found["B1"].invitation) == (
            "email", "courrier", "aucune",
        )  # fmt: skip
