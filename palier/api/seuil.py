"""The threshold of the API: no cookie passes it, every refusal leaves it as a problem, every answer is numbered."""

import hashlib
import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from palier.api.problemes import MIME, answer, of_status

PREFIXE = "/api/v1/"
_REQUETE = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_LANGUE = re.compile(r"^\s*(fr|en)(?:-[a-z]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$", re.IGNORECASE)


def language(request: HttpRequest) -> str:
    """Return fr or en: ``?langue=``, then Accept-Language, French by default."""
    asked = request.GET.get("langue", "")
    if asked in {"fr", "en"}:
        return asked
    best, weight = "fr", 0.0
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        found = _LANGUE.match(part)
        if found and float(found[2] or 1) > weight:
            best, weight = found[1].lower(), float(found[2] or 1)
    return best


class Seuil:
    """Stands before the sessions: what a browser carries counts for nothing under /api/v1/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIXE):
            return self.get_response(request)
        given = request.headers.get("X-Request-Id", "")
        number = given if _REQUETE.fullmatch(given) else str(uuid4())
        request.palier_requete = number  # type: ignore[attr-defined]
        request.COOKIES.clear()
        request.META.pop("HTTP_COOKIE", None)
        response = self._problem(request, self.get_response(request))
        response = self._unchanged(request, response)
        response["X-Request-Id"] = number
        for name, value in getattr(request, "palier_limites", {}).items():
            response[name] = value
        if "Content-Language" not in response:
            response["Content-Language"] = language(request)
        response["Vary"] = "Accept, Accept-Language, Authorization"
        return response

    def _problem(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 or kind.startswith(MIME):
            return response
        kept = {
            name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response
        }
        with translation.override(language(request)):
            return answer(request, of_status(response.status_code, kept))

    def _unchanged(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Give a read its ETag, and 304 to whoever holds it already (RFC 9110 section 13.1.2)."""
        if request.method != "GET" or response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        held = {
            part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")
        }
        if etag in held or "*" in held:
            response = HttpResponse(status=304)
            del response["Content-Type"]
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response
