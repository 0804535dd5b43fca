"""The one door by which a file of the vault leaves: whole or by Range (RFC 9110 section 14), always verified first."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from palier.core.vault import WHOLE, AgenceKey, StoredFile

_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_MAX_DIGITS = 20  # no file is so long; Python reads no number of more than 4,300 digits
# A file that somebody sent never runs in our pages, whatever it holds (ASVS 3.2.1).
_SANDBOX = "default-src 'none'; sandbox"


def _slice(header: str, length: int) -> tuple[int, int] | None:
    """Return [start, stop[ for a single range, None when it cannot be satisfied."""
    match = _RANGE.fullmatch(header.strip())
    if not match or match.group(1) == match.group(2) == "":
        return None
    if match.group(1) == "":
        size = min(_position(match.group(2)), length)
        return (length - size, length) if size else None
    start = _position(match.group(1))
    stop = min(_position(match.group(2)) + 1 if match.group(2) else length, length)
    return (start, stop) if start < stop else None


def _position(digits: str) -> int:
    """Return the number that ``digits`` write; of one that is past the end of any file, only that it is."""
    return int(digits.lstrip("0")[:_MAX_DIGITS] or "0")


def disposition(name: str) -> str:
    """Return an attachment header for ``name`` (RFC 6266): ASCII fallback, then UTF-8."""
    clean = re.sub(r"[\x00-\x1f\x7f\"\\/]", "_", name).strip() or "document"
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean)}"


def file_response(
    request: HttpRequest, key: AgenceKey, address: str, length: int, *, name: str, mime: str, etag: str
) -> HttpResponseBase:
    """Answer with a file of the vault; raise ``DamagedFile`` before any byte when it is not whole and authentic."""
    stored = StoredFile(key, address, length)
    start, stop, status = 0, length, 200
    header = request.headers.get("Range", "")
    # With a false condition the range counts for nothing, even one that cannot be satisfied (section 13.1.5).
    condition = request.headers.get("If-Range", "")
    if header.startswith("bytes=") and "," not in header and condition in ("", f'"{etag}"'):
        wanted = _slice(header, length)
        if wanted is None:
            stored.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{length}"})
        start, stop, status = *wanted, 206
    response: HttpResponse | StreamingHttpResponse
    if request.method == "HEAD":
        stored.close()
        response = HttpResponse(status=status)
    elif stop - start <= WHOLE:
        response = HttpResponse(status=status)
        # Kept in pieces: joined, each byte would be copied once more.
        response.writelines(_closing(stored, start, stop))
    else:
        for _block in stored.chunks(start, stop):  # verified once whole, before the headers promise anything
            pass
        response = StreamingHttpResponse(_closing(stored, start, stop), status=status)
    response["Content-Type"] = mime
    response["Content-Length"] = str(stop - start)
    response["Content-Disposition"] = disposition(name)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = _SANDBOX
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{length}"
    return response


def _closing(stored: StoredFile, start: int, stop: int) -> Iterator[bytes]:
    try:
        yield from stored.chunks(start, stop)
    finally:
        stored.close()
