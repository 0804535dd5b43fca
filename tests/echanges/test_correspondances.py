"""References that change: what users hang on a row (read marks, accès, accounts) survives."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from palier.acces.models import Acces
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import new_id
from palier.core.tenancy import acting_as, open_actor
from palier.echanges.enums import EtatImport
from palier.echanges.models import Alias, Import, Source
from palier.ged.models import Document, Lecture
from palier.patrimoine.models import CompteClient, CompteTiers, Copropriete, Lot, Tiers
from tests.echanges.differences import differences, on_line, rights
from tests.echanges.fabrique import make_dossier
from tests.echanges.test_differentiel import Tables, codes, send, snapshot, whole
from tests.echanges.test_import import actor, load, rows

__all__ = ["actor"]

#: What a renumbering changes: every reference of these tables.
RENUMEROTEES = {"comptes": "450-", "tiers": "P-", "documents": "DOC-", "lots": "LOT-"}


def renumbered(tables: Tables, prefixes: dict[str, str]) -> tuple[Tables, list[dict[str, Any]]]:
    """The same tables with other references, and the correspondances that say so."""
    from palier.echanges.schemas import schemas

    done: Tables = {}
    for table, lines in tables.items():
        links = {r.colonne: r.cible for r in schemas()[table].relations}
        done[table] = []
        for line in lines:
            row = dict(line)
            for column, value in line.items():
                target = table if column == "id" else links.get(column)
                if column == "portee_id":
                    target = {"compte": "comptes", "lot": "lots"}.get(str(line["portee"]))
                if target in prefixes and value:
                    row[column] = prefixes[target] + str(value)
            done[table].append(row)
    pairs = [
        {"table": t, "ancien_id": line["id"], "nouvel_id": prefix + str(line["id"])}
        for t, prefix in prefixes.items()
        for line in tables.get(t, [])
    ]
    return done, pairs


def use(actor: Actor) -> dict[str, Any]:
    """A person who came in and read a document: what must survive."""
    with acting_as(actor), writing("test"):
        acces = Acces.objects.visible_to(actor).order_by("id").get(tiers__reference="T1")
        acces.account_id, acces.rattache_le = new_id(), now()
        acces.save(update_fields=["rattache_le"])
        document = rows(actor, Document)["D1"]
        Lecture.objects.create(
            agence_id=actor.agence_id, id=new_id(), acces_id=acces.id, document_id=document.id, lu_le=now()
        )
    open_actor(actor)
    return {"acces": acces.id, "document": document.id, "tiers": acces.tiers_id}


def espaces(actor: Actor) -> set[Any]:
    open_actor(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, acces_id, compte_client_id from acces_espace where agence_id = %s", [actor.agence_id]
        )
        return set(cursor.fetchall())


def kept(actor: Actor, used: dict[str, Any]) -> bool:
    """Whether the person still has the same accès and the read mark still speaks of a live document."""
    open_actor(actor)
    acces = Acces.objects.visible_to(actor).get(agence_id=actor.agence_id, id=used["acces"])
    read = Lecture.objects.visible_to(actor).get(acces_id=used["acces"])
    live = Document.objects.visible_to(actor).filter(id=read.document_id, archive_le__isnull=True)
    return acces.tiers_id == used["tiers"] and acces.rattache_le is not None and live.exists()


@pytest.mark.parametrize("mode", ["snapshot", "delta"])
def test_a_renumbering_keeps_what_users_did(actor: Actor, tmp_path: Path, mode: str) -> None:
    before = whole()
    snapshot(actor, tmp_path, before)
    used = use(actor)
    lines, held, doors = on_line(actor), rights(actor), espaces(actor)
    after, pairs = renumbered(before, RENUMEROTEES)
    if mode == "snapshot":
        path = make_dossier(tmp_path / "n.zip", {**after, "correspondances": pairs}, sequence=20)
        done = load(actor, path)
    else:
        done = send(actor, tmp_path, {"correspondances": pairs})
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, set())
    assert done.bilan["archives"] == 0
    assert kept(actor, used)
    assert (rights(actor), espaces(actor)) == (held, doors)
    assert rows(actor, CompteClient).keys() == {"450-A1", "450-A2", "450-B1", "450-R1"}
    assert "450-A1|P-T1|2019-03-01" in rows(actor, CompteTiers)
    assert {t: len(r) for t, r in on_line(actor).items()} == {t: len(r) for t, r in lines.items()}
    assert {dict(r)["id"] for r in on_line(actor)["documents"]} == {dict(r)["id"] for r in lines["documents"]}
    # What follows speaks of the new references, without saying the change again, or saying it again.
    if mode == "delta":
        comptes = [dict(after["comptes"][0], intitule="SUITE")]
        documents = [
            dict(
                after["documents"][0], titre="Suite", fichier="sha256:" + str(after["documents"][0]["sha256"])
            )
        ]
        following = send(actor, tmp_path, {"comptes": comptes, "documents": documents}, 11)
        assert (following.etat, following.bilan["modifies"], following.bilan["ajoutes"]) == ("applique", 2, 0)
    again = load(actor, make_dossier(tmp_path / "n2.zip", {**after, "correspondances": pairs}, sequence=30))
    assert (again.etat in {"applique", "deja_applique"}, codes(actor, again)) == (True, set())
    assert again.bilan["archives"] == again.bilan["ajoutes"] == 0
    assert kept(actor, used)


def test_renamings_follow_one_another(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    first = rows(actor, Tiers)["T1"].id
    send(actor, tmp_path, {"correspondances": [{"table": "tiers", "ancien_id": "T1", "nouvel_id": "U1"}]})
    pairs = [("U1", "V1"), ("V1", "W1")]
    chain = [{"table": "tiers", "ancien_id": a, "nouvel_id": b} for a, b in pairs]
    done = send(actor, tmp_path, {"correspondances": chain}, 11)
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, set())
    assert rows(actor, Tiers)["W1"].id == first
    assert [a.reference for a in Alias.objects.visible_to(actor).order_by("reference")] == ["W1"]
    back = [{"table": "tiers", "ancien_id": "W1", "nouvel_id": "T1"}]
    send(actor, tmp_path, {"correspondances": back}, 12)
    assert rows(actor, Tiers)["T1"].id == first


def test_references_may_be_exchanged(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    before = rows(actor, Tiers)
    swap = [
        {"table": "tiers", "ancien_id": "T1", "nouvel_id": "T2"},
        {"table": "tiers", "ancien_id": "T2", "nouvel_id": "T1"},
    ]
    done = send(actor, tmp_path, {"correspondances": swap})
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, set())
    after = rows(actor, Tiers)
    assert (after["T1"].id, after["T2"].id) == (before["T2"].id, before["T1"].id)


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("tiers", "T1", "T2"), "nouvel_id_utilise"),
        (("tiers", "T9", "U9"), "ancien_id_inconnu"),
        (("detentions", "L1", "L9"), "correspondance_table"),
        (("tiers", "T1", "U1"), "ancien_id_present"),
    ],
)
def test_a_renaming_that_cannot_be_is_said(
    actor: Actor, tmp_path: Path, pair: tuple[str, str, str], code: str
) -> None:
    snapshot(actor, tmp_path, whole())
    before = on_line(actor)
    line: dict[str, Any] = dict(zip(("table", "ancien_id", "nouvel_id"), pair, strict=True))
    done = load(actor, make_dossier(tmp_path / "b.zip", {**whole(), "correspondances": [line]}, sequence=20))
    assert code in codes(actor, done)
    assert differences(before, on_line(actor)) == {}


def test_a_replaced_reference_is_not_free_again(actor: Actor, tmp_path: Path) -> None:
    snapshot(actor, tmp_path, whole())
    send(actor, tmp_path, {"correspondances": [{"table": "tiers", "ancien_id": "T1", "nouvel_id": "U1"}]})
    done = send(actor, tmp_path, {"tiers": [{"id": "T1", "nature": "PP", "nom": "AUTRE"}]}, 11)
    assert "identifiant_remplace" in codes(actor, done)
    assert rows(actor, Tiers)["U1"].nom == "EXEMPLE"


REMPLACE = {"logiciel": "nouveau", "base": "une", "remplace": {"logiciel": "essai", "base": "principale"}}


def test_another_software_takes_over(actor: Actor, tmp_path: Path) -> None:
    before = whole()
    snapshot(actor, tmp_path, before)
    used = use(actor)
    held = rights(actor)
    every = {t: "N-" for t, lines in before.items() if lines and "id" in lines[0]}
    after, pairs = renumbered(before, every)
    for line in after["documents"]:
        if line["portee"] == "compte":
            line["portee_id"] = "N-" + str(line["portee_id"]).removeprefix("N-")
    tables = {**after, "correspondances": pairs}
    done = load(actor, make_dossier(tmp_path / "n.zip", tables, source=REMPLACE, sequence=1), confirmed=True)
    assert (done.etat, codes(actor, done)) == (EtatImport.APPLIQUE, set())
    assert kept(actor, used)
    assert rights(actor) == held
    assert set(rows(actor, Copropriete)) == {"N-C1", "N-C2"}
    assert set(rows(actor, Lot)) == {"N-L1", "N-L2", "N-L3"}
    assert {t: len(r) for t, r in on_line(actor).items()} == {
        t: len(r) for t, r in before.items() if t != "acces"
    } | {t: 0 for t in on_line(actor) if t not in before}
    old = load(actor, make_dossier(tmp_path / "old.zip", whole(), sequence=50))
    assert (old.etat, codes(actor, old)) == (EtatImport.REFUSE, {"source_remplacee"})
    again = load(actor, make_dossier(tmp_path / "n2.zip", tables, source=REMPLACE, sequence=2))
    assert again.etat in {EtatImport.APPLIQUE, EtatImport.DEJA_APPLIQUE}
    assert kept(actor, used)
    assert Source.objects.visible_to(actor).get(agence_id=actor.agence_id, logiciel="essai").remplacee_par


def test_two_sources_may_not_send_the_same_unit(actor: Actor, tmp_path: Path) -> None:
    first, second = whole(), whole()
    first["coproprietes"][0]["immatriculation_rnc"] = "AA0000042"
    second["coproprietes"][1]["immatriculation_rnc"] = "AA0000042"
    snapshot(actor, tmp_path, first)
    other = {"logiciel": "autre", "base": "deux"}
    done: Import = load(actor, make_dossier(tmp_path / "o.zip", second, source=other, sequence=1))
    assert "unite_deja_servie" in codes(actor, done)
    assert set(done.bilan["unites_retenues"]) == {"copropriete:C2", "mandat:M1"}
    open_actor(actor)
    found = Copropriete.objects.visible_to(actor).filter(immatriculation_rnc="AA0000042")
    assert found.count() == 1
