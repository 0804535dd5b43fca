"""What every request passes through: shape, language, door, and the headers that every answer carries."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404
from django.utils import translation

from palier.core.screens import declared_access, error_pages

Next = Callable[[HttpRequest], HttpResponseBase]

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none';"
    " manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_HSTS = "max-age=63072000; includeSubDomains"


class SecurityHeaders:
    """Sets the full set of headers on every answer, errors and static files included (H1)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            if name not in response:
                response[name] = value
        if settings.SECURE:
            response["Strict-Transport-Security"] = _HSTS
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


class RequestShape:
    """Refuses requests whose address holds what no address of ours holds: NUL, other control characters (I2)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or any(ord(c) < 32 or ord(c) == 127 for c in request.path):
            return error_pages().bad_request(request)
        return self.get_response(request)


class Language:
    """French unless the person chose English: by cookie, which the language form sets; never guessed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else "fr"
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)


class Door:
    """Refuses at run time a view that declared no gesture: what slipped by the import-time and system checks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if declared_access(view) is None:
            raise Resolver404({"path": request.path})
        return None
