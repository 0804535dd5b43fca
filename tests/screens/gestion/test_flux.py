"""« Flux »: sources, what waits, what is refused, what changed, the history of a row, and going back."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from palier.core.action import writing
from palier.core.dates import now
from palier.echanges.historique.enums import EtatAnnulation
from palier.echanges.historique.models import Annulation
from palier.echanges.models import Anomalie, Import
from palier.patrimoine.models import CompteClient, Tiers
from tests.accessoires import import_dossier as send
from tests.cast import Cast
from tests.echanges.fabrique import PDF, document
from tests.echanges.test_import import Tables, changed
from tests.test_pages import queries

QUERIES = 8


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def owe(tables: Tables, amount: str) -> None:
    """Give the first account this balance, and the movement that makes it."""
    tables["comptes"][0]["solde"] = amount
    tables["mouvements"][0]["debit"] = amount


def second(tables: Tables) -> None:
    """One row of each kind: changed, added, gone."""
    tables["tiers"][0]["nom"] = "AUTRE"
    tables["tiers"].append({"id": "T4", "nature": "PP", "nom": "NOUVEAU"})
    owe(tables, "99.10")
    tables["documents"].append(document("documents/d2.pdf", PDF + b"% 2\n", id="D2"))
    tables["mouvements"][1] = dict(tables["mouvements"][1], id="MV3")


@pytest.fixture
def two(cast: Cast, tmp_path: Path) -> tuple[Import, Import]:
    """A first import, then one that changed something."""
    first = send(cast, tmp_path / "lundi.zip")
    assert first.etat == "applique", (first.message, first.bilan.get("codes"))
    files = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF + b"% 2\n"}
    done = send(cast, tmp_path / "mardi.zip", changed(second), files)
    assert done.etat == "applique", done.message
    return first, done


def page(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200, (where, response.status_code)
    return response.content.decode()


def touched(cast: Cast, done: Import) -> list[UUID]:
    """The units of which an import changed a row: of the second one, the agence and two copropriétés."""
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute("select distinct unite_id from echanges_changement where import_id = %s", [done.id])
        return sorted(row[0] for row in cursor.fetchall())


def account(cast: Cast) -> CompteClient:
    actor = cast.system()
    found: CompteClient = CompteClient.objects.visible_to(actor).get(reference="A1")
    return found


def test_an_agence_without_any_import_is_told_what_comes(cast: Cast) -> None:
    cast.system()
    with writing("test"), connection.cursor() as cursor:
        cursor.execute("update echanges_source set importe_le = null, arrete_au = null")
    html = page(cast.client("gaston"), address("flux"))
    for words in ("Aucun import n’est en ligne", "Aucun passage encore", "Rien en ligne"):
        assert words in html, words


def test_the_hub_says_sources_runs_and_changes(cast: Cast, two: tuple[Import, Import]) -> None:
    html = page(cast.client("gaston"), address("flux"))
    for words in ("essai, principale", "22 novembre 2026", "lundi.zip", "mardi.zip", "Ligne de commande",
                  "Par copropriété et mandat", address("connecteurs"), address("retours")):  # fmt: skip
        assert words in html, words
    assert address("cles_api") not in html  # keys are the administrator's
    theirs = page(cast.client("adele"), address("flux"))
    for name in ("cles_api", "crochets", "reglages_flux"):
        assert address(name) in theirs, name


def test_the_doors_are_eight_at_most_and_imports_are_within(cast: Cast) -> None:
    for who, name in (
        ("adele", "imports"),
        ("gaston", "connecteurs"),
        ("adele", "retours"),
        ("adele", "cles_api"),
    ):
        html = page(cast.client(who), address(name))
        doors = html.split('<nav class="portes"')[1].split("</nav>")[0]
        assert doors.count("<li") - doors.count("porte-etroite") <= 8
        lit = doors.split('aria-current="page"')
        assert len(lit) == 2 and "Flux" in lit[1].split("</li>")[0], (who, name)


@pytest.mark.parametrize("more", [0, 2])
def test_every_page_costs_the_same_for_one_run_and_three(
    cast: Cast, tmp_path: Path, two: tuple[Import, Import], more: int
) -> None:
    done = two[1]
    for n in range(more):

        def again(tables: Tables, n: int = n) -> None:
            second(tables)
            owe(tables, f"{n + 1}.00")

        files = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF + b"% 2\n"}
        done = send(cast, tmp_path / f"plus{n}.zip", changed(again), files)
    client, ligne = cast.client("gaston"), account(cast).id
    wanted = {
        address("flux"): QUERIES, address("imports"): QUERIES,
        address("changements", import_id=done.id): QUERIES,
        address("lignes_changees", import_id=done.id, table="comptes", operation="modifie"): QUERIES,
        address("lignes") + "?q=A1": QUERIES, address("lignes") + "?q=exemple": QUERIES,
        address("ligne", table="comptes", ligne=ligne): QUERIES,
        address("revenir", import_id=done.id): QUERIES,
    }  # fmt: skip
    client.get(address("flux"))
    for where, most in wanted.items():
        status, count, _body, _kind = queries(client, where)
        assert (status, count <= most) == (200, True), (where, count)


def test_what_is_refused_is_grouped_and_leads_to_the_report(cast: Cast, two: tuple[Import, Import]) -> None:
    done = two[1]
    cast.system()
    with writing("test"):
        done.bilan["codes"] = {"portee_inconnue": 40}
        done.save(update_fields=["bilan"])
        for rang in (1, 2):
            Anomalie.objects.create(
                agence_id=done.agence_id, import_id=done.id, rang=rang, gravite="LIGNE", code="portee_inconnue",
                table="documents", ligne=12, colonne="portee_id", message="« portee_id » est inconnu.",
                conseil="Corrigez l’identifiant.",
            )  # fmt: skip
    html = page(cast.client("gaston"), address("flux"))
    where = address("import", import_id=done.id)
    for words in (
        f"{where}#code-portee_inconnue",
        "40 fois",
        "Corrigez l’identifiant.",
        "« portee_id » est inconnu.",
    ):
        assert words in html, words
    assert html.count("« portee_id » est inconnu.") == 1
    assert 'id="code-portee_inconnue"' in page(cast.client("gaston"), where)


def test_what_waits_is_confirmed_or_given_up_from_the_hub(cast: Cast) -> None:
    cast.system()
    with writing("test"):
        row: Import = Import.objects.create(
            agence_id=cast.a.agence.id, nom_fichier="nuit.zip", depot="", etat="a_confirmer", recu_le=now(),
            message="La table comptes perdrait 180 lignes sur 200.",
        )  # fmt: skip
    client = cast.client("gaston")
    html = page(client, address("flux"))
    for words in ("perdrait 180 lignes", address("import_confirmer", import_id=row.id),
                  address("import_abandonner", import_id=row.id)):  # fmt: skip
        assert words in html, words
    assert client.post(address("import_abandonner", import_id=row.id)).status_code == 302
    assert "perdrait 180" not in page(client, address("flux"))


def test_changes_by_table_and_unit_down_to_the_rows(cast: Cast, two: tuple[Import, Import]) -> None:
    client, done = cast.client("gaston"), two[1]
    html = page(client, address("changements", import_id=done.id))
    for words in ("Résidence Un", "Résidence Deux", "Toutes les unités"):
        assert words in html, words
    only = page(client, address("changements", import_id=done.id) + "?table=mouvements")
    assert "Résidence Deux" in only and "/changements/comptes/" not in only
    rows = page(client, address("lignes_changees", import_id=done.id, table="tiers", operation="ajoute"))
    assert ">T4<" in rows and ">T1<" not in rows
    for table, operation in (("tiers", "inconnu"), ("rien", "ajoute")):
        where = address("lignes_changees", import_id=done.id, table=table, operation=operation)
        assert client.get(where).status_code == 404
    read = csv.DictReader(io.StringIO(
        client.get(address("changements_fichier", import_id=done.id, forme="csv")).content.decode("utf-8-sig")
    ), delimiter=";")  # fmt: skip
    assert ("comptes", "1") in {(line["table"], line["modifiees"]) for line in read}
    found = json.loads(client.get(address("changements_fichier", import_id=done.id, forme="json")).content)
    assert {"tiers", "comptes", "documents", "mouvements"} <= {c["table"] for c in found["changements"]}
    assert client.get(address("changements_fichier", import_id=done.id, forme="xls")).status_code == 404


def test_a_row_is_found_by_reference_and_by_name(cast: Cast, two: tuple[Import, Import]) -> None:
    client = cast.client("gaston")
    for q, words in (("A1", "A1"), ("MV3", "MV3"), ("alice autre", "T1"), ("A1/T1/2019-03-01", "A1|T1|2019-03-01"),
                     ("residence deux", "C2")):  # fmt: skip
        html = page(client, address("lignes") + f"?q={q}")
        assert f">{words}<" in html, q
    assert "Aucune ligne ne correspond" in page(client, address("lignes") + "?q=zzz")
    assert ">A1<" not in page(client, address("lignes") + "?q=A1&table=tiers")
    page(client, address("lignes") + "?q='%25_|&table=rien")


def test_the_history_of_a_row_says_each_origin_and_compares(cast: Cast, two: tuple[Import, Import]) -> None:
    client, compte = cast.client("gaston"), account(cast)
    where = address("ligne", table="comptes", ligne=compte.id)
    html = page(client, where)
    for words in ("152,30", "99,10", "comptes.csv", "ligne 2", "lundi.zip", "mardi.zip", "essai, principale"):
        assert words in html, words
    same = page(client, where + "?avant=2&apres=2")
    assert "Rien ne diffère" in same
    first = page(client, where + f"?import={two[0].id}")
    assert "152,30" in first.split("Ce qui diffère")[1] and "99,10" not in first.split("Tous ses états")[0]
    for odd in ("?avant=9&apres=9", "?avant=x", "?avant=²&apres=1", "?import=zzz"):
        assert client.get(where + odd).status_code == 200
    assert client.get(address("ligne", table="rien", ligne=compte.id)).status_code == 404
    assert client.get(address("ligne", table="tiers", ligne=compte.id)).status_code == 404


def test_opening_the_row_of_a_person_is_written_in_his_journal(cast: Cast) -> None:
    tiers = cast.rows["tiers"]["claire"]
    page(cast.client("gaston"), address("ligne", table="tiers", ligne=tiers.id))
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from core_journal where gesture = 'personne:read' and acces_id = %s",
            [cast.acces["claire"].id],
        )
        assert cursor.fetchone() == (1,)


def test_going_back_is_seen_then_confirmed(cast: Cast, two: tuple[Import, Import]) -> None:
    client, done = cast.client("gaston"), two[1]
    where = address("revenir", import_id=done.id)
    html = page(client, where)
    for words in ("Ce qui changerait en ligne", "Résidence Un", "Je veux revenir"):
        assert words in html, words
    assert client.post(where).status_code == 422
    assert str(account(cast).solde) == "99.10"
    answer = client.post(where, {"compris": "oui"}, follow=True)
    assert "L’état d’avant est revenu" in answer.content.decode()
    assert str(account(cast).solde) == "152.30"
    assert "déjà annulé" in page(client, where)
    assert client.post(where, {"compris": "oui"}).status_code == 409
    assert "Annulé" in page(client, address("flux"))


def test_going_back_for_one_unit_leaves_the_others(cast: Cast, two: tuple[Import, Import]) -> None:
    client, done, unit = cast.client("gaston"), two[1], account(cast).unite_id
    where = address("revenir", import_id=done.id)
    assert "pour 1 unité" in page(client, where + f"?unite={unit}")
    assert client.post(where, {"compris": "oui", "unite": str(unit)}).status_code == 302
    assert str(account(cast).solde) == "152.30"
    actor = cast.system()
    # The person of this unit only comes back with it, as the import before had written him.
    assert Tiers.objects.visible_to(actor).get(reference="T1", import_id=two[0].id).nom != "AUTRE"
    assert "annulé en partie" in page(client, address("flux"))
    assert "déjà annulée" in page(client, where)
    assert "n’a rien changé dans cette unité" in page(client, where + f"?unite={done.id}")


@pytest.mark.parametrize("later", [0, 3])
def test_the_preview_costs_the_same_whatever_came_later(
    cast: Cast, tmp_path: Path, two: tuple[Import, Import], later: int
) -> None:
    """Later imports that speak no more for the chosen units: they are judged all the same, unit by unit."""
    files = {"documents/d1.pdf": PDF, "documents/d2.pdf": PDF + b"% 2\n"}
    units = touched(cast, two[1])
    assert len(units) == 3
    for n in range(later):

        def again(tables: Tables, n: int = n) -> None:
            second(tables)
            owe(tables, f"{n + 1}.00")
            tables["coproprietes"][1]["nom"] = f"Résidence {n}"

        done = send(cast, tmp_path / f"plus{n}.zip", changed(again), files)
        cast.system()
        with writing("test"):
            # One of them was sent for no unit in particular: what it speaks for is what it changed.
            done.bilan["portee"] = {"unites": [] if n == 1 else None, "tenues": []}
            done.save(update_fields=["bilan"])
            Annulation.objects.create(
                agence_id=done.agence_id, import_id=done.id, source_id=done.source_id, etat=EtatAnnulation.FAITE,
                unites=[str(u) for u in units], demandee_le=now(), fin_le=now(),
            )  # fmt: skip
    client = cast.client("gaston")
    client.get(address("flux"))
    whole = address("revenir", import_id=two[1].id)
    some = "&".join(f"unite={u}" for u in units if u != two[1].agence_id)
    for where in (whole, f"{whole}?{some}"):
        status, count, body, _kind = queries(client, where)
        assert (status, count <= QUERIES) == (200, True), (where, count)
        assert "Ce qui changerait en ligne" in body.decode(), where


def test_only_the_last_import_is_taken_back(cast: Cast, two: tuple[Import, Import]) -> None:
    html = page(cast.client("gaston"), address("revenir", import_id=two[0].id))
    assert "a été mis en ligne depuis" in html
    assert "Je veux revenir" not in html


def test_a_person_s_page_says_where_each_figure_comes_from(cast: Cast, two: tuple[Import, Import]) -> None:
    actor = cast.system()
    from palier.acces.models import Acces

    tiers = Tiers.objects.visible_to(actor).get(reference="T1", import_id=two[1].id)
    acces = Acces.objects.visible_to(actor).get(tiers_id=tiers.id)
    html = page(cast.client("gaston"), address("personne", acces=acces.id))
    for words in (
        "Solde du compte",
        "99,10",
        "comptes.csv",
        "mardi.zip",
        address("ligne", table="comptes", ligne=account(cast).id),
    ):
        assert words in html, words


def outsiders() -> Iterator[str]:
    yield from ("bruno", "charlie", "claire", "edgar", "sans")


def test_another_agence_sees_nothing(cast: Cast, two: tuple[Import, Import]) -> None:
    done, ligne = two[1], account(cast).id
    ways: list[tuple[str, dict[str, Any]]] = [
        ("flux", {}), ("lignes", {}), ("changements", {"import_id": done.id}), ("revenir", {"import_id": done.id}),
        ("changements_fichier", {"import_id": done.id, "forme": "csv"}),
        ("lignes_changees", {"import_id": done.id, "table": "tiers", "operation": "ajoute"}),
        ("ligne", {"table": "comptes", "ligne": ligne}),
    ]  # fmt: skip
    for who in outsiders():
        client = cast.client(who)
        for name, kwargs in ways:
            assert client.get(address(name, **kwargs)).status_code == 404, (who, name)
            foreign = reverse(f"gestion:{name}", kwargs={"agence": "agence-b", **kwargs})
            if kwargs:
                assert client.get(foreign).status_code == 404, (who, name)
        assert client.post(address("revenir", import_id=done.id), {"compris": "oui"}).status_code == 404
    found = page(cast.client("bruno"), reverse("gestion:lignes", kwargs={"agence": "agence-b"}) + "?q=A1")
    assert "Aucune ligne ne correspond" in found
    assert str(account(cast).solde) == "99.10"
