"""Reads the cookie choice of each request, and counts the pages shown."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from palier.vie_privee.audience.mesure import count, flush
from palier.vie_privee.temoins.choix import read_choice

_log = logging.getLogger(__name__)
_UNCOUNTED = ("/static/", "/agence/", "/healthz", "/readyz", "/api/", "/.well-known", "/demo/")


class Temoins:
    """Sets ``request.temoins``; counts full pages seen, unless the visitor refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choice = read_choice(request)
        request.temoins = choice  # type: ignore[attr-defined]
        response = self.get_response(request)
        if choice.mesure and _is_page(request, response) and not _refuses(request):
            page = getattr(request, "page", None)
            match = request.resolver_match
            owner = page.espace.agence_id if page is not None and page.espace else None
            if owner is None and page is not None and page.agence:
                owner = page.agence.id
            if match is not None and count(match.view_name or "", _public(request), owner):
                _write()
        return response


def _write() -> None:
    """Write the counts; the page that was due to do it never fails for them."""
    try:
        flush()
    except DatabaseError:
        _log.warning("Audience counts lost", exc_info=True)


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and "HTTP_HX_REQUEST" not in request.META
        and "HTTP_X_PALIER_SONDE" not in request.META
        and response.get("Content-Type", "").startswith("text/html")
        and not request.path.startswith(_UNCOUNTED)
    )


def _refuses(request: HttpRequest) -> bool:
    """A person whose data is under restriction or who objected is in no statistics (RGPD art. 18 and 21)."""
    return bool(getattr(request.user, "hors_statistiques", False))


def _public(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return "visiteur"
    if request.path.startswith("/g/"):
        return "equipe"
    return "exploitant" if request.path.startswith("/exploitant") else "client"
