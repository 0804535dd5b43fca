"""The filter by building: few as a list; beyond, found by words, and nothing of the whole is out of reach."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palier.acces.models import Cercle
from palier.core.action import writing
from palier.patrimoine.models import Immeuble
from palier.screens.gestion.queries.lieux import LISTE
from tests.cast import Cast
from tests.test_pages import QUERIES, WEIGHT, queries, weight

NAMES = ("personnes", "documents", "codes")
MANY = 1000
OPTION = re.compile(r'<option value="([0-9a-f-]{36})"')
VOIES = (
    "rue des Tilleuls",
    "avenue Jean-Jaurès",
    "place du Vieux-Marché",
    "boulevard Carnot",
    "impasse Zola",
)


def address(name: str) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a"})


def build(cast: Cast, count: int) -> list[Immeuble]:
    """So many buildings more, each with an address of its own but the last two, that have none."""
    actor = cast.system()
    maison = cast.a
    facts = [maison._imported("immeubles", f"X{n}") for n in range(count)]
    with writing("test"):
        Cercle.objects.unguarded("fixtures").bulk_create(
            [
                Cercle(agence_id=actor.agence_id, id=f["id"], genre="occupants", objet_id=f["id"])
                for f in facts
            ]
        )
        made: list[Immeuble] = Immeuble.objects.unguarded("fixtures").bulk_create(
            [
                Immeuble(
                    **f,
                    cercle_id=f["id"],
                    **({"numero": str(n), "voie": VOIES[n % 5], "commune": "Albi"} if n < count - 2 else {}),
                )
                for n, f in enumerate(facts)
            ]
        )
    return made


@pytest.fixture
def many(cast: Cast) -> list[Immeuble]:
    return build(cast, MANY)


def shown(client: Client, name: str, **fields: Any) -> str:
    response = client.get(address(name), fields)
    assert response.status_code == 200
    return str(response.content.decode())


def chosen(html: str) -> str:
    """The value of the building that the list says chosen; empty when the list says all, or is not there."""
    found = re.search(r'<select[^>]*name="lieu".*?</select>', html, re.DOTALL)
    picked = re.search(r'<option value="([^"]*)" selected>', found.group(0)) if found else None
    return picked.group(1) if picked else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_buildings_weigh_nothing(cast: Cast, many: list[Immeuble], name: str) -> None:
    client = cast.client("gaston")
    client.get(address(name))
    words = "?immeuble=rue"  # two hundred answer
    for where in ("", words, f"?lieu={many[-3].id}"):
        status, count, body, _kind = queries(client, address(name) + where)
        assert (status, count <= QUERIES, weight(body) <= WEIGHT) == (200, True, True), (
            where,
            count,
            len(body),
        )
        assert len(OPTION.findall(body.decode())) <= LISTE, where
    assert "Il y en a d’autres : précisez la recherche." in shown(client, name, immeuble="rue")


@pytest.mark.parametrize("name", NAMES)
def test_any_of_a_thousand_buildings_is_found_and_stays_chosen(
    cast: Cast, many: list[Immeuble], name: str
) -> None:
    client = cast.client("gaston")
    # The first, one whose number others begin with, the last of its street, and those without address.
    for n in (0, 1, 11, 99, MANY - 3):
        wanted = many[n]
        html = shown(client, name, immeuble=f"{n} {wanted.voie}, albi")
        assert chosen(html) == str(wanted.id), n
    for n in (MANY - 2, MANY - 1):
        html = shown(client, name, immeuble=f"X{n}")
        assert chosen(html) == str(many[n].id), n
        assert f"Immeuble sans adresse (X{n})" in html
    html = shown(client, name, lieu=str(many[500].id))
    assert chosen(html) == str(many[500].id)
    assert "500 rue des Tilleuls, Albi" in html
    # Another one is looked for while one is chosen: the words win.
    html = shown(client, name, lieu=str(many[500].id), immeuble=f"7 {many[7].voie}, albi")
    assert chosen(html) == str(many[7].id)


def test_words_that_several_buildings_bear_are_chosen_from_before_anything_is_filtered(
    cast: Cast, many: list[Immeuble]
) -> None:
    client = cast.client("gaston")
    html = shown(client, "personnes", immeuble="99 jean-jaurès")
    assert "Plusieurs immeubles portent ces mots" in html
    assert "data-ligne" not in html
    assert OPTION.findall(html) == [str(many[n].id) for n in sorted((n for n in range(MANY) if "99" in str(n) and n % 5 == 1),
                                                        key=lambda n: f"{n} avenue")]  # fmt: skip
    html = shown(client, "personnes", immeuble="zzz")
    assert "Aucun immeuble ne porte ces mots" in html
    assert "data-ligne" not in html
    for odd in ("% _ ' \\", "x" * 500):
        shown(client, "personnes", immeuble=odd)
    html = shown(client, "codes", immeuble="rue")
    assert "Plusieurs immeubles portent ces mots" in html
    assert 'name="envoi"' not in html


def test_the_building_found_filters_the_list(cast: Cast, many: list[Immeuble]) -> None:
    client, place = cast.client("gaston"), str(cast.rows["copropriete"].id)
    by_id = re.findall(r"data-ligne>([^<]+)</a>", shown(client, "personnes", lieu=place))
    html = shown(client, "personnes", immeuble="residence les tilleuls")
    assert (chosen(html), re.findall(r"data-ligne>([^<]+)</a>", html)) == (place, by_id)
    assert len(by_id) == 4
    html = shown(client, "documents", immeuble="12 rue des tilleuls toulouse")
    assert chosen(html) == str(cast.rows["immeuble"].id)
    assert re.findall(r"data-ligne>([^<]+)</a>", html) == ["CANARI-A-OCCUPANTS affichage"]


def test_few_buildings_are_a_list(cast: Cast) -> None:
    html = shown(cast.client("gaston"), "personnes")
    assert 'name="immeuble"' not in html
    place = str(cast.rows["copropriete"].id)
    assert f'<option value="{place}">Résidence Les Tilleuls</option>' in html
    assert chosen(shown(cast.client("gaston"), "personnes", lieu=place)) == place


def test_the_buildings_of_another_agence_are_never_found(cast: Cast, many: list[Immeuble]) -> None:
    where = reverse("gestion:personnes", kwargs={"agence": "agence-b"})
    html = cast.client("bruno").get(where, {"immeuble": "rue des Tilleuls"}).content.decode()
    assert "rue des Tilleuls, Albi" not in html
    html = cast.client("bruno").get(where, {"lieu": str(many[0].id)}).content.decode()
    assert "rue des Tilleuls, Albi" not in html
