"""The API as django-ninja serves it: operations, each with its gesture, and refusals told in one shape."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from palier.api.machine import Bearer
from palier.api.problemes import Probleme, answer, of_status
from palier.api.routes import contenus, imports, retours
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.screens import UndeclaredAccess

logger = logging.getLogger("palier.api")

api = NinjaAPI(
    title=_("Palier, API des imports"),
    version="1.0.0",
    description=_(
        "Ce qu’un logiciel de gestion envoie au portail : le format dossier, par des routes. Une clé vaut pour une "
        "source d’une agence ; l’administrateur de l’agence la crée et la révoque. Tout refus est un problème "
        "(RFC 9457), en français, ou en anglais par Accept-Language."
    ),
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
)
api.add_router("", imports.routeur)
api.add_router("", contenus.routeur)
api.add_router("", retours.routeur)


def operations() -> list[tuple[str, Any]]:
    """Return (path, operation) of everything that the API does."""
    return [
        (path, operation)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]


for _path, _operation in operations():
    if not isinstance(getattr(_operation.view_func, "palier_access", None), Gesture):
        raise UndeclaredAccess(f"{_path}: an operation must go through @porte(Gesture.X)")


_MOTS = {
    "missing": _("il manque"),
    "int_parsing": _("un nombre entier est attendu"),
    "uuid_parsing": _("un identifiant est attendu"),
    "string_pattern_mismatch": _("cette valeur n’est pas admise"),
    "string_too_long": _("c’est trop long"),
    "greater_than_equal": _("c’est trop petit"),
    "less_than_equal": _("c’est trop grand"),
}


def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [
        {
            "ou": ".".join(str(part) for part in fault.get("loc", ())[-2:]),
            "code": str(fault.get("type", "valeur_refusee")),
            "message": _t(_MOTS.get(str(fault.get("type")), _("cette valeur n’est pas admise"))),
        }
        for fault in error.errors
    ]
    detail = _t("Un paramètre de l’adresse n’est pas admis.")
    return answer(request, Probleme(422, "parametre_refuse", detail, erreurs=faults))


def _business(request: HttpRequest, error: BusinessError) -> HttpResponse:
    wait = getattr(error, "retry_after", None)
    headers = {"Retry-After": str(wait)} if wait else {}
    return answer(request, Probleme(error.status, error.code, str(error), headers=headers))


def _failure(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("API %s %s", request.method, request.path)
    return answer(request, of_status(500))


def _plain(status: int) -> "Handler":
    def handle(request: HttpRequest, _error: Exception) -> HttpResponse:
        return answer(request, of_status(status))

    return handle


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, of_status(error.status_code))


Handler = Callable[[HttpRequest, Any], HttpResponse]
HANDLERS: dict[type[Exception], Handler] = {
    Probleme: answer,
    ValidationError: _validation,
    BusinessError: _business,
    Invisible: _plain(404),
    Http404: _plain(404),
    Forbidden: _plain(403),
    AuthenticationError: _plain(401),
    HttpError: _http,
    DisallowedHost: _plain(400),
    SuspiciousOperation: _plain(400),
    Exception: _failure,
}
for _kind, _handler in HANDLERS.items():
    api.add_exception_handler(_kind, _handler)
