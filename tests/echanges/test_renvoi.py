"""The same dossier sent again: believed only when it was wholly put on line, and only after it was read."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from palier.core.actor import Actor
from palier.core.tenancy import acting_as, open_actor
from palier.echanges.conteneur import Conteneur
from palier.echanges.enums import EtatImport
from palier.echanges.historique.annulation import cancel_import
from palier.echanges.models import Anomalie, Import, Source
from palier.ged.models import Document
from palier.patrimoine.models import CompteClient
from tests.echanges.differences import make_delta
from tests.echanges.fabrique import PDF, csv_bytes, make_dossier, sound_tables, zip_bytes
from tests.echanges.test_import import actor, load, rows  # noqa: F401  (a fixture)


def codes(actor: Actor, done: Import) -> set[str]:
    found = Anomalie.objects.visible_to(actor).filter(import_id=done.id)
    return set(found.exclude(gravite="INFO").values_list("code", flat=True))


def rezip(path: Path, target: Path, **changes: bytes) -> Path:
    """The same members, some of them with another content."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    target.write_bytes(
        zip_bytes(members | {name.replace("__", "."): content for name, content in changes.items()})
    )
    return target


def unbalanced() -> dict[str, list[dict[str, object]]]:
    """The ledger of A2 does not give its balance: its copropriété C2 is held."""
    tables = sound_tables()
    tables["comptes"][1].update(intitule="NOUVEAU A2", solde="40.00")
    return tables


def test_a_history_declared_partial_completes_what_was_held(actor: Actor, tmp_path: Path) -> None:
    held = load(actor, make_dossier(tmp_path / "a.zip", unbalanced(), sequence=1))
    assert (held.etat, codes(actor, held)) == (EtatImport.PARTIEL, {"total_solde"})
    assert "A2" not in rows(actor, CompteClient)
    done = load(actor, make_dossier(tmp_path / "b.zip", unbalanced(), sequence=1, historique="partiel"))
    assert done.etat == EtatImport.APPLIQUE
    assert rows(actor, CompteClient)["A2"].intitule == "NOUVEAU A2"


def test_a_file_added_to_the_zip_completes_what_was_held(actor: Actor, tmp_path: Path) -> None:
    held = load(actor, make_dossier(tmp_path / "a.zip", documents={}, sequence=1))
    assert (held.etat, codes(actor, held)) == (EtatImport.PARTIEL, {"fichier_absent"})
    done = load(actor, make_dossier(tmp_path / "b.zip", sequence=1))
    assert done.etat == EtatImport.APPLIQUE
    assert set(rows(actor, Document)) == {"D1"}
    assert load(actor, make_dossier(tmp_path / "c.zip", sequence=1)).etat == EtatImport.DEJA_APPLIQUE


