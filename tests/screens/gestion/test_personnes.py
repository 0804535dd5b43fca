"""People and their access: search, codes, dissociation, view-as."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palier.core.models import Journal
from tests.cast import Cast


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def found(client: Client, **filters: str) -> list[str]:
    """The names that the list shows, in its order."""
    page = client.get(address("personnes"), filters).content.decode()
    return re.findall(r"data-ligne>([^<]+)</a>", page)


def journal_of(cast: Cast, acces: Any) -> list[str]:
    """The gestures written about an access, oldest first."""
    cast.system()
    rows = Journal.objects.unguarded("test").filter(acces_id=acces.id).order_by("sequence")
    return list(rows.values_list("gesture", flat=True))


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"q": "lefevre"}, ["Lefèvre Claire"]),
        ({"q": "LEFÈVRE claire"}, ["Lefèvre Claire"]),
        ({"q": "conrad@poste"}, ["Aubry Conrad"]),
        ({"q": "claire@courriel"}, []),  # the account's own address stays its owner's
        ({"q": "% _ ' \\"}, []),
        ({"qualite": "bailleur"}, ["Noël Béatrice"]),
        ({"qualite": "conseil"}, ["Aubry Conrad"]),
        ({"etat": "non_emis"}, ["Sanscode Denis"]),
        ({"etat": "dormant", "qualite": "locataire"}, ["Garnier Léo", "Petit Anna"]),
        ({"etat": "inconnu", "q": "sanscode"}, ["Sanscode Denis"]),
    ],
)
def test_search_finds(cast: Cast, filters: dict[str, str], names: list[str]) -> None:
    assert found(cast.client("gaston"), **filters) == names


def test_search_by_place_finds_those_who_hold_its_cercles_today(cast: Cast) -> None:
    place = str(cast.rows["copropriete"].id)
    assert found(cast.client("gaston"), lieu=place) == [
        "Aubry Conrad", "Garnier Léo", "Lefèvre Claire", "Noël Béatrice",
    ]  # fmt: skip


def test_pages_by_key_go_forward_and_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from palier.screens.gestion import personnes
    from palier.screens.gestion.queries import personnes as queries

    monkeypatch.setattr(personnes, "search", lambda *args: queries.search(*args, 3))
    client = cast.client("gaston")
    page = client.get(address("personnes")).content.decode()
    first = re.findall(r"data-ligne>([^<]+)</a>", page)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    page = client.get(following.group(1).replace("&amp;", "&")).content.decode()
    second = re.findall(r"data-ligne>([^<]+)</a>", page)
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    again = re.findall(r"data-ligne>([^<]+)</a>", client.get(back.group(1)).content.decode())
    assert (len(first), len(second)) == (3, 3)
    assert first < second
    assert again == first


@pytest.mark.parametrize("key", ["x", "AAAA", "%00", "ICAg", "é"])
def test_a_damaged_key_is_the_first_page(cast: Cast, key: str) -> None:
    for name in ("personnes", "documents", "journal", "imports"):
        assert cast.client("gaston").get(address(name), {"apres": key}).status_code in {200, 400}


def test_the_page_of_a_person_hides_the_account_address_until_it_is_shared(cast: Cast) -> None:
    from palier.acces.actions_partage import share_email

    client, page = cast.client("gaston"), address("personne", acces=cast.acces["claire"].id)
    shown = client.get(page).content.decode()
    assert "claire.lefevre@poste.example" in shown
    assert "claire@courriel.example" not in shown
    share_email(cast.actor("claire"), cast.acces["claire"].id, True)
    assert "claire@courriel.example" in client.get(page).content.decode()


def test_a_letter_is_issued_once_and_journalled(cast: Cast) -> None:
    denis = denis_acces(cast)
    client = cast.client("gaston")
    response = client.post(address("code_lettre", acces=denis.id))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert response["Cache-Control"] == "private, no-store"
    assert found(client, etat="emis") == ["Sanscode Denis"]
    assert journal_of(cast, denis) == ["code:issue"]
    client.post(address("code_revoquer", acces=denis.id))
    assert found(client, etat="revoque") == ["Sanscode Denis"]
    assert journal_of(cast, denis) == ["code:issue", "code:revoke"]


def denis_acces(cast: Cast) -> Any:
    from palier.acces.models import Acces

    actor = cast.system()
    return Acces.objects.visible_to(actor).get(tiers_id=cast.rows["tiers"]["denis"].id)


def test_dissociation_says_what_is_lost_and_ends_the_rights_at_the_next_request(cast: Cast) -> None:
    claire, gaston = cast.client("claire"), cast.client("gaston")
    space = reverse("espace:accueil", kwargs={"espace": cast.espace_id("claire")})
    assert claire.get(space).status_code == 200
    question = address("dissocier", acces=cast.acces["claire"].id)
    assert "Résidence Les Tilleuls" in gaston.get(question).content.decode()
    assert gaston.post(question).status_code == 302
    assert claire.get(space).status_code == 404
    other = reverse("espace:accueil", kwargs={"espace": cast.espace_id("claire_b")})
    assert claire.get(other).status_code == 200  # the other agence is none of A's business
    assert journal_of(cast, cast.acces["claire"])[-1] == "acces:dissociate"
    assert gaston.get(question).status_code == 422


def test_nobody_of_another_agence_dissociates_or_issues(cast: Cast) -> None:
    for who in ("bruno", "charlie", "claire", "sans"):
        client = cast.client(who)
        for name in ("dissocier", "code_lettre", "code_courriel", "code_revoquer", "vue_comme"):
            assert client.post(address(name, acces=cast.acces["claire"].id)).status_code == 404


def test_view_as_is_journalled_read_only_and_ends(cast: Cast) -> None:
    gaston, acces = cast.client("gaston"), cast.acces["claire"]
    space = reverse("vue:accueil", kwargs={"agence": "cabinet-a", "espace": cast.espace_id("claire")})
    assert gaston.get(space).status_code == 404  # not opened
    response = gaston.post(address("vue_comme", acces=acces.id))
    assert response.url == space
    page = gaston.get(space)
    assert page.status_code == 200
    assert "Vues" not in page.content.decode()
    assert "Madame Lefèvre" in page.content.decode()
    assert (
        gaston.get(reverse("espace:accueil", kwargs={"espace": cast.espace_id("claire")})).status_code == 404
    )
    conrad = reverse("vue:accueil", kwargs={"agence": "cabinet-a", "espace": cast.espace_id("conrad")})
    assert gaston.get(conrad).status_code == 404  # only the person whose view was opened
    cast.client("bruno").get(space)
    assert cast.client("bruno").get(space).status_code == 404
    assert gaston.post(reverse("vue_comme_fin")).url == address("personne", acces=acces.id)
    assert gaston.get(space).status_code == 404
    assert journal_of(cast, acces).count("personne:view_as") == 2


def test_view_as_leaves_no_read_mark(cast: Cast) -> None:
    from palier.ged.models import Lecture

    gaston = cast.client("gaston")
    gaston.post(address("vue_comme", acces=cast.acces["claire"].id))
    document = reverse(
        "vue:document",
        kwargs={
            "agence": "cabinet-a",
            "espace": cast.espace_id("claire"),
            "document": cast.documents["claire"].id,
        },
    )
    assert gaston.get(document).status_code == 200
    actor = cast.system()
    assert Lecture.objects.visible_to(actor).count() == 0
