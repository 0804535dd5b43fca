"""The documents of a space: list, search, one document, its file, all of them."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palier.core import vault
from palier.core.action import writing
from palier.ged.models import Fichier, Lecture
from tests.cast import Cast
from tests.factories import pdf

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def base(cast: Cast) -> str:
    """Return the address of Claire's documents."""
    return f"/e/{cast.espace_id('claire')}/documents"


def add(cast: Cast, number: int, **facts: Any) -> Any:
    """Publish ``number`` documents on Claire's compte; return the last."""
    cast.system()
    row = None
    with writing("test"):
        for n in range(number):
            row = cast.a.document(
                facts.get("titre", f"Document {n:03d}"), cast.rows["comptes"]["claire"].cercle_id,
                facts.get("le", date(2026, 1, 1 + n % 28)), portee="compte", audience="compte",
                categorie=facts.get("categorie", "appel_de_fonds"),
                content=facts.get("content", pdf(f"contenu {n} {facts.get('titre', '')}")),
            )  # fmt: skip
    return row


def statements(client: Any, adresse: str) -> int:
    """Return how many statements a page costs, transaction control left out."""
    client.get(adresse)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(adresse).status_code == 200
    return len([q for q in seen.captured_queries if not str(q["sql"]).startswith(CONTROL)])


@pytest.mark.parametrize("page", ["", "documents", "documents?q=appel", "compte", "bien", "plus"])
def test_a_page_costs_the_same_for_one_row_and_for_many(cast: Cast, page: str) -> None:
    client, adresse = cast.client("claire"), f"/e/{cast.espace_id('claire')}/{page}"
    few = statements(client, adresse)
    add(cast, 30)
    cast.system()
    compte = cast.rows["comptes"]["claire"]
    with writing("test"):
        for n in range(30):
            cast.a.mouvement(compte, f"Ligne {n}", date(2026, 5, 1), debit="1.00")
            cast.a.echeance(compte, f"Appel {n}", "1.00", date(2026, 11, 1), exigible=date(2027, 2, 1))
    assert statements(client, adresse) == few <= 8


def test_opening_a_document_costs_at_most_eight_statements(cast: Cast) -> None:
    adresse = f"{base(cast)}/{cast.documents['claire'].id}"
    assert statements(cast.client("claire"), adresse) <= 8


