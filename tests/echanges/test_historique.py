"""Rollback of an import: what comes back, what goes, what people did and keep, and when it is refused."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from palier.acces.models import Acces, CodeAcces, Droit
from palier.comptabilite.models import Mouvement
from palier.core.action import writing
from palier.core.actor import Actor, Role
from palier.core.dates import now
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import open_actor
from palier.echanges.enums import EtatImport
from palier.echanges.historique.annulation import cancel_import, preview_cancel, run_cancel
from palier.echanges.historique.lignes import row_diff, row_history
from palier.echanges.historique.models import Annulation, Changement, Version
from palier.echanges.historique.provenance import origin_of
from palier.echanges.historique.purge import purge_agence
from palier.echanges.historique.queries import changed_rows, changes, runs
from palier.echanges.models import Import, Source
from palier.ged.models import Document, Lecture
from palier.patrimoine.models import CompteClient, Tiers
from tests.cast import Cast
from tests.echanges.differences import make_delta
from tests.echanges.fabrique import PDF, document, make_dossier, sound_tables
from tests.echanges.test_import import Tables, actor, changed, load, rows
from tests.factories import make_account

__all__ = ["actor"]

PDF2 = PDF + b"% second\n"


def second(tables: Tables) -> None:
    """One row of each kind: changed in C1 and the agence, added in C1 and C2, gone from C2."""
    tables["tiers"][0]["nom"] = "AUTRE"
    tables["tiers"].append({"id": "T4", "nature": "PP", "nom": "NOUVEAU"})
    tables["comptes"][0]["intitule"] = "A1 bis"
    tables["comptes_tiers"].append({"compte_id": "A1", "tiers_id": "T4", "qualite": "titulaire"})
    tables["documents"].append(document("documents/d2.pdf", PDF2, id="D2", date_document="2026-11-20"))
    tables["mouvements"][1] = dict(tables["mouvements"][1], id="MV3")


def two(actor: Actor, folder: Path) -> tuple[Import, Import]:
    """A first import, then the one that is taken back."""
    first = load(actor, make_dossier(folder / "a.zip"))
    done = load(
        actor,
        make_dossier(folder / "b.zip", changed(second), {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF2}),
    )
    assert done.etat == EtatImport.APPLIQUE, done.message
    return first, done


def online(actor: Actor) -> dict[str, Any]:
    """Every live row, as the database holds it."""
    open_actor(actor)
    found: dict[str, Any] = {}
    for model in (Tiers, CompteClient, Mouvement, Document):
        for row in model.objects.visible_to(actor).filter(archive_le__isnull=True).order_by("id"):
            facts = {k: v for k, v in vars(row).items() if not k.startswith("_")}
            found[f"{model.__name__}:{row.reference}"] = facts
    return found


def droits(actor: Actor) -> set[tuple[Any, ...]]:
    open_actor(actor)
    return set(Droit.objects.visible_to(actor).values_list("acces_id", "cercle_id", "du", "au"))


def unit(actor: Actor, reference: str) -> UUID:
    found: UUID = rows(actor, CompteClient)[reference].unite_id
    return found


def staff(actor: Actor) -> Actor:
    """A gestionnaire of the agence."""
    return replace(actor, role=Role.GESTIONNAIRE, account_id=new_id())


def test_first_import_keeps_no_version_and_every_row_knows_its_line(actor: Actor, tmp_path: Path) -> None:
    done = load(actor, make_dossier(tmp_path / "a.zip"))
    assert Version.objects.visible_to(actor).count() == 0
    tiers = rows(actor, Tiers)
    assert [(tiers[f"T{n}"].import_id, tiers[f"T{n}"].ligne) for n in (1, 2, 3)] == [
        (done.id, 2),
        (done.id, 3),
        (done.id, 4),
    ]


def test_changes_are_counted_by_table_and_unit(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    found = {
        (c.table_nom, c.unite_id): (c.ajoutes, c.modifies, c.inchanges, c.archives)
        for c in Changement.objects.visible_to(actor).filter(import_id=done.id)
    }
    c1, c2 = unit(actor, "A1"), unit(actor, "A2")
    assert found == {
        ("tiers", actor.agence_id): (1, 1, 2, 0),
        ("comptes", c1): (0, 1, 0, 0),
        ("comptes_tiers", c1): (1, 0, 1, 0),
        ("documents", c1): (1, 0, 1, 0),
        ("mouvements", c2): (1, 0, 0, 1),
    }


def test_rollback_brings_the_former_state_back_whole(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip"))
    before, rights = online(actor), droits(actor)
    _first, done = two(actor, tmp_path)
    assert (online(actor), droits(actor)) != (before, rights)
    preview = preview_cancel(actor, done.id)
    assert (preview.refus, preview.total) == ("", 7)
    made = cancel_import(actor, done.id)
    assert made.etat == "faite"
    assert {k: made.bilan[k] for k in ("retablies", "revenues", "archivees")} == {
        "retablies": 2,
        "revenues": 1,
        "archivees": 4,
    }
    assert online(actor) == before
    assert droits(actor) == rights
    assert Import.objects.visible_to(actor).get(id=done.id).etat == EtatImport.ANNULE
    source = Source.objects.visible_to(actor).get(logiciel="essai")
    assert (source.sequence, source.fichiers, str(source.arrete_au)) == (None, {}, "2026-11-22")


def test_rollback_of_the_first_import_leaves_nothing_on_line(actor: Actor, tmp_path: Path) -> None:
    first = load(actor, make_dossier(tmp_path / "a.zip"))
    cancel_import(actor, first.id)
    assert online(actor) == {}
    assert droits(actor) == set()
    source = Source.objects.visible_to(actor).get(logiciel="essai")
    assert (source.arrete_au, source.importe_le) == (None, None)
    again = load(actor, make_dossier(tmp_path / "a.zip"))
    assert again.etat == EtatImport.APPLIQUE
    assert set(rows(actor, CompteClient)) == {"A1", "A2", "B1", "R1"}


def test_same_dossier_applies_again_after_a_rollback(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    after = online(actor)
    cancel_import(actor, done.id)
    again = load(actor, tmp_path / "b.zip")
    assert again.etat == EtatImport.APPLIQUE
    strip = ("import_id", "ligne")
    assert {k: {n: v for n, v in f.items() if n not in strip} for k, f in online(actor).items()} == {
        k: {n: v for n, v in f.items() if n not in strip} for k, f in after.items()
    }
    back = cancel_import(actor, again.id)
    assert back.etat == "faite"
    assert "Tiers:T4" not in online(actor)


def test_one_unit_is_taken_back_and_the_others_stay(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    c1, c2 = unit(actor, "A1"), unit(actor, "A2")
    cancel_import(actor, done.id, (c1,))
    assert rows(actor, CompteClient)["A1"].intitule == "A1"
    assert set(rows(actor, Document)) == {"D1"}
    assert set(rows(actor, Mouvement)) == {"MV1", "MV3"}
    # Only C1 knows these persons: they come back with it.
    assert rows(actor, Tiers)["T1"].nom == "EXEMPLE"
    assert "T4" not in rows(actor, Tiers)
    row = Import.objects.visible_to(actor).get(id=done.id)
    assert row.etat == EtatImport.APPLIQUE
    with pytest.raises(BusinessError) as refused:
        cancel_import(actor, done.id, (c1,))
    assert refused.value.code == "unite_deja_annulee"
    cancel_import(actor, done.id, (c2,))
    row.refresh_from_db(from_queryset=Import.objects.visible_to(actor))
    assert row.etat == EtatImport.ANNULE
    assert set(rows(actor, Mouvement)) == {"MV1", "MV2"}


def test_only_the_last_import_of_a_unit_is_taken_back(actor: Actor, tmp_path: Path) -> None:
    first, done = two(actor, tmp_path)
    refused = preview_cancel(actor, first.id)
    assert refused.code == "import_plus_recent"
    assert "b.zip" in refused.refus
    with pytest.raises(BusinessError):
        cancel_import(actor, first.id)
    cancel_import(actor, done.id)
    cancel_import(actor, first.id)
    assert online(actor) == {}


def test_unit_held_back_by_a_later_import_may_still_be_taken_back(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)

    def faulty(tables: Tables) -> None:
        second(tables)
        tables["comptes"][0].update(intitule="A1 ter", solde="x")
        tables["mouvements"][1]["libelle"] = "Autre"

    files = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF2}
    third = load(actor, make_dossier(tmp_path / "c.zip", changed(faulty), files))
    assert third.etat == EtatImport.PARTIEL
    c1, c2 = unit(actor, "A1"), unit(actor, "A2")
    assert preview_cancel(actor, done.id, (c2,)).code == "import_plus_recent"
    assert preview_cancel(actor, done.id, (c1,)).refus == ""
    cancel_import(actor, done.id, (c1,))
    assert rows(actor, CompteClient)["A1"].intitule == "A1"


def test_refusals_have_their_sentence(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    assert preview_cancel(actor, done.id, (new_id(),)).code == "unite_inconnue"
    with writing("test"):
        Import.objects.visible_to(actor).filter(id=done.id).update(fin_le=now() - timedelta(days=91))
    old = preview_cancel(actor, done.id)
    assert (old.code, "90 jours" in old.refus) == ("import_trop_ancien", True)
    with writing("test"):
        Import.objects.visible_to(actor).filter(id=done.id).update(fin_le=now())
    cancel_import(actor, done.id)
    assert preview_cancel(actor, done.id).code == "import_deja_annule"


def test_what_people_did_survives_even_on_rows_that_were_added(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    tiers, added = rows(actor, Tiers), rows(actor, Document)["D2"]
    account = make_account("t4@courriel.example")
    with writing("test"):
        acces = Acces.objects.visible_to(actor).get(tiers_id=tiers["T4"].id)
        acces.account_id, acces.rattache_le = account.pk, now()
        acces.email_partage = account.email
        acces.save(update_fields=["account_id", "rattache_le", "email_partage"])
        CodeAcces.objects.create(
            agence_id=actor.agence_id, id=new_id(), acces_id=acces.id, identifiant="ABCDEFGH", secret="x",
            canal="liste", emis_le=now(), expire_le=now(),
        )  # fmt: skip
        Lecture.objects.create(
            agence_id=actor.agence_id, id=new_id(), acces_id=acces.id, document_id=added.id, lu_le=now()
        )
    cancel_import(actor, done.id)
    open_actor(actor)
    assert "T4" not in rows(actor, Tiers)
    kept = Acces.objects.visible_to(actor).get(tiers_id=tiers["T4"].id)
    assert (kept.id, kept.account_id, kept.email_partage) == (acces.id, account.pk, account.email)
    assert CodeAcces.objects.visible_to(actor).filter(acces_id=acces.id).count() == 1
    assert Lecture.objects.visible_to(actor).filter(document_id=added.id).count() == 1
    load(actor, tmp_path / "b.zip")
    assert rows(actor, Document)["D2"].id == added.id
    assert rows(actor, Tiers)["T4"].id == tiers["T4"].id


def test_big_rollback_is_queued_then_done_once(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    asked = cancel_import(actor, done.id, in_background=True)
    assert (asked.etat, "Tiers:T4" in online(actor)) == ("demandee", True)
    with pytest.raises(BusinessError) as refused:
        cancel_import(actor, done.id)
    assert refused.value.code == "annulation_en_cours"
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'echanges.annuler'")
        assert len(cursor.fetchall()) == 1
    ended = run_cancel(actor, asked.id)
    assert ended is not None and ended.etat == "faite"
    assert run_cancel(actor, asked.id) is None
    assert "Tiers:T4" not in online(actor)


def test_queued_rollback_that_comes_too_late_is_refused_with_its_sentence(
    actor: Actor, tmp_path: Path
) -> None:
    _first, done = two(actor, tmp_path)
    asked = cancel_import(actor, done.id, in_background=True)
    load(
        actor,
        make_dossier(tmp_path / "c.zip", changed(lambda t: t["tiers"].pop())),
        confirmed=True,
    )
    ended = run_cancel(actor, asked.id)
    assert ended is not None and (ended.etat, "c.zip" in ended.message) == ("refusee", True)


def test_versions_older_than_ninety_days_are_erased(actor: Actor, tmp_path: Path) -> None:
    two(actor, tmp_path)
    kept = Version.objects.visible_to(actor).count()
    assert kept == 3
    assert purge_agence(actor) == 0
    open_actor(actor)
    with writing("test"):
        Version.objects.visible_to(actor).update(cree_le=now() - timedelta(days=91))
        Import.objects.visible_to(actor).update(fin_le=now() - timedelta(days=91))
    assert purge_agence(actor) == kept
    open_actor(actor)
    assert Changement.objects.visible_to(actor).count() == 0
    assert Annulation.objects.visible_to(actor).count() == 0


def test_states_of_a_row_are_told_with_import_date_and_line(actor: Actor, tmp_path: Path) -> None:
    first, done = two(actor, tmp_path)
    reader = staff(actor)
    compte = rows(actor, CompteClient)["A1"].id
    states = row_history(reader, "comptes", compte)
    assert [(s.import_id, s.ligne, s.valeurs["intitule"], s.archivee) for s in states] == [
        (first.id, 2, "A1", False),
        (done.id, 2, "A1 bis", False),
    ]
    cancel_import(actor, done.id)
    again = row_history(reader, "comptes", compte)
    assert [(s.import_id, s.valeurs["intitule"], s.annule_le is not None) for s in again] == [
        (first.id, "A1", False),
        (done.id, "A1 bis", True),
        (first.id, "A1", False),
    ]
    with pytest.raises(Invisible):
        row_history(reader, "comptes", new_id())


def test_two_states_are_compared_in_the_agence_s_words(actor: Actor, tmp_path: Path) -> None:
    first, done = two(actor, tmp_path)
    reader = staff(actor)
    compte = rows(actor, CompteClient)["A1"].id
    found = [d for d in row_diff(reader, "comptes", compte, first.id, done.id) if d.change]
    assert [(d.titre, d.avant, d.apres) for d in found] == [("Intitulé du compte", "A1", "A1 bis")]
    solde = next(d for d in row_diff(reader, "comptes", compte, None, done.id) if d.colonne == "solde")
    assert (solde.avant, solde.apres, solde.change) == ("152,30", "152,30", False)
    added = rows(actor, Document)["D2"].id
    shown = {d.colonne: (d.avant, d.apres) for d in row_diff(reader, "documents", added, None, done.id)}
    assert shown["titre"] == ("", "Appel de fonds")
    assert shown["le"] == ("", "20/11/2026")
    gone = Mouvement.objects.visible_to(actor).get(reference="MV2").id
    left = {d.colonne: (d.avant, d.apres) for d in row_diff(reader, "mouvements", gone, None, done.id)}
    assert left["compte_client_id"] == ("A2", "")


def test_rows_behind_each_count(actor: Actor, tmp_path: Path) -> None:
    first, done = two(actor, tmp_path)
    reader = staff(actor)
    c1, c2 = unit(actor, "A1"), unit(actor, "A2")
    counts = changes(reader, done.id)
    assert [(c.table, c.unite_nom) for c in counts] == [
        ("tiers", "Agence"),
        ("comptes", "Résidence Un"),
        ("comptes_tiers", "Résidence Un"),
        ("documents", "Résidence Un"),
        ("mouvements", "Résidence Deux"),
    ]
    for count in counts:
        for operation, number in (("ajoute", count.ajoutes), ("modifie", count.modifies)):
            rows_found = changed_rows(reader, done.id, count.table, count.unite_id, operation).lignes
            assert len(rows_found) == number
    assert [r.nom for r in changed_rows(reader, done.id, "tiers", None, "modifie").lignes] == ["Alice AUTRE"]
    (gone,) = changed_rows(reader, done.id, "mouvements", c2, "archive").lignes
    assert (gone.reference, gone.ligne) == ("MV2", None)
    (added,) = changed_rows(reader, done.id, "documents", c1, "ajoute").lignes
    assert (added.reference, added.ligne) == ("D2", 3)
    # What the second import changed was added by the first.
    assert {r.reference for r in changed_rows(reader, first.id, "comptes", c1, "ajoute").lignes} == {"A1"}
    found, more = runs(reader)
    assert ([r.id for r in found], more) == ([done.id, first.id], False)
    assert (found[0].ajoutes, found[0].modifies, found[0].archives, found[0].annulation) == (4, 2, 1, "")


def test_a_figure_tells_its_file_and_line(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    found = rows(actor, Mouvement)
    origin = origin_of(actor, "mouvements", found["MV3"])
    assert origin is not None
    assert (origin.logiciel, origin.import_id, origin.dossier, origin.fichier, origin.ligne) == (
        "essai",
        done.id,
        "b.zip",
        "mouvements.csv",
        3,
    )


def test_history_is_for_the_staff_of_the_agence_only(actor: Actor, cast: Cast, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    open_actor(actor)
    compte = rows(actor, CompteClient)["A1"].id
    other = cast.staff("bruno", cast.b)
    assert Version.objects.visible_to(other).count() == 0
    assert changes(other, done.id) == []
    for refused in (
        lambda: row_history(other, "comptes", compte),
        lambda: preview_cancel(other, done.id),
        lambda: cancel_import(other, done.id),
    ):
        with pytest.raises(Invisible):
            refused()
    claire = cast.actor("claire")
    assert Version.objects.visible_to(claire).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from echanges_version")
        assert cursor.fetchone() == (0,)
    with pytest.raises(Forbidden):
        cancel_import(claire, done.id)


def test_command_takes_an_import_back(actor: Actor, tmp_path: Path) -> None:
    _first, done = two(actor, tmp_path)
    out = StringIO()
    call_command("dossier", "annuler", "--agence", "essai", str(done.id), "--essai", stdout=out)
    assert "7 lignes changeraient" in out.getvalue()
    call_command(
        "dossier", "annuler", "--agence", "essai", str(done.id), "--unite", "copropriete:C2", stdout=out
    )
    assert "Import annulé : 0 lignes rétablies, 1 revenues, 1 archivées" in out.getvalue()
    assert set(rows(actor, Mouvement)) == {"MV1", "MV2"}
    with pytest.raises(SystemExit) as ended:
        call_command(
            "dossier", "annuler", "--agence", "essai", str(done.id), "--unite", "copropriete:C2", stdout=out
        )
    assert ended.value.code == 2
    with pytest.raises(CommandError):
        call_command("dossier", "annuler", "--agence", "essai", str(new_id()), stdout=out)


def test_delta_after_a_rollback_waits_for_a_whole_dossier(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip", sequence=10))
    done = load(
        actor, make_dossier(tmp_path / "b.zip", changed(lambda t: t["tiers"][0].update(nom="B")), sequence=11)
    )
    cancel_import(actor, done.id)
    tiers: list[dict[str, object]] = [{"id": "T1", "nature": "PP", "nom": "DELTA"}]
    refused = load(actor, make_delta(tmp_path / "d.zip", {"tiers": tiers}, 10))
    assert refused.etat == EtatImport.REFUSE
    whole = changed(lambda t: t["tiers"][0].update(nom="C"))
    assert load(actor, make_dossier(tmp_path / "c.zip", whole, sequence=12)).etat == EtatImport.APPLIQUE
    taken = load(actor, make_delta(tmp_path / "e.zip", {"tiers": tiers}, 12))
    assert (taken.etat, rows(actor, Tiers)["T1"].nom) == (EtatImport.APPLIQUE, "DELTA")
    cancel_import(actor, taken.id)
    assert rows(actor, Tiers)["T1"].nom == "C"


def test_renamed_row_gets_its_former_reference_back(actor: Actor, tmp_path: Path) -> None:
    load(actor, make_dossier(tmp_path / "a.zip", sequence=10))
    before = online(actor)

    def rename(old: str, new: str) -> Tables:
        tables = sound_tables()
        for line in tables["tiers"]:
            line["id"] = new if line["id"] == "T3" else line["id"]
        for line in tables["comptes_tiers"]:
            line["tiers_id"] = new if line["tiers_id"] == "T3" else line["tiers_id"]
        tables["correspondances"] = [{"table": "tiers", "ancien_id": old, "nouvel_id": new}]
        return tables

    first = load(actor, make_dossier(tmp_path / "b.zip", rename("T3", "P3"), sequence=11))
    second = load(actor, make_dossier(tmp_path / "c.zip", rename("P3", "Q3"), sequence=12))
    kept = before["Tiers:T3"]["id"]
    assert rows(actor, Tiers)["Q3"].id == kept
    cancel_import(actor, second.id)
    assert rows(actor, Tiers)["P3"].id == kept
    load(actor, make_dossier(tmp_path / "d.zip", {**rename("T3", "P3"), "correspondances": []}, sequence=13))
    assert rows(actor, Tiers)["P3"].id == kept
    assert first.id != second.id
