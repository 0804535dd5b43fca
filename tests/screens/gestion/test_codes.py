"""Batches of codes: counted, issued, shown once."""

from tests.cast import Cast

PAGE = "/g/cabinet-a/codes"


def test_a_batch_is_counted_then_issued_once(cast: Cast) -> None:
    client = cast.client("gaston")
    assert "Denis Sanscode" in client.get(PAGE).content.decode()
    response = client.post(PAGE, {"etat": "non_emis", "nombre": "1", "envoi": "lettres"})
    assert response["Content-Type"] == "application/pdf"
    again = client.post(PAGE, {"etat": "non_emis", "nombre": "1", "envoi": "lettres"})
    assert again.status_code == 409
    assert "Denis Sanscode" not in again.content.decode()


def test_a_batch_that_changed_since_its_preview_is_shown_again(cast: Cast) -> None:
    response = cast.client("gaston").post(PAGE, {"etat": "non_emis", "nombre": "5", "envoi": "liste"})
    assert response.status_code == 409
    assert "a changé" in response.content.decode()


def test_nobody_with_an_address_means_no_mail(cast: Cast) -> None:
    response = cast.client("gaston").post(PAGE, {"etat": "non_emis", "nombre": "1", "envoi": "courriel"})
    assert response.status_code == 422


def test_the_printed_list_is_a_pdf(cast: Cast) -> None:
    response = cast.client("gaston").post(PAGE, {"etat": "non_emis", "nombre": "1", "envoi": "liste"})
    assert response.content.startswith(b"%PDF")


def test_an_unknown_way_is_refused(cast: Cast) -> None:
    response = cast.client("gaston").post(PAGE, {"etat": "x", "nombre": "1", "envoi": "pigeon"})
    assert response.status_code == 422


def test_outsiders_issue_nothing(cast: Cast) -> None:
    for who in ("charlie", "bruno", "claire", "edgar"):
        assert cast.client(who).post(PAGE, {"nombre": "1", "envoi": "liste"}).status_code == 404
