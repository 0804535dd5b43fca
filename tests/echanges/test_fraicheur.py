"""The date that a space shows: that of the last sending that brought its own unit on line, from its own source."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from palier.acces.models import Acces, Espace
from palier.core.action import writing
from palier.core.actor import AccesRef, Actor, Role
from palier.core.dates import now, today
from palier.core.tenancy import open_actor
from palier.echanges.enums import EtatImport
from palier.echanges.historique.annulation import cancel_import
from palier.echanges.models import Fraicheur, Import, Source
from palier.patrimoine.models import Copropriete
from palier.screens.shared.bases import EspaceVu, espaces_of
from tests.echanges.differences import make_delta
from tests.echanges.fabrique import make_dossier, sound_tables
from tests.echanges.test_historique import unit
from tests.echanges.test_import import Tables, actor, changed, load

__all__ = ["actor"]

J1, J2, J3, J4 = (date(2026, 11, n) for n in (10, 11, 12, 13))
CONTACTS = {"logiciel": "contacts", "base": "principale"}


def espaces(actor: Actor) -> dict[str, EspaceVu]:
    """Every space, as its holder's pages show it, by the number of its compte (or the name of its council)."""
    open_actor(actor)
    numbers = dict(Espace.objects.visible_to(actor).values_list("id", "compte_numero"))
    acces = tuple(AccesRef(a.id, a.agence_id) for a in Acces.objects.visible_to(actor).order_by("id"))
    client = Actor(role=Role.CLIENT, account_id=None, acces=acces, today=today())
    open_actor(client)
    found = {numbers[e.id] or e.titre: e for e in espaces_of(client)}
    open_actor(actor)
    return found


def dates(actor: Actor) -> dict[str, date | None]:
    return {name: espace.arrete_au for name, espace in espaces(actor).items()}


def same(jour: date, **others: date) -> dict[str, date]:
    return {"A1": jour, "A2": jour, "B1": jour, "R1": jour, **others}


def send(actor: Actor, folder: Path, jour: date, tables: Tables | None = None, **changes: Any) -> Import:
    """Load a dossier of that day."""
    path = folder / f"{len(list(folder.iterdir()))}.zip"
    documents: dict[str, bytes] | None = None if tables is None or "documents" in tables else {}
    return load(actor, make_dossier(path, tables, documents, arrete_au=jour.isoformat(), **changes))


def faulty(tables: Tables) -> None:
    """A fault in C1, a change in C2."""
    tables["comptes"][0]["solde"] = "x"
    tables["comptes"][1]["intitule"] = "A2 bis"


def only_c1(intitule: str = "A1 bis") -> Tables:
    tables = sound_tables()
    return {
        "coproprietes": tables["coproprietes"][:1],
        "comptes": [dict(tables["comptes"][0], intitule=intitule)],
        "tiers": tables["tiers"][:1],
    }


C1 = {"unites": ["copropriete:C1"]}


