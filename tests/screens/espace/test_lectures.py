"""Whoever receives a document, whole or in part, leaves one line in the journal and one read mark: no more, no less."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from palier.ged import actions
from palier.ged.models import Lecture
from tests.cast import Cast


def address(cast: Cast, part: str = "telecharger") -> str:
    return f"/e/{cast.espace_id('claire')}/documents/{cast.documents['claire'].id}/{part}"


def onlooker(cast: Cast) -> tuple[Client, str]:
    """Return Gaston looking at Claire's space, and where her document is for him."""
    client = cast.client("gaston")
    client.post(f"/g/cabinet-a/personnes/{cast.acces['claire'].id}/voir")
    return client, f"/g/cabinet-a/vue/{cast.espace_id('claire')}/documents/{cast.documents['claire'].id}"


def lines(cast: Cast) -> list[tuple[Any, ...]]:
    """Return who read Claire's document, and whether he took it away, line by line."""
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute(
            "select role, detail ? 'telecharge' from core_journal"
            " where gesture = 'document:read' and objet = %s order by sequence",
            [f"document:{cast.documents['claire'].id}"],
        )
        return list(cursor.fetchall())


def marks(cast: Cast) -> list[bool]:
    """Return, for each read mark of Claire's document, whether it tells of a download."""
    rows = Lecture.objects.visible_to(cast.system()).filter(document_id=cast.documents["claire"].id)
    return [row.telecharge_le is not None for row in rows.order_by("id")]


PARTS = [
    ({}, 200),
    ({"range": "bytes=5-6,8-9"}, 200),
    ({"range": "bytes=5-", "if-range": '"autre"'}, 200),
    ({"range": "bytes=0-"}, 206),
    ({"range": "bytes=00-3"}, 206),
    ({"range": "bytes=-999999999"}, 206),
    ({"range": "bytes=1-"}, 206),
    ({"range": "bytes=-5"}, 206),
]


@pytest.mark.parametrize(("headers", "status"), PARTS)
def test_a_download_is_journalled_and_marked_whatever_its_range(
    cast: Cast, headers: dict[str, str], status: int
) -> None:
    assert cast.client("claire").get(address(cast), headers=headers).status_code == status
    assert (lines(cast), marks(cast)) == ([("client", True)], [True])


@pytest.mark.parametrize(("headers", "status"), PARTS)
def test_a_download_by_staff_looking_on_is_journalled_whatever_its_range(
    cast: Cast, headers: dict[str, str], status: int
) -> None:
    assert cast.client("claire").get(address(cast)).status_code == 200  # her own reading does not cover his
    client, document = onlooker(cast)
    assert client.get(f"{document}/telecharger", headers=headers).status_code == status
    assert (lines(cast), marks(cast)) == ([("client", True), ("vue", True)], [True])


@pytest.mark.parametrize("pieces", [("0-4", "5-9", "10-"), ("5-9", "10-14", "-4"), ("-4", "20-", "1-3")])
def test_a_reader_that_asks_piece_by_piece_leaves_one_line(cast: Cast, pieces: tuple[str, ...]) -> None:
    client = cast.client("claire")
    for piece in pieces:
        assert client.get(address(cast), headers={"range": f"bytes={piece}"}).status_code == 206
    assert (lines(cast), marks(cast)) == ([("client", True)], [True])


def test_pieces_asked_long_after_are_another_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = cast.client("claire")
    client.get(address(cast), headers={"range": "bytes=5-9"})
    monkeypatch.setattr(actions, "MEME_LECTURE", timedelta(days=-1))  # what was read before tomorrow is old
    client.get(address(cast), headers={"range": "bytes=5-9"})
    client.get(address(cast, "page/1.png"))
    assert lines(cast) == [("client", True), ("client", True), ("client", False)]


def test_a_page_opened_does_not_hide_a_download_in_pieces(cast: Cast) -> None:
    client = cast.client("claire")
    client.get(address(cast, "").rstrip("/"))
    before = lines(cast)
    client.get(address(cast), headers={"range": "bytes=1-"})
    assert lines(cast) == [*before, ("client", True)]


def test_what_gives_no_byte_leaves_nothing(cast: Cast) -> None:
    client = cast.client("claire")
    for headers in ({}, {"range": "bytes=0-"}, {"range": "bytes=5-"}):
        assert client.head(address(cast), headers=headers).status_code in {200, 206}
    assert client.head(address(cast, "page/1.png")).status_code == 200
    assert client.get(address(cast), headers={"range": "bytes=999999999-"}).status_code == 416
    assert client.get(address(cast, "page/9.png")).status_code == 404
    assert (lines(cast), marks(cast)) == ([], [])


def test_a_page_image_asked_directly_is_a_reading(cast: Cast) -> None:
    client = cast.client("claire")
    for largeur in (480, 1240):
        assert client.get(address(cast, f"page/1.png?largeur={largeur}")).status_code == 200
    assert (lines(cast), marks(cast)) == ([("client", False)], [False])
    other, document = onlooker(cast)
    assert other.get(f"{document}/page/1.png").status_code == 200
    assert lines(cast) == [("client", False), ("vue", False)]


def test_the_images_of_a_page_opened_add_no_line(cast: Cast) -> None:
    client = cast.client("claire")
    page = address(cast, "").rstrip("/")
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/page/1.png").status_code == 200
    assert lines(cast) == [("client", False)]
