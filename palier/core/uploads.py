"""How much a request may send: judged on what it announces before its body is read, then counted while it comes.

A screen that takes large files names, in ``uploads``, the setting that says how large. The others take little: without
this, anybody could fill the disk through the form of any public page.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponseBase

from palier.core.screens import error_pages

MARGE = 1024 * 1024  # bytes for the other fields of the form, and for its boundaries


class CountingHandler(FileUploadHandler):
    """Stops an upload beyond ``maximum`` bytes, whatever its header announced; passes the rest on."""

    def __init__(self, request: HttpRequest, maximum: int) -> None:
        super().__init__(request)
        self.maximum, self.received = maximum, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.maximum:
            raise RequestDataTooBig(f"More than {self.maximum} bytes of files.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class BodyLimit:
    """Answers 413 to a form that announces too much; counts the others. Before anything reads ``request.POST``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.content_type != "multipart/form-data":
            return None  # DATA_UPLOAD_MAX_MEMORY_SIZE bounds the others
        name = getattr(view, "palier_uploads", "") or "UPLOAD_MAX_BYTES"
        maximum = int(getattr(settings, name)) + MARGE
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isascii() and announced.isdigit() and int(announced) > maximum:
            response = error_pages().too_large(request)
            response["Connection"] = "close"  # what is still being sent is not read
            return response
        request.upload_handlers = [CountingHandler(request, maximum), *request.upload_handlers]
        return None
