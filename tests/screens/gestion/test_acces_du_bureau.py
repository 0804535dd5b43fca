"""The desk's door: its own staff, and nobody else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palier.core.action import writing
from tests.cast import Cast

OUTSIDERS = ("charlie", "bruno", "claire", "conrad", "sans", "edgar")
MOST_QUERIES = 8


def addresses(cast: Cast) -> dict[str, str]:
    """Every page of the desk of A that answers to GET, with objects of A."""
    acces = cast.acces["claire"].id
    document = cast.documents["claire"].id
    plain = ("accueil", "plus", "personnes", "codes", "imports", "documents", "equipe", "journal")
    found = {name: reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a"}) for name in plain}
    found["personne"] = reverse("gestion:personne", kwargs={"agence": "cabinet-a", "acces": acces})
    found["dissocier"] = reverse("gestion:dissocier", kwargs={"agence": "cabinet-a", "acces": acces})
    found["document"] = reverse("gestion:document", kwargs={"agence": "cabinet-a", "document": document})
    found["telecharger"] = reverse(
        "gestion:telecharger", kwargs={"agence": "cabinet-a", "document": document}
    )
    return found


def business_queries(captured: CaptureQueriesContext) -> list[str]:
    """The statements of a page, without the transactions' bookkeeping."""
    skipped = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(skipped)]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_get_404_on_every_page_of_the_desk(cast: Cast, who: str) -> None:
    client = cast.client(who)
    answers = {name: client.get(address).status_code for name, address in addresses(cast).items()}
    assert answers == dict.fromkeys(answers, 404)


def test_an_anonymous_visitor_is_sent_to_sign_in(cast: Cast) -> None:
    client = cast.client("anonyme")
    for address in addresses(cast).values():
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/connexion")


@pytest.mark.parametrize("who", ["gaston", "adele"])
def test_staff_opens_every_page_within_eight_queries(cast: Cast, who: str) -> None:
    client = cast.client(who)
    client.get(addresses(cast)["accueil"])  # the session's first write of the minute
    for name, address in addresses(cast).items():
        if name == "telecharger":
            continue
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, name
        assert len(business_queries(captured)) <= MOST_QUERIES, (name, business_queries(captured))


def test_only_an_administrator_opens_the_settings(cast: Cast) -> None:
    address = reverse("gestion:reglages", kwargs={"agence": "cabinet-a"})
    assert cast.client("adele").get(address).status_code == 200
    assert cast.client("gaston").get(address).status_code == 403
    assert cast.client("bruno").get(address).status_code == 404


def test_staff_sees_no_object_of_another_agence(cast: Cast) -> None:
    client = cast.client("gaston")
    foreign = reverse("gestion:personne", kwargs={"agence": "cabinet-a", "acces": cast.acces["charlie"].id})
    assert client.get(foreign).status_code == 404
    document = reverse(
        "gestion:document", kwargs={"agence": "cabinet-a", "document": cast.documents["b_charlie"].id}
    )
    assert client.get(document).status_code == 404
    page = client.get(reverse("gestion:personnes", kwargs={"agence": "cabinet-a"})).content.decode()
    assert "Charlie" not in page


@pytest.mark.parametrize(
    "name", ["personnes", "documents", "imports", "journal", "equipe", "codes", "accueil"]
)
def test_lists_cost_the_same_for_one_row_and_three(cast: Cast, name: str) -> None:
    client = cast.client("gaston")
    address = reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a"})
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    with writing("test"):
        add_rows(cast)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(business_queries(before)) == len(business_queries(after))


def add_rows(cast: Cast) -> None:
    """Three more of everything that the desk lists."""
    from palier.acces.droits import recompute
    from palier.core.dates import now
    from palier.echanges.models import Import

    cast.system()
    house: Any = cast.a
    for n in range(3):
        tiers = house.tiers("Mme", f"Nouvelle{n}", "Venue")
        compte = house.compte("coproprietaire", f"VENUE {n}", cast.rows["copropriete"])
        house.titre(compte, tiers)
        house.document(f"Avis {n}", cast.rows["copropriete"].cercle_id)
        Import.objects.create(agence_id=house.agence.id, nom_fichier=f"{n}.zip", depot="", recu_le=now())
    recompute(house.agence.id)
