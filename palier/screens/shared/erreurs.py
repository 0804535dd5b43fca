"""Error pages: what happened, what to do; never a trace, never a difference between hidden and absent."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from palier.core.errors import BusinessError
from palier.core.screens import Page

_BARE = {
    "fr": (
        "Un incident de notre côté",
        "Palier n'a pas pu répondre. Rien n'est perdu : réessayez dans quelques minutes.",
    ),
    "en": ("A problem on our side", "Palier could not answer. Nothing is lost: try again in a few minutes."),
}


def _bare(request: HttpRequest) -> str:
    """Return the page of last resort: neither template, nor database, nor catalogue."""
    langue = "en" if getattr(request, "LANGUAGE_CODE", "fr") == "en" else "fr"
    titre, phrase = _BARE[langue]
    return (
        f'<!doctype html><html lang="{langue}"><meta charset="utf-8"><title>{titre}</title><h1>{titre}</h1>'
        f"<p>{phrase}</p></html>"
    )


def _answer(request: HttpRequest, status: int, titre: str, **context: Any) -> HttpResponse:
    page = Page(titre)
    user = getattr(request, "user", None)
    page.account = user if user is not None and user.is_authenticated else None
    return render(request, f"shared/erreurs/{status}.html", {"page": page, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood; 413 when it was stopped because it sent too much."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _answer(request, 400, _("Demande incomprise"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: visible but not allowed."""
    return _answer(request, 403, _("Accès refusé"))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form's token is missing or stale: the page was left open, or the form is not ours."""
    return _answer(request, 403, _("Accès refusé"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent, or invisible to this person; the same page, whichever it is."""
    return _answer(request, 404, _("Page introuvable"))


def method_not_allowed(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    """405: this address does not take this verb."""
    response = _answer(request, 405, _("Action impossible ici"))
    response["Allow"] = ", ".join(allowed)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than we take."""
    return _answer(request, 413, _("Envoi trop volumineux"))


def too_many(request: HttpRequest) -> HttpResponse:
    """429 when a third party's limit was reached (password reset, change of address)."""
    message = _("Trop de demandes en peu de temps : attendez quelques minutes avant de recommencer.")
    response = _answer(request, 429, _("Action impossible"), message=message)
    response["Retry-After"] = "600"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the person is told so, the trace is in our logs.

    Whatever broke may break the page of the error too: the last word needs neither template nor database.
    """
    try:
        return _answer(request, 500, _("Un incident de notre côté"))
    except Exception:
        logging.getLogger("palier.securite").exception("The error page failed too.")
        return HttpResponse(_bare(request), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the portal is being repaired."""
    return _answer(request, 503, _("Palier revient dans un instant"))


def business(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """A refusal with its own sentence."""
    page = Page(_("Action impossible"))
    user = getattr(request, "user", None)
    page.account = user if user is not None and user.is_authenticated else None
    template = "shared/erreurs/429.html" if error.status == 429 else "shared/erreurs/refus.html"
    response = render(request, template, {"page": page, "message": str(error)}, status=error.status)
    retry_after = getattr(error, "retry_after", None)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