def test_unit_held_back_keeps_its_date(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    assert dates(actor) == same(J1)
    held = send(actor, tmp_path, J2, changed(faulty))
    assert held.etat == EtatImport.PARTIEL
    assert dates(actor) == same(J2, A1=J1)
    send(actor, tmp_path, J3, changed(faulty) | {"mandats": [dict(sound_tables()["mandats"][0], numero="2")]})
    assert dates(actor) == same(J3, A1=J1)
    send(actor, tmp_path, J4)
    assert dates(actor) == same(J4)
    assert Source.objects.visible_to(actor).get(logiciel="essai").arrete_au == J4


def test_perimeter_of_one_unit_moves_its_date_alone(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    send(actor, tmp_path, J2, only_c1(), perimetre=C1)
    assert dates(actor) == same(J1, A1=J2)
    source = Source.objects.visible_to(actor).get(logiciel="essai")
    assert source.arrete_au == J2  # of the source as a whole: what may still be received
    wrong = only_c1()
    wrong["comptes"][0]["solde"] = "x"
    send(actor, tmp_path, J3, wrong, perimetre=C1)
    assert dates(actor) == same(J1, A1=J2)
    send(actor, tmp_path, J4)
    assert dates(actor) == same(J4)


def test_each_source_has_its_own_date_and_its_own_lateness(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    tables: Tables = {
        "tiers": [{"id": "T9", "nature": "PP", "nom": "AILLEURS"}],
        "comptes": [{"id": "Z9", "role": "locataire", "numero": "Z9", "intitule": "Z9"}],
        "comptes_tiers": [{"compte_id": "Z9", "tiers_id": "T9", "qualite": "titulaire"}],
    }
    send(actor, tmp_path, J4, tables, source=CONTACTS)
    with writing("test"):
        Source.objects.visible_to(actor).filter(logiciel="essai").update(retard_depuis=now())
    found = espaces(actor)
    assert {name: (e.arrete_au, e.logiciel, e.retard) for name, e in found.items()} == {
        **dict.fromkeys(("A1", "A2", "B1", "R1"), (J1, "essai", True)),
        "Z9": (J4, "contacts", False),
    }


def test_space_of_a_council_follows_its_copropriete(actor: Actor, tmp_path: Path) -> None:
    def council(tables: Tables) -> None:
        tables["conseil_syndical"] = [
            {"copropriete_id": "C1", "tiers_id": "T2", "fonction": "membre", "debut": "2026-01-01"}
        ]

    send(actor, tmp_path, J1, changed(council))
    assert dates(actor) == same(J1) | {"Résidence Un": J1}

    def both(tables: Tables) -> None:
        council(tables)
        faulty(tables)

    send(actor, tmp_path, J2, changed(both))
    assert dates(actor) == same(J2, A1=J1) | {"Résidence Un": J1}


def test_sending_without_the_comptes_moves_no_date(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    send(actor, tmp_path, J2, {"tiers": sound_tables()["tiers"]})
    assert dates(actor) == same(J1)


def test_unchanged_content_moves_the_date_of_what_it_had_brought(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    send(actor, tmp_path, J2, changed(faulty))
    again = send(actor, tmp_path, J3, changed(faulty))
    assert again.etat == EtatImport.PARTIEL
    assert dates(actor) == same(J3, A1=J1)


def test_delta_speaks_for_every_unit_but_those_that_wait(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1, sequence=10)

    def delta(jour: date, precedent: int, **values: Any) -> Import:
        row = dict(sound_tables()["comptes"][0], **values)
        path = tmp_path / f"delta{precedent}.zip"
        return load(actor, make_delta(path, {"comptes": [row]}, precedent, arrete_au=jour.isoformat()))

    delta(J2, 10, intitule="A1 bis")
    assert dates(actor) == same(J2)
    delta(J3, 11, solde="x")
    assert dates(actor) == same(J3, A1=J2)
    delta(J4, 12, intitule="A1 ter")
    assert dates(actor) == same(J4, A1=J2)


def test_account_that_changes_unit_in_a_delta_follows_its_new_one(actor: Actor, tmp_path: Path) -> None:
    tables = sound_tables()
    tables["mandats"].append({"id": "M2", "numero": "2", "compte_id": "B1"})
    tables["baux"][0]["mandat_id"] = "M2"
    send(actor, tmp_path, J1, tables, sequence=10)
    bail = dict(tables["baux"][0], mandat_id="M1")
    path = make_delta(tmp_path / "delta.zip", {"baux": [bail]}, 10, arrete_au=J2.isoformat())
    load(actor, path)
    (found,) = Espace.objects.visible_to(actor).filter(compte_numero="R1")
    assert found.unite_id == unit(actor, "R1")


def test_rollback_brings_the_former_dates_back(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    part = send(actor, tmp_path, J2, only_c1(), perimetre=C1)
    whole = send(actor, tmp_path, J3)
    assert dates(actor) == same(J3)
    cancel_import(actor, whole.id)
    assert dates(actor) == same(J1, A1=J2)
    cancel_import(actor, part.id)
    assert dates(actor) == same(J1)


def test_rollback_of_one_unit_brings_its_date_alone_back(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)

    def both(tables: Tables) -> None:
        tables["comptes"][0]["intitule"] = "A1 bis"
        tables["comptes"][1]["intitule"] = "A2 bis"

    done = send(actor, tmp_path, J2, changed(both))
    send(
        actor, tmp_path, J3, changed(both)
    )  # the same content, found again: of the import that is taken back
    cancel_import(actor, done.id, (unit(actor, "A1"),))
    assert dates(actor) == same(J3, A1=J1)
    cancel_import(actor, done.id)
    assert dates(actor) == same(J1)


def test_rollback_leaves_the_dates_that_a_later_sending_brought(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    done = send(actor, tmp_path, J2, only_c1(), perimetre=C1)
    send(actor, tmp_path, J3, changed(faulty))  # holds C1: what J2 brought may still be taken back
    assert dates(actor) == same(J3, A1=J2)
    cancel_import(actor, done.id)
    assert dates(actor) == same(J3, A1=J1)


def test_rollback_of_the_only_import_leaves_no_date(actor: Actor, tmp_path: Path) -> None:
    done = send(actor, tmp_path, J1)
    cancel_import(actor, done.id)
    assert not Fraicheur.objects.visible_to(actor).exists()
    send(actor, tmp_path, J2)
    assert dates(actor) == same(J2)


def test_only_exceptions_are_kept(actor: Actor, tmp_path: Path) -> None:
    """An agence of ten thousand mandates has one row a source, and one for each unit that is not of that day."""
    send(actor, tmp_path, J1)
    assert Fraicheur.objects.visible_to(actor).count() == 1
    send(actor, tmp_path, J2, changed(faulty))
    assert Fraicheur.objects.visible_to(actor).count() == 2
    send(actor, tmp_path, J3)
    assert Fraicheur.objects.visible_to(actor).count() == 1


def test_source_fed_before_dates_were_kept_by_unit(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    with writing("test"), connection.cursor() as cursor:
        cursor.execute("delete from echanges_fraicheur")
        cursor.execute("update echanges_import set fraicheur_avant = '{}'")
    assert dates(actor) == same(J1)
    send(actor, tmp_path, J2, only_c1(), perimetre=C1)
    assert dates(actor) == same(J1, A1=J2)


def test_another_agence_reads_no_date(actor: Actor, tmp_path: Path) -> None:
    send(actor, tmp_path, J1)
    assert Copropriete.objects.visible_to(actor).exists()
    other = Actor.system(Espace(agence_id=actor.agence_id).id, "test")
    open_actor(other)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from echanges_fraicheur")
        assert cursor.fetchone()[0] == 0
