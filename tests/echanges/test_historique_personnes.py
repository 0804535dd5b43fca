"""Taking back one unit: the persons that only it knows come back with it, those that others use stay, and it is said."""

from pathlib import Path
from typing import Any

import pytest

from palier.core.actor import Actor
from palier.echanges.enums import EtatImport
from palier.echanges.historique.annulation import cancel_import, preview_cancel
from palier.echanges.historique.lignes import row_history
from palier.echanges.models import Import
from palier.patrimoine.models import Gestionnaire, Tiers
from tests.echanges.fabrique import make_dossier, sound_tables
from tests.echanges.test_historique import online, staff, unit
from tests.echanges.test_import import Tables, actor, load, rows

__all__ = ["actor"]


def tables() -> Tables:
    """C1 has a gestionnaire of its own, C2 and M1 share one; T2 is of C2 and of the lease of M1; T1 is C1's alone."""
    found: Tables = sound_tables()
    found["gestionnaires"] = [{"id": "G1", "nom": "PREMIER"}, {"id": "G2", "nom": "SECOND"}]
    found["coproprietes"][0]["gestionnaire_id"] = "G1"
    found["coproprietes"][1]["gestionnaire_id"] = "G2"
    found["mandats"][0]["gestionnaire_id"] = "G2"
    return found


def sent(actor: Actor, path: Path, change: Any = None) -> Import:
    given = tables()
    if change:
        change(given)
    done = load(actor, make_dossier(path, given), confirmed=True)
    assert done.etat == EtatImport.APPLIQUE, done.message
    return done


def every_name(given: Tables) -> None:
    """Change every person and gestionnaire, and something in C1, in C2 and in M1."""
    for row in [*given["tiers"], *given["gestionnaires"]]:
        row["nom"] = f"{row['nom']} BIS"
    for row in given["comptes"]:
        row["intitule"] = "Autre"


def names(actor: Actor) -> dict[str, str]:
    return {
        reference: row.nom for model in (Tiers, Gestionnaire) for reference, row in rows(actor, model).items()
    }


def test_persons_of_one_unit_only_come_back_with_it_and_the_shared_ones_stay(
    actor: Actor, tmp_path: Path
) -> None:
    sent(actor, tmp_path / "a.zip")
    done = sent(actor, tmp_path / "b.zip", every_name)
    c1 = unit(actor, "A1")
    preview = preview_cancel(actor, done.id, (c1,))
    # A1, T1 and G1 come back; T2, T3 and G2 stay.
    assert (preview.total, preview.restent) == (3, 3)
    made = cancel_import(actor, done.id, (c1,))
    assert (made.bilan["retablies"], made.bilan["restent"]) == (3, 3)
    assert names(actor) == {
        "T1": "EXEMPLE", "T2": "MODELE BIS", "T3": "SCI DES ESSAIS BIS", "G1": "PREMIER", "G2": "SECOND BIS",
    }  # fmt: skip


def test_persons_shared_by_two_units_come_back_with_the_last_of_them(actor: Actor, tmp_path: Path) -> None:
    sent(actor, tmp_path / "a.zip")
    before = online(actor)
    done = sent(actor, tmp_path / "b.zip", every_name)
    c1, c2, m1 = (unit(actor, compte) for compte in ("A1", "A2", "B1"))
    cancel_import(actor, done.id, (c1,))
    cancel_import(actor, done.id, (c2,))
    assert names(actor)["T2"] == "MODELE BIS"
    last = preview_cancel(actor, done.id, (m1,))
    assert last.restent == 0
    cancel_import(actor, done.id, (m1,))
    assert online(actor) == before
    # Nothing of the import is left, though the agence's rows were never named.
    assert Import.objects.visible_to(actor).get(id=done.id).etat == EtatImport.ANNULE


def test_person_of_no_unit_stays(actor: Actor, tmp_path: Path) -> None:
    def lonely(given: Tables) -> None:
        every_name(given)
        given["tiers"].append({"id": "T9", "nature": "PP", "nom": "SEULE"})

    sent(actor, tmp_path / "a.zip")
    done = sent(actor, tmp_path / "b.zip", lonely)
    cancel_import(actor, done.id, (unit(actor, "A1"),))
    assert names(actor)["T9"] == "SEULE"


def test_person_that_another_import_changed_since_stays(actor: Actor, tmp_path: Path) -> None:
    """The later one speaks for C2 only, and names the person of C1 anew: hers is the last word."""
    sent(actor, tmp_path / "a.zip")
    done = sent(actor, tmp_path / "b.zip", every_name)

    given = tables()
    every_name(given)
    given["tiers"][0]["nom"] = "DEPUIS"
    only = {name: given[name] for name in ("tiers",)}
    perimeter = {"tables": ["tiers"], "unites": ["copropriete:C2"]}
    later = load(actor, make_dossier(tmp_path / "c.zip", only, perimetre=perimeter), confirmed=True)
    assert later.etat == EtatImport.APPLIQUE, later.message
    assert names(actor)["T1"] == "DEPUIS"
    c1 = unit(actor, "A1")
    preview = preview_cancel(actor, done.id, (c1,))
    assert preview.refus == ""
    cancel_import(actor, done.id, (c1,))
    assert names(actor)["T1"] == "DEPUIS"
    assert names(actor)["G1"] == "PREMIER"


def test_person_gone_with_her_unit_comes_back_with_it(actor: Actor, tmp_path: Path) -> None:
    def gone(given: Tables) -> None:
        given["tiers"].pop(0)
        given["comptes_tiers"].pop(0)

    sent(actor, tmp_path / "a.zip")
    before = online(actor)
    done = sent(actor, tmp_path / "b.zip", gone)
    assert "T1" not in names(actor)
    cancel_import(actor, done.id, (unit(actor, "A1"),))
    assert online(actor) == before


def test_history_says_that_an_added_person_was_taken_back(actor: Actor, tmp_path: Path) -> None:
    def added(given: Tables) -> None:
        given["tiers"].append({"id": "T4", "nature": "PP", "nom": "NOUVEAU"})
        given["comptes_tiers"].append({"compte_id": "A1", "tiers_id": "T4", "qualite": "titulaire"})
        given["tiers"].pop(2)
        given["comptes_tiers"].pop(2)

    sent(actor, tmp_path / "a.zip")
    ids = {name: row.id for name, row in rows(actor, Tiers).items()}
    done = sent(actor, tmp_path / "b.zip", added)
    new = rows(actor, Tiers)["T4"].id
    cancel_import(actor, done.id, (unit(actor, "A1"),))
    reader = staff(actor)
    assert [(s.archivee, s.annule_le is not None) for s in row_history(reader, "tiers", new)] == [
        (True, True)
    ]
    # T3 went with its mandate, which nobody took back: gone, and not taken back.
    assert "T3" not in rows(actor, Tiers)
    last = row_history(reader, "tiers", ids["T3"])[-1]
    assert (last.archivee, last.annule_le) == (True, None)


@pytest.mark.parametrize("table", ["tiers", "gestionnaires"])
def test_every_table_that_units_share_is_known(table: str) -> None:
    """A new relation of the format to a shared table must be counted among its uses."""
    from palier.echanges.chargement.tables import CIBLES
    from palier.echanges.historique.calcul import PARTAGEES
    from palier.echanges.schemas import schemas

    uses = {
        (name, r.colonne) for name, schema in schemas().items() if name in CIBLES
        for r in schema.relations if r.cible == table
    }  # fmt: skip
    assert uses == set(PARTAGEES[table])
