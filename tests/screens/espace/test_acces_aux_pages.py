"""Who reaches which page of a space: the other agence, former holders, the council, staff looking on."""

import re
from typing import Any
from uuid import UUID

import pytest

from palier.core.journal import verify
from palier.ged.models import Lecture
from tests.cast import Cast

PAGES = ("", "documents", "documents.zip", "compte", "compte/releve.csv", "compte/releve.pdf", "bien", "plus")
DU_DOCUMENT = ("", "/texte", "/page/1.png", "/telecharger")


def adresses(cast: Cast, name: str, document: str) -> list[str]:
    """Return every address of somebody's space and of one of its documents."""
    base = f"/e/{cast.espace_id(name)}/"
    one = f"{base}documents/{cast.documents[document].id}"
    return [base + page for page in PAGES] + [one + part for part in DU_DOCUMENT]


def titles(response: Any) -> set[str]:
    """Return the canaries that a page shows."""
    return set(re.findall(r"CANARI-[AB]-[A-Z]+", response.content.decode()))


@pytest.mark.parametrize("name", ["claire", "conrad", "fabien", "beatrice", "leo", "anna"])
def test_every_page_opens_to_its_owner_and_is_404_to_everybody_else(cast: Cast, name: str) -> None:
    for adresse in adresses(cast, name, name):
        assert cast.client(name).get(adresse).status_code == 200, adresse
        for other in ("charlie", "sans", "gaston", "edgar", "conrad" if name != "conrad" else "claire"):
            assert cast.client(other).get(adresse).status_code == 404, (other, adresse)
        assert cast.client("anonyme").get(adresse).status_code == 302, adresse


def test_a_document_of_another_space_is_404_in_ones_own(cast: Cast) -> None:
    for document in ("conrad", "conseil", "interne", "b_tous", "fabien_apres", "futur"):
        for part in DU_DOCUMENT:
            adresse = f"/e/{cast.espace_id('claire')}/documents/{cast.documents[document].id}{part}"
            assert cast.client("claire").get(adresse).status_code == 404, (document, part)


def test_claire_sees_each_agence_in_its_own_space_only(cast: Cast) -> None:
    claire = cast.client("claire")
    assert titles(claire.get(f"/e/{cast.espace_id('claire')}/documents")) == {
        "CANARI-A-TOUS", "CANARI-A-CLAIRE", "CANARI-A-OCCUPANTS",
    }  # fmt: skip
    assert titles(claire.get(f"/e/{cast.espace_id('claire_b')}/documents")) == {"CANARI-B-CLAIRE"}
    crossed = f"/e/{cast.espace_id('claire_b')}/documents/{cast.documents['claire'].id}"
    assert claire.get(crossed).status_code == 404


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conrad", {"CANARI-A-TOUS", "CANARI-A-CONRAD", "CANARI-A-OCCUPANTS", "CANARI-A-CONSEIL"}),
        ("fabien", {"CANARI-A-FABIEN"}),
        ("anna", {"CANARI-A-ANNA"}),
        ("leo", {"CANARI-A-LEO", "CANARI-A-OCCUPANTS"}),
    ],
)
def test_former_holders_keep_their_own_papers_only(cast: Cast, name: str, expected: set[str]) -> None:
    """Fabien sat on the council and owned a lot until 2024; Anna left in August 2025."""
    assert titles(cast.client(name).get(f"/e/{cast.espace_id(name)}/documents")) == expected


def test_the_council_tab_is_for_members_only(cast: Cast) -> None:
    assert (
        "groupe=conseil"
        in cast.client("conrad").get(f"/e/{cast.espace_id('conrad')}/documents").content.decode()
    )
    assert (
        "groupe=conseil"
        not in cast.client("claire").get(f"/e/{cast.espace_id('claire')}/documents").content.decode()
    )


def test_a_former_holder_does_not_see_todays_balance(cast: Cast) -> None:
    page = cast.client("fabien").get(f"/e/{cast.espace_id('fabien')}/compte").content.decode()
    assert "12,00" not in page
    assert "a pris fin le 30 juin 2024" in page


def test_staff_looks_on_read_only_and_leaves_no_mark(cast: Cast) -> None:
    gaston = cast.client("gaston")
    espace = cast.espaces["claire"]
    base = f"/g/cabinet-a/vue/{espace.id}/"
    assert gaston.get(base).status_code == 404  # the desk opens it first
    session = gaston.session
    session["vues"] = [str(espace.acces_id)]
    session.save()
    document = cast.documents["claire"].id
    for page in (*PAGES, f"documents/{document}", f"documents/{document}/telecharger"):
        response = gaston.get(base + page)
        assert response.status_code == 200, page
        if response["Content-Type"].startswith("text/html"):
            html = response.content.decode()
            assert f"/e/{espace.id}/" not in html
            assert "Quitter cette vue" in html
    assert not Lecture.objects.visible_to(cast.system()).exists()
    other: UUID = cast.espaces["conrad"].id
    assert gaston.get(f"/g/cabinet-a/vue/{other}/").status_code == 404
    assert verify(cast.a.agence.id)[1] is None
