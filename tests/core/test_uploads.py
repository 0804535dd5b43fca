"""What a request may send is judged before it is read, and counted while it comes."""

import io
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings

from palier.core.uploads import CountingHandler
from tests.cast import Cast


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("address", ["/connexion", "/activer", "/g/cabinet-a/imports/deposer"])
def test_form_that_announces_too_much_is_refused_unread(cast: Cast, address: str) -> None:
    client = cast.client("gaston") if address.startswith("/g/") else Client()
    with override_settings(UPLOAD_MAX_BYTES=1000, IMPORT_MAX_BYTES=1000):
        response = client.generic(
            "POST", address, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9),
            **{"wsgi.input": Unread()},
        )  # fmt: skip
    assert response.status_code == 413
    assert "trop volumineux" in response.content.decode()


def test_upload_is_stopped_while_it_comes_when_its_header_lied(rf: RequestFactory) -> None:
    handler = CountingHandler(rf.post("/"), 10)
    assert handler.receive_data_chunk(b"12345678", 0) == b"12345678"
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(b"90123", 8)


def test_file_beyond_the_limit_stops_with_the_page_of_413(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.client("gaston")
    monkeypatch.setattr("palier.core.uploads.CountingHandler.__init__", _tight)
    sent = SimpleUploadedFile("d.zip", b"PK" + b"0" * 5000, "application/zip")
    response = client.post("/g/cabinet-a/imports/deposer", {"dossier": sent})
    assert response.status_code == 413
    assert "trop volumineux" in response.content.decode()


def _tight(self: CountingHandler, request: Any, maximum: int) -> None:
    super(CountingHandler, self).__init__(request)
    self.maximum, self.received = 1000, 0


def test_small_form_passes(cast: Cast) -> None:
    sent = SimpleUploadedFile("d.zip", b"rien", "application/zip")
    response = cast.client("gaston").post("/g/cabinet-a/imports/deposer", {"dossier": sent})
    assert response.status_code == 302
