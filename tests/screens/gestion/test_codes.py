"""Batches of codes: counted, issued, shown once."""

import re

from django.test import Client

from palier.acces.codes import issue_code
from palier.acces.models import CodeAcces
from tests.acces.codes_jeu import acces_libre
from tests.cast import Cast

PAGE = "/g/cabinet-a/codes"
CACHE = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


def preview(client: Client, etat: str = "non_emis") -> dict[str, str]:
    """Return what the preview's form sends back."""
    return dict(CACHE.findall(client.get(PAGE, {"etat": etat}).content.decode()))


def test_a_batch_is_counted_then_issued_once(cast: Cast) -> None:
    client = cast.client("gaston")
    assert "Denis Sanscode" in client.get(PAGE).content.decode()
    order = {**preview(client), "envoi": "lettres"}
    response = client.post(PAGE, order)
    assert response["Content-Type"] == "application/pdf"
    again = client.post(PAGE, order)
    assert again.status_code == 409
    assert "Denis Sanscode" not in again.content.decode()


def test_a_batch_that_changed_since_its_preview_is_shown_again(cast: Cast) -> None:
    client = cast.client("gaston")
    order = {**preview(client, "tous"), "envoi": "liste"}
    issue_code(cast.system(), acces_libre(cast).id)  # as many people as before, but a letter is on its way
    response = client.post(PAGE, order)
    assert response.status_code == 409
    page = response.content.decode()
    assert "a changé" in page and "Denis Sanscode" in page
    assert CodeAcces.objects.visible_to(cast.system()).filter(revoque_le__isnull=False).count() == 0
    assert client.post(PAGE, {"etat": "tous", "envoi": "liste"}).status_code == 409  # never previewed
    assert client.post(PAGE, {**preview(client, "tous"), "envoi": "liste"}).status_code == 200


def test_nobody_with_an_address_means_no_mail(cast: Cast) -> None:
    client = cast.client("gaston")
    response = client.post(PAGE, {**preview(client), "envoi": "courriel"})
    assert response.status_code == 422


def test_the_printed_list_is_a_pdf(cast: Cast) -> None:
    client = cast.client("gaston")
    response = client.post(PAGE, {**preview(client), "envoi": "liste"})
    assert response.content.startswith(b"%PDF")


def test_an_unknown_way_is_refused(cast: Cast) -> None:
    response = cast.client("gaston").post(PAGE, {"etat": "x", "envoi": "pigeon"})
    assert response.status_code == 422


def test_outsiders_issue_nothing(cast: Cast) -> None:
    for who in ("charlie", "bruno", "claire", "edgar"):
        assert cast.client(who).post(PAGE, {"envoi": "liste"}).status_code == 404
