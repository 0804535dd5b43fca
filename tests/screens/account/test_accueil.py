"""The home across agences, « Mes accès », the account's hub."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palier.acces.models import Acces
from palier.core.action import writing
from palier.core.dates import now
from tests.cast import Cast
from tests.screens.espace.test_documents import statements


def text(cast: Cast, name: str, adresse: str) -> str:
    """Return a page of somebody's."""
    response = cast.client(name).get(adresse)
    assert response.status_code == 200
    return re.sub(r"[\u00a0\u202f]", " ", response.content.decode())


def test_home_greets_then_says_what_is_due_then_the_doors(cast: Cast) -> None:
    html = text(cast, "claire", "/accueil")
    assert "<h1>Bonjour Madame Lefèvre</h1>" in html
    assert html.index("Appel du 1er trimestre 2027") < html.index("Vos espaces")
    assert "482,17 €" in html
    for name in ("claire", "claire_b"):
        assert f'/e/{cast.espace_id(name)}/"' in html
    assert 'data-agence="cabinet-a"' in html and 'data-agence="agence-b"' in html


def test_home_has_a_tab_for_each_capacity(cast: Cast) -> None:
    html = text(cast, "claire", "/accueil?qualite=locataire")
    main = html[html.index("Vos espaces") :]
    assert f"/e/{cast.espace_id('claire_b')}/" in main and f"/e/{cast.espace_id('claire')}/" not in main
    assert "Vos qualités" not in text(cast, "conrad", "/accueil")


@pytest.mark.parametrize("name", ["charlie", "sans", "conrad", "gaston"])
def test_home_shows_nothing_of_others(cast: Cast, name: str) -> None:
    for adresse in ("/accueil", "/mes-acces", "/mon-compte"):
        html = text(cast, name, adresse)
        assert str(cast.espace_id("claire")) not in html and "482,17" not in html


def test_home_without_access_leads_to_the_code(cast: Cast) -> None:
    assert 'href="/activer"' in text(cast, "sans", "/accueil")


def test_home_leads_staff_to_their_desk_and_the_operator_to_his_console(cast: Cast) -> None:
    assert 'href="/g/cabinet-a/"' in text(cast, "gaston", "/accueil")
    assert 'href="/exploitant/"' in text(cast, "edgar", "/accueil")
    assert "/g/" not in text(cast, "claire", "/accueil")


def test_new_documents_since_the_last_visit(cast: Cast) -> None:
    cast.system()
    with writing("test"):
        rows = Acces.objects.visible_to(cast.system()).filter(id=cast.acces["claire"].id)
        rows.update(derniere_visite=now() - timedelta(days=3), nouveautes_vues_le=None)
    html = text(cast, "claire", "/accueil")
    assert "CANARI-A-CLAIRE" in html and "nouveaux documents" in html
    opened = f"/e/{cast.espace_id('claire')}/documents/{cast.documents['claire'].id}"
    client = cast.client("claire")
    client.get(opened)
    assert "CANARI-A-CLAIRE" not in client.get("/accueil").content.decode()


def test_a_visit_is_written_once_an_hour(cast: Cast) -> None:
    client = cast.client("claire")
    client.get("/accueil")
    first = Acces.objects.visible_to(cast.system()).get(id=cast.acces["claire"].id).derniere_visite
    assert first is not None
    with CaptureQueriesContext(connection) as seen:
        client.get("/accueil")
        client.get(f"/e/{cast.espace_id('claire')}/")
    assert not [q for q in seen.captured_queries if "UPDATE" in str(q["sql"]).upper().split("SET")[0]]


@pytest.mark.parametrize("adresse", ["/accueil", "/mes-acces", "/mon-compte"])
def test_home_costs_the_same_for_one_row_and_for_many(cast: Cast, adresse: str) -> None:
    client = cast.client("claire")
    few = statements(client, adresse)
    cast.system()
    with writing("test"):
        for n in range(20):
            compte = cast.rows["comptes"]["claire"]
            cast.a.document(f"Neuf {n}", compte.cercle_id, portee="compte", audience="compte")
            cast.a.echeance(compte, f"Appel {n}", "1.00", date(2026, 11, 1), exigible=date(2027, 2, 1))
    assert statements(client, adresse) == few <= 8


def test_mes_acces_lists_each_agence(cast: Cast) -> None:
    html = text(cast, "claire", "/mes-acces")
    assert "Cabinet A" in html and "Agence B" in html and "Ajouter un accès" in html


def test_the_email_is_shared_with_one_agence_and_taken_back(cast: Cast) -> None:
    client, acces = cast.client("claire"), cast.acces["claire"]

    def shared() -> list[str]:
        rows = Acces.objects.visible_to(cast.system()).filter(id=acces.id)
        return [row.email_partage for row in rows]

    assert client.post(f"/mes-acces/{acces.id}/email", {"partage": "oui"}).status_code == 302
    assert shared() == ["claire@courriel.example"]
    client.post(f"/mes-acces/{acces.id}/email", {"partage": "non"})
    assert shared() == [""]


def test_nobody_shares_for_another(cast: Cast) -> None:
    adresse = f"/mes-acces/{cast.acces['claire'].id}/email"
    for name in ("charlie", "sans", "gaston", "conrad"):
        assert cast.client(name).post(adresse, {"partage": "oui"}).status_code == 404
    rows = Acces.objects.visible_to(cast.system()).filter(id=cast.acces["claire"].id)
    assert [row.email_partage for row in rows] == [""]
