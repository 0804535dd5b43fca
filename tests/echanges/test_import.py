"""What an import writes: rows, ids, cercles, droits; what it leaves alone; what makes it wait."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from palier.acces.models import Droit
from palier.agences.cles import agence_key
from palier.core import vault
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.ids import keyed_id
from palier.core.tenancy import acting_as, open_actor
from palier.echanges.actions import abandon_import, confirm_import, create_import, receive_import
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.models import Anomalie, Import, Source
from palier.echanges.surveillance.rendu import report_csv, report_json
from palier.ged.models import Document, Fichier
from palier.patrimoine.models import CompteClient, Copropriete, Tiers
from tests.echanges.fabrique import AGENCE, ARRETE, PDF, document, make_dossier, sound_tables
from tests.factories import make_agence

Tables = dict[str, list[dict[str, object]]]


@pytest.fixture
def actor(db: None) -> Actor:
    """A task's actor for an agence that has nothing yet."""
    with writing("fixtures"):
        agence = make_agence(AGENCE, "Agence d’essai").agence
    return Actor.system(agence.id, "test")


def load(actor: Actor, path: Path, *, confirmed: bool = False) -> Import:
    """Import a file as the command does; return the import in its final state."""
    with acting_as(actor), writing("test"):
        row = create_import(actor, path.name, depot="", octets=path.stat().st_size)
        if confirmed:
            row.confirme_par = UUID(int=0)
            row.save(update_fields=["confirme_par"])
    done = run_import(actor, row.id, path)
    assert done is not None
    open_actor(actor)
    return done


def rows(actor: Actor, model: Any, **filters: Any) -> dict[str, Any]:
    """The live rows of the agence by reference."""
    open_actor(actor)
    found = model.objects.visible_to(actor).filter(archive_le__isnull=True, **filters).order_by("reference")
    return {row.reference: row for row in found}


def changed(change: Callable[[Tables], object]) -> Tables:
    tables = sound_tables()
    change(tables)
    return tables


def test_first_import_writes_every_row_and_opens_droits(actor: Actor, tmp_path: Path) -> None:
    done = load(actor, make_dossier(tmp_path / "a.zip"))
    total = sum(len(r) for r in sound_tables().values())
    assert (done.etat, done.bilan["en_ligne"], done.bilan["ajoutes"]) == (EtatImport.APPLIQUE, total, total)
    assert set(rows(actor, CompteClient)) == {"A1", "A2", "B1", "R1"}
    assert rows(actor, CompteClient)["A1"].solde == Decimal("152.30")
    assert Droit.objects.visible_to(actor).count() > 0
    source = Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai")
    assert source.arrete_au == dt.date.fromisoformat(ARRETE)