@pytest.mark.parametrize("page", ["", "/texte"])
def test_first_opening_of_an_unread_document_costs_at_most_eight_statements(cast: Cast, page: str) -> None:
    client = cast.client("claire")
    client.get(base(cast))  # the first page of a session writes when it was last seen
    for name in ("claire", "tous"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{base(cast)}/{cast.documents[name].id}{page}").status_code == 200
        kept = [q for q in seen.captured_queries if not str(q["sql"]).startswith(CONTROL)]
        assert len(kept) <= 8, [q["sql"][:90] for q in kept]


@pytest.mark.parametrize("page", ["", "documents", "compte", "bien", "plus", "documents/{document}"])
def test_a_page_looked_at_by_the_staff_costs_at_most_eight_statements(cast: Cast, page: str) -> None:
    client = cast.client("gaston")
    client.post(f"/g/cabinet-a/personnes/{cast.acces['claire'].id}/voir")
    adresse = f"/g/cabinet-a/vue/{cast.espace_id('claire')}/{page.format(document=cast.documents['tous'].id)}"
    assert statements(client, adresse) <= 8


def test_pages_by_key_show_every_document_once(cast: Cast) -> None:
    add(cast, 60)
    client, adresse, seen = cast.client("claire"), base(cast), []
    import re

    while adresse:
        html = client.get(adresse).content.decode()
        seen += re.findall(r'class="ligne-titre" href="[^"]*/documents/([0-9a-f-]{36})', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        adresse = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 63


@pytest.mark.parametrize(
    "words", ["régularisation", "REGULARISATION", "régularisations", "regul", "charge annuelle", "chaudieres"]
)
def test_search_forgives_accents_plurals_and_unfinished_words(cast: Cast, words: str) -> None:
    row = add(cast, 1, titre="Régularisation annuelle des charges", content=pdf("entretien de la chaudière"))
    client = cast.client("claire")
    client.get(f"{base(cast)}/{row.id}")  # reads the text of the file
    html = client.get(base(cast), {"q": words}).content.decode()
    assert "Régularisation annuelle" in html
    assert "CANARI-A-TOUS" not in html


@pytest.mark.parametrize(
    "words", ["zzz", "' or 1=1", "a & b | !c", "(((", "\\", "%", "x" * 500, "de la", "★"]
)
def test_search_of_anything_is_a_page(cast: Cast, words: str) -> None:
    assert cast.client("claire").get(base(cast), {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "query", ["annee=abcd", "annee=99999999999", "annee=٢٠٢٦", "groupe=x", "avant=x_y", "avant=_"]
)
def test_a_filter_that_is_none_is_ignored(cast: Cast, query: str) -> None:
    html = cast.client("claire").get(f"{base(cast)}?{query}").content.decode()
    assert "CANARI-A-TOUS" in html


def test_an_empty_group_says_why(cast: Cast) -> None:
    html = cast.client("claire").get(base(cast), {"groupe": "diagnostics"}).content.decode()
    assert "décret n° 2019-502" in html and "1er juillet 2020" in html


def test_opening_marks_as_read_and_is_journalled(cast: Cast) -> None:
    client, document = cast.client("claire"), cast.documents["claire"]
    assert "ligne-neuve" in client.get(base(cast)).content.decode()
    html = client.get(f"{base(cast)}/{document.id}").content.decode()
    assert "CANARI-A-CLAIRE appel" in html and f"/documents/{document.id}/page/1.png" in html
    with connection.cursor() as cursor:
        cast.system()
        cursor.execute("select objet, role from core_journal where gesture = 'document:read'")
        assert cursor.fetchall() == [(f"document:{document.id}", "client")]
    assert Lecture.objects.visible_to(cast.system()).filter(document_id=document.id).count() == 1


def test_first_opening_reads_the_file_once(cast: Cast) -> None:
    document = cast.documents["claire"]
    cast.client("claire").get(f"{base(cast)}/{document.id}")
    fichier = Fichier.objects.visible_to(cast.system()).get(id=document.fichier_id)
    assert (fichier.pages, fichier.texte) == (1, "CANARI-A-CLAIRE appel")
    assert fichier.analyse_le is not None


def test_page_image_and_its_limits(cast: Cast) -> None:
    client, adresse = cast.client("claire"), f"{base(cast)}/{cast.documents['claire'].id}/page"
    image = client.get(f"{adresse}/1.png?largeur=480")
    assert image["Content-Type"] == "image/png" and image.content[:4] == b"\x89PNG"
    assert [client.get(f"{adresse}/{n}.png").status_code for n in (0, 2, 99999)] == [404, 404, 404]
    assert client.get(f"{adresse}/1.png?largeur=99999999999").status_code == 200


def test_download_gives_back_the_bytes_whole_by_range_and_by_head(cast: Cast) -> None:
    client, adresse = cast.client("claire"), f"{base(cast)}/{cast.documents['claire'].id}/telecharger"
    content = pdf("CANARI-A-CLAIRE appel")
    whole = client.get(adresse)
    assert whole.content == content
    assert whole["Content-Disposition"].startswith("attachment;")
    part = client.get(adresse, headers={"range": "bytes=5-9"})
    assert (part.status_code, part.content, part["Content-Range"]) == (
        206,
        content[5:10],
        f"bytes 5-9/{len(content)}",
    )
    assert client.get(adresse, headers={"range": "bytes=999999-"}).status_code == 416
    head = client.head(adresse)
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(content)))


def test_a_damaged_file_is_said_and_never_served(cast: Cast) -> None:
    document = cast.documents["claire"]
    fichier = Fichier.objects.visible_to(cast.system()).get(id=document.fichier_id)
    path = vault._path(cast.a.key, fichier.adresse)
    with Path(default_storage.path(path)).open("r+b") as stored:
        stored.seek(60)
        stored.write(b"\x00\x01\x02")
    client = cast.client("claire")
    for part in ("/telecharger", "/page/1.png"):
        response = client.get(f"{base(cast)}/{document.id}{part}")
        assert response.status_code == 409
        assert "abîmé" in response.content.decode()
    assert client.get(f"{base(cast)}/{document.id}").status_code == 200
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from core_journal where detail ? 'fichier_abime'")
        assert cursor.fetchone() == (2,)


def test_everything_in_one_zip_of_the_filter(cast: Cast) -> None:
    add(cast, 3)
    client = cast.client("claire")
    page = client.get(base(cast), {"groupe": "charges"}).content.decode()
    assert "Télécharger les 3 documents" in page
    response = client.get(f"{base(cast)}.zip", {"groupe": "charges"})
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as found:
        assert len(found.namelist()) == 3
        assert found.testzip() is None
    assert client.get(f"{base(cast)}.zip", {"groupe": "diagnostics"}).status_code == 404
    cast.system()
    with connection.cursor() as cursor:
        cursor.execute(
            "select jsonb_array_length(detail->'documents') from core_journal where detail ? 'documents'"
        )
        assert cursor.fetchall() == [(3,)]
    assert Lecture.objects.visible_to(cast.system()).filter(telecharge_le__isnull=False).count() == 3


def test_pages_are_private_and_never_stored(cast: Cast) -> None:
    client = cast.client("claire")
    for adresse in (base(cast), f"{base(cast)}/{cast.documents['claire'].id}", f"{base(cast)}.zip"):
        assert client.get(adresse)["Cache-Control"] == "private, no-store"