def test_what_is_still_faulty_is_said_again(actor: Actor, tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", unbalanced(), sequence=1)
    first = load(actor, path)
    again = load(actor, path)
    assert (again.etat, codes(actor, again)) == (
        EtatImport.PARTIEL,
        codes(actor, first) | {"sequence_repetee"},
    )
    assert [again.bilan[n] for n in ("ajoutes", "modifies", "archives", "a_corriger")] == [0, 0, 0, 1]
    assert again.bilan["unites_retenues"] == first.bilan["unites_retenues"]


def test_an_import_sent_again_for_nothing_can_still_be_taken_back(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip", sequence=1, arrete_au="2026-11-20"))
    second = load(actor, make_dossier(tmp_path / "b.zip", unbalanced_and_renamed(), sequence=2))
    nothing = [
        load(actor, make_dossier(tmp_path / f"{n}.zip", unbalanced_and_renamed(), sequence=n)) for n in (3, 4)
    ]
    assert {x.etat for x in (second, *nothing)} == {EtatImport.PARTIEL}
    with acting_as(actor):
        cancel_import(actor, second.id)
    open_actor(actor)
    assert rows(actor, CompteClient)["A1"].intitule == "A1"
    found = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("recu_le")
    assert [row.etat for row in found] == ["applique", "annule", "annule", "annule"]
    source = Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai")
    assert str(source.arrete_au) == "2026-11-20"
    assert (
        load(actor, make_dossier(tmp_path / "5.zip", unbalanced_and_renamed(), sequence=5)).bilan["modifies"]
        == 1
    )


def unbalanced_and_renamed() -> dict[str, list[dict[str, object]]]:
    tables = unbalanced()
    tables["comptes"][0]["intitule"] = "NOUVEAU A1"
    return tables


def test_a_delta_that_was_not_wholly_applied_asks_for_a_snapshot(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip", sequence=10))
    delta = {"comptes": [dict(sound_tables()["comptes"][1], solde="40.00")]}
    path = make_delta(tmp_path / "d.zip", delta, 10)
    assert load(actor, path).etat == EtatImport.PARTIEL
    again = load(actor, path)
    assert (again.etat, codes(actor, again)) == (EtatImport.REFUSE, {"sequence_rompue"})


def print_of(path: Path) -> str:
    with Conteneur(path) as conteneur:
        return conteneur.read_manifest().empreinte


def test_the_fingerprint_changes_with_what_decides_the_result(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", sequence=1)
    with Conteneur(path) as conteneur:
        manifeste = conteneur.read_manifest()
    table = manifeste.fichiers[0]
    others = [
        replace(manifeste, historique="partiel"),
        replace(manifeste, dialecte="excel-fr"),
        replace(manifeste, politique="tout_ou_rien"),
        replace(manifeste, fichiers=(replace(table, lignes=table.lignes + 1), *manifeste.fichiers[1:])),
    ]
    more = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF}
    prints = [m.empreinte for m in (manifeste, *others)]
    prints.append(print_of(make_dossier(tmp_path / "b.zip", documents=more, sequence=1)))
    prints.append(print_of(make_dossier(tmp_path / "c.zip", documents={}, sequence=1)))
    prints.append(print_of(make_dossier(tmp_path / "d.zip", documents={"documents/d1.pdf": PDF[:-1] + b" "})))
    assert len(set(prints)) == len(prints)
    same = make_dossier(tmp_path / "e.zip", documents=dict(reversed(more.items())), sequence=9,
                        genere_le="2026-11-25T02:00:00+01:00")  # fmt: skip
    assert print_of(same) == prints[5]


@pytest.mark.parametrize("delta", [False, True])
def test_a_table_edited_under_an_unchanged_manifest_is_refused(
    actor: Actor, tmp_path: Path, delta: bool
) -> None:
    tables: dict[str, Any] = {
        "comptes": [dict(row, intitule=f"le {row['id']}") for row in sound_tables()["comptes"]]
    }
    load(actor, make_dossier(tmp_path / "s.zip", sequence=1))
    path = make_delta(tmp_path / "a.zip", tables, 1) if delta else tmp_path / "s.zip"
    if delta:
        assert load(actor, path).etat == EtatImport.APPLIQUE
    before = rows(actor, CompteClient)["A1"].intitule
    tables["comptes"][0]["intitule"] = "RETOUCHE"
    edited = rezip(path, tmp_path / "b.zip", comptes__csv=csv_bytes("comptes", tables["comptes"]))
    done = load(actor, edited)
    assert (done.etat, codes(actor, done)) == (EtatImport.REFUSE, {"empreinte_differente"})
    assert rows(actor, CompteClient)["A1"].intitule == before
    assert load(actor, path).etat == EtatImport.DEJA_APPLIQUE


def test_a_damaged_table_under_an_unchanged_manifest_is_refused(actor: Actor, tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    load(actor, path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("tiers.csv")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    content[at] ^= 0xFF
    (tmp_path / "b.zip").write_bytes(content)
    done = load(actor, tmp_path / "b.zip")
    assert (done.etat, codes(actor, done)) == (EtatImport.REFUSE, {"membre_altere"})


def test_a_wrong_count_under_the_same_tables_is_refused(actor: Actor, tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    load(actor, path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("dossier.json"))
    manifest["fichiers"][0]["lignes"] += 1
    done = load(actor, rezip(path, tmp_path / "b.zip", dossier__json=json.dumps(manifest).encode()))
    assert (done.etat, codes(actor, done)) == (EtatImport.REFUSE, {"lignes_differentes"})


def test_a_document_replaced_under_an_unchanged_manifest_is_found(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip", sequence=1))
    other = PDF.replace(b"invented", b"INVENTED")
    done = load(actor, make_dossier(tmp_path / "b.zip", documents={"documents/d1.pdf": other}, sequence=1))
    assert done.etat == EtatImport.PARTIEL
    assert "fichier_empreinte" in codes(actor, done)