def test_ids_in_the_engine_equal_ids_in_python(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    key = agence_key(actor, actor.agence_id)
    source = keyed_id(key.salt, "source", "essai", "principale")
    compte = rows(actor, CompteClient)["A1"]
    assert compte.source_id == source
    assert compte.id == keyed_id(key.salt, str(source), "comptes", "A1")
    assert compte.cercle_id == keyed_id(key.salt, "cercle", "compte", str(compte.id))
    assert compte.unite_id == keyed_id(key.salt, str(source), "coproprietes", "C1") == compte.copropriete_id
    from palier.patrimoine.models import CompteTiers

    titre = rows(actor, CompteTiers)["A1|T1|2019-03-01"]
    assert titre.id == keyed_id(key.salt, str(source), "comptes_tiers", "A1|T1|2019-03-01")
    assert rows(actor, CompteClient)["B1"].unite_id == keyed_id(key.salt, str(source), "mandats", "M1")
    assert rows(actor, Tiers)["T1"].unite_id == actor.agence_id


def test_same_content_is_already_on_line(actor: Actor, tmp_path: Path) -> None:
    first = load(actor, make_dossier(tmp_path / "a.zip"))
    again = load(actor, make_dossier(tmp_path / "b.zip", genere_le="2026-11-24T02:00:00+01:00", sequence=2))
    assert again.etat == EtatImport.DEJA_APPLIQUE
    assert again.bilan["premier_import"] == str(first.id)
    assert (again.bilan["ajoutes"], again.bilan["inchanges"]) == (0, first.bilan["en_ligne"])


def test_only_what_differs_is_written(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    before = rows(actor, Tiers)["T3"]

    def change(tables: Tables) -> None:
        tables["tiers"][0]["nom"] = "AUTRE"
        tables["tiers"].append({"id": "T4", "nature": "PP", "nom": "NOUVEAU"})

    done = load(actor, make_dossier(tmp_path / "b.zip", changed(change)))
    assert (done.bilan["ajoutes"], done.bilan["modifies"], done.bilan["archives"]) == (1, 1, 0)
    found = rows(actor, Tiers)
    assert (found["T1"].nom, found["T4"].nom) == ("AUTRE", "NOUVEAU")
    assert found["T3"].empreinte == before.empreinte


def test_absent_row_is_archived_then_comes_back(actor: Actor, tmp_path: Path) -> None:
    def without(tables: Tables) -> None:
        tables["mouvements"].pop()
        tables["mouvements"].append(dict(tables["mouvements"][0], id="MV9", debit="0.00"))

    from palier.comptabilite.models import Mouvement

    load(actor, make_dossier(tmp_path / "a.zip"))
    gone = load(actor, make_dossier(tmp_path / "b.zip", changed(without)))
    assert gone.bilan["archives"] == 1
    assert set(rows(actor, Mouvement)) == {"MV1", "MV9"}
    back = load(actor, make_dossier(tmp_path / "c.zip"))
    assert (back.bilan["archives"], back.bilan["modifies"]) == (1, 1)
    assert set(rows(actor, Mouvement)) == {"MV1", "MV2"}


def test_faulty_unit_keeps_its_version_while_the_others_go_live(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))

    def change(tables: Tables) -> None:
        tables["comptes"][0].update(intitule="NOUVEAU A1", solde="x")
        tables["comptes"][1].update(intitule="NOUVEAU A2")
        tables["coproprietes"][0]["nom"] = "Retenue"
        tables["detentions"].clear()
        tables["detentions"].append({"lot_id": "L2", "compte_id": "A2", "debut": "2020-01-01"})

    done = load(actor, make_dossier(tmp_path / "b.zip", changed(change)))
    assert done.etat == EtatImport.PARTIEL
    assert done.bilan["unites_retenues"] == {"copropriete:C1": 1}
    comptes = rows(actor, CompteClient)
    assert comptes["A1"].intitule == "A1"
    assert comptes["A2"].intitule == "NOUVEAU A2"
    assert rows(actor, Copropriete)["C1"].nom == "Résidence Un"
    from palier.patrimoine.models import Detention

    assert set(rows(actor, Detention)) == {"L1|A1|2019-03-01", "L2|A2|2020-01-01"}
    assert Anomalie.objects.visible_to(actor).filter(import_id=done.id, code="type_invalide").exists()


def test_units_outside_the_perimeter_are_left_alone(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    tables = sound_tables()
    kept = {
        "coproprietes": tables["coproprietes"][:1],
        "comptes": [dict(tables["comptes"][0], intitule="NOUVEAU")],
        "tiers": tables["tiers"][:1],
    }
    done = load(actor, make_dossier(tmp_path / "b.zip", kept, {}, perimetre={"unites": ["copropriete:C1"]}))
    assert (done.etat, done.bilan["archives"]) == (EtatImport.APPLIQUE, 0)
    assert set(rows(actor, CompteClient)) == {"A1", "A2", "B1", "R1"}
    assert rows(actor, CompteClient)["A1"].intitule == "NOUVEAU"


def test_older_dossier_is_out_of_date(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    tables = changed(lambda t: t["tiers"][0].update(nom="ANCIEN"))
    done = load(actor, make_dossier(tmp_path / "b.zip", tables, arrete_au="2026-11-01"))
    assert done.etat == EtatImport.PERIME
    assert rows(actor, Tiers)["T1"].nom == "EXEMPLE"


def test_refused_dossier_changes_nothing(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    path = tmp_path / "b.zip"
    path.write_bytes((tmp_path / "a.zip").read_bytes()[:-200])
    done = load(actor, path)
    assert done.etat == EtatImport.REFUSE
    assert done.message
    assert len(rows(actor, Tiers)) == 3
    assert Anomalie.objects.visible_to(actor).get(import_id=done.id).code == "zip_tronque"


def test_mass_disappearance_waits_for_a_decision(actor: Actor, tmp_path: Path) -> None:
    def many(tables: Tables) -> None:
        tables["tiers"] += [{"id": f"P{i}", "nature": "PP", "nom": "N"} for i in range(40)]

    load(actor, make_dossier(tmp_path / "a.zip", changed(many)))
    path = make_dossier(tmp_path / "b.zip")
    waiting = load(actor, path)
    assert waiting.etat == EtatImport.A_CONFIRMER
    assert "40" in waiting.message
    assert len(rows(actor, Tiers)) == 43
    with acting_as(actor):
        assert abandon_import(actor, waiting.id).etat == EtatImport.ABANDONNE
    assert load(actor, path, confirmed=True).bilan["archives"] == 40
    assert len(rows(actor, Tiers)) == 3


def test_jump_of_balances_waits_for_a_decision(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))

    def jump(tables: Tables) -> None:
        tables["comptes"][0]["solde"] = "900000.00"
        tables["mouvements"][0]["debit"] = "900000.00"

    waiting = load(actor, make_dossier(tmp_path / "b.zip", changed(jump)))
    assert waiting.etat == EtatImport.A_CONFIRMER
    assert rows(actor, CompteClient)["A1"].solde == Decimal("152.30")


def test_emptied_table_waits_for_a_decision(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    tables = changed(lambda t: t.update(detentions=[]))
    assert load(actor, make_dossier(tmp_path / "b.zip", tables)).etat == EtatImport.A_CONFIRMER


def without_c2(tables: Tables) -> None:
    """The second copropriété and all that hangs from it are missing: a handful of rows among many others."""
    tables["tiers"] += [{"id": f"P{i}", "nature": "PP", "nom": "N"} for i in range(40)]
    for table, column, gone in (
        ("coproprietes", "id", "C2"), ("immeubles", "id", "I2"), ("lots", "id", "L2"), ("comptes", "id", "A2"),
        ("comptes_tiers", "compte_id", "A2"), ("mouvements", "compte_id", "A2"),
    ):  # fmt: skip
        tables[table] = [row for row in tables[table] if row[column] != gone]


def test_a_copropriete_that_leaves_whole_waits_for_a_decision_and_is_named(
    actor: Actor, tmp_path: Path
) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    path = make_dossier(tmp_path / "b.zip", changed(without_c2))
    waiting = load(actor, path)
    assert waiting.etat == EtatImport.A_CONFIRMER
    assert waiting.message.split("\n") == [
        "La copropriété « Résidence Deux » (C2) n’est plus dans cet envoi : 1 compte serait retiré, et ses "
        "copropriétaires n’y auraient plus accès. Si elle a quitté l’agence, confirmez."
    ]
    assert set(rows(actor, Copropriete)) == {"C1", "C2"}
    assert load(actor, path, confirmed=True).etat == EtatImport.APPLIQUE
    assert set(rows(actor, Copropriete)) == {"C1"}
    # Once confirmed, it is gone: the next night asks nothing.
    tables = changed(without_c2)
    tables["coproprietes"][0]["nom"] = "Résidence Une"
    assert load(actor, make_dossier(tmp_path / "c.zip", tables)).etat == EtatImport.APPLIQUE


def test_a_copropriete_that_loses_all_its_owners_waits_for_a_decision(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    tables = sound_tables()
    tables["comptes_tiers"] = [row for row in tables["comptes_tiers"] if row["compte_id"] != "A2"]
    waiting = load(actor, make_dossier(tmp_path / "b.zip", tables))
    assert waiting.etat == EtatImport.A_CONFIRMER
    assert waiting.message.startswith("La copropriété « Résidence Deux » (C2) n’a plus aucune personne ")


def test_a_copropriete_that_nobody_holds_or_that_is_not_spoken_for_leaves_without_a_question(
    actor: Actor, tmp_path: Path
) -> None:
    tables = sound_tables()
    tables["coproprietes"].append({"id": "C3", "nom": "Résidence Trois"})
    load(actor, make_dossier(tmp_path / "a.zip", tables))
    assert load(actor, make_dossier(tmp_path / "b.zip")).etat == EtatImport.APPLIQUE
    assert set(rows(actor, Copropriete)) == {"C1", "C2"}
    perimeter = {"tables": sorted(sound_tables()), "unites": ["copropriete:C1", "mandat:M1"]}
    partial = changed(without_c2)
    partial["tiers"] = sound_tables()["tiers"]
    done = load(actor, make_dossier(tmp_path / "c.zip", partial, perimetre=perimeter))
    assert (done.etat, set(rows(actor, Copropriete))) == (EtatImport.APPLIQUE, {"C1", "C2"})


def test_a_sale_is_no_disappearance(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    tables = sound_tables()
    tables["comptes_tiers"][0]["tiers_id"] = "T3"
    tables["detentions"][0]["debut"] = "2026-10-01"
    # The example holds one lot: that its table empties is another alert.
    assert "Résidence" not in load(actor, make_dossier(tmp_path / "b.zip", tables)).message


def test_many_units_that_leave_are_counted_after_the_first(actor: Actor, tmp_path: Path) -> None:
    def more(tables: Tables) -> None:
        for i in range(10, 22):
            tables["coproprietes"].append({"id": f"C{i}", "nom": f"Résidence {i}"})
            tables["comptes"].append(
                {"id": f"S{i}", "role": "coproprietaire", "numero": f"S{i}", "intitule": f"S{i}",
                 "copropriete_id": f"C{i}"}
            )  # fmt: skip

    load(actor, make_dossier(tmp_path / "a.zip", changed(more)))
    waiting = load(actor, make_dossier(tmp_path / "b.zip"))
    said = waiting.message.split("\n")
    assert sum("n’est plus dans cet envoi" in line for line in said) == 10
    assert "Et 2 autres copropriétés dans le même cas." in said


def test_documents_go_to_the_vault_byte_for_byte_and_once(actor: Actor, tmp_path: Path) -> None:
    tables = sound_tables()
    tables["documents"] = [document(), document("documents/copie.pdf", id="D2")]
    load(
        actor, make_dossier(tmp_path / "a.zip", tables, {"documents/d1.pdf": PDF, "documents/copie.pdf": PDF})
    )
    (file,) = Fichier.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    assert vault.read(agence_key(actor, actor.agence_id), file.adresse, file.octets) == PDF
    assert {d.fichier_id for d in rows(actor, Document).values()} == {file.id}
    tables["documents"].append(document("sha256:" + file.sha256, id="D3"))
    files = {"documents/d1.pdf": PDF, "documents/copie.pdf": PDF}
    assert load(actor, make_dossier(tmp_path / "b.zip", tables, files)).bilan["ajoutes"] == 1


@pytest.mark.parametrize(
    ("values", "genre", "objet"),
    [
        ({"portee": "compte", "portee_id": "A1", "audience": "compte"}, "compte", ("comptes", "A1")),
        ({"portee": "bail", "portee_id": "X1", "audience": "compte"}, "bail", ("baux", "X1")),
        ({"portee": "mandat", "portee_id": "M1", "audience": "compte"}, "mandat", ("mandats", "M1")),
        ({"portee": "lot", "portee_id": "L1", "audience": "compte"}, "compte", ("comptes", "A1")),
        ({"portee": "copropriete", "portee_id": "C1", "audience": "coproprietaires"},
         "coproprietaires", ("coproprietes", "C1")),
        ({"portee": "immeuble", "portee_id": "I2", "audience": "coproprietaires"},
         "coproprietaires", ("coproprietes", "C2")),
        ({"portee": "copropriete", "portee_id": "C1", "audience": "conseil_syndical"},
         "conseil", ("coproprietes", "C1")),
        ({"portee": "lot", "portee_id": "L2", "audience": "interne"}, "interne", None),
    ],
)  # fmt: skip
def test_document_is_addressed_to_its_cercle(
    actor: Actor, tmp_path: Path, values: dict[str, str], genre: str, objet: tuple[str, str] | None
) -> None:
    tables = sound_tables()
    tables["documents"] = [document(**values)]
    done = load(actor, make_dossier(tmp_path / "a.zip", tables))
    assert done.etat == EtatImport.APPLIQUE
    key = agence_key(actor, actor.agence_id)
    source = keyed_id(key.salt, "source", "essai", "principale")
    wanted = keyed_id(key.salt, str(source), *objet) if objet else actor.agence_id
    assert rows(actor, Document)["D1"].cercle_id == keyed_id(key.salt, "cercle", genre, str(wanted))


def test_failure_in_the_middle_leaves_the_old_state(
    actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palier.echanges.chargement import appliquer

    load(actor, make_dossier(tmp_path / "a.zip"))

    def broken(agence: UUID) -> None:
        raise OSError("disk")

    monkeypatch.setattr(appliquer, "recompute", broken)
    tables = changed(lambda t: t["tiers"][0].update(nom="AUTRE"))
    path = make_dossier(tmp_path / "b.zip", tables)
    with pytest.raises(OSError, match="disk"):
        load(actor, path)
    assert rows(actor, Tiers)["T1"].nom == "EXEMPLE"
    last = Import.objects.visible_to(actor).order_by("-recu_le").first()
    assert (last.etat, "rien n’a changé" in last.message) == (EtatImport.ABANDONNE, True)
    monkeypatch.undo()
    assert load(actor, path).bilan["modifies"] == 1


def test_another_agence_is_not_touched(actor: Actor, tmp_path: Path) -> None:
    """Same source, same ids, another agence: other rows, other identifiers."""
    with writing("fixtures"):
        other = Actor.system(make_agence("autre", "Autre").agence.id, "test")
    load(actor, make_dossier(tmp_path / "a.zip"))
    load(other, make_dossier(tmp_path / "b.zip", agence="autre"))
    mine, theirs = rows(actor, Tiers), rows(other, Tiers)
    assert set(mine) == set(theirs)
    assert not {t.id for t in mine.values()} & {t.id for t in theirs.values()}
    open_actor(actor)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from patrimoine_tiers where agence_id = %s", [other.agence_id])
        assert cursor.fetchone() == (0,)


def test_report_masks_values(actor: Actor, tmp_path: Path) -> None:
    tables = changed(lambda t: t["tiers"][0].update(nature="SECRET-PERSONNEL"))
    done = load(actor, make_dossier(tmp_path / "a.zip", tables))
    kept = Anomalie.objects.visible_to(actor).filter(import_id=done.id)
    assert all("SECRET" not in f"{a.valeur_masquee}{a.message}" for a in kept)
    assert "SECRET" not in str(done.bilan)


def test_report_says_what_it_does_not_tell(actor: Actor, tmp_path: Path) -> None:
    tables = sound_tables()
    tables["tiers"] += [{"id": f"X{i}", "nature": "?", "nom": "A"} for i in range(1_200)]
    done = load(actor, make_dossier(tmp_path / "a.zip", tables))
    kept = list(Anomalie.objects.visible_to(actor).filter(import_id=done.id).order_by("rang"))
    (code,) = done.bilan["coupes"]
    assert done.bilan["coupes"] == {code: {"gardees": 1_000, "total": 1_200}}
    assert sum(a.code == code for a in kept) == 1_000
    lines = list(csv.DictReader(io.StringIO(report_csv(kept, done.bilan).decode("utf-8-sig")), delimiter=";"))
    assert [line["message"] for line in lines if "premières sur 1 200" in line["message"]]
    told = json.loads(report_json(done, kept, "a.zip"))
    assert (len(told["anomalies"]), told["coupes"][code]["gardees"]) == (len(kept), 1_000)
    assert "1\u202f200" in told["coupes"][code]["message"]


def test_received_dossier_is_kept_encrypted_until_it_has_ended(
    actor: Actor, tmp_path: Path, vault_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    def many(tables: Tables) -> None:
        tables["tiers"] += [{"id": f"P{i}", "nature": "PP", "nom": "CANARI"} for i in range(40)]

    load(actor, make_dossier(tmp_path / "a.zip", changed(many), {}))
    path = make_dossier(tmp_path / "b.zip", documents={})
    before = {p for p in vault_folder.rglob("*") if p.is_file()}
    with acting_as(actor), path.open("rb") as file:
        row = receive_import(actor, file, "b.zip")
    (kept,) = {p for p in vault_folder.rglob("*") if p.is_file()} - before
    assert b"dossier.json" not in kept.read_bytes()
    waiting = run_import(actor, row.id)
    assert waiting is not None
    assert waiting.etat == EtatImport.A_CONFIRMER
    assert kept.exists()
    with acting_as(actor):
        assert confirm_import(actor, row.id).etat == EtatImport.RECU
    with django_capture_on_commit_callbacks(execute=True):
        done = run_import(actor, row.id)
    assert done is not None
    assert (done.etat, done.bilan["archives"], done.depot) == (EtatImport.PARTIEL, 40, "")
    assert not kept.exists()
    assert run_import(actor, row.id) is None


def test_check_alone_changes_nothing(actor: Actor, tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    with acting_as(actor), writing("test"):
        row = create_import(actor, "a.zip", depot="", octets=1)
    done = run_import(actor, row.id, path, check_only=True)
    assert done is not None
    assert done.etat == EtatImport.VERIFIE
    assert rows(actor, Tiers) == {}
