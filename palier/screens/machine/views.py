"""/healthz and /readyz: JSON, no secret, no session."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views import View

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.machine.health import CHECKS

logger = logging.getLogger(__name__)


class Health(Screen):
    """The process answers. It asks nothing of the database: a dead database is no reason to kill the process."""

    access = Gesture.MACHINE
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"etat": "vivant"})


class Ready(Screen):
    """Visitors may come: database, migrations, storage, worker. 503 and the name of what is missing otherwise."""

    access = Gesture.MACHINE
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> JsonResponse:
        found = {name: _holds(name) for name in CHECKS}
        ready = all(found.values())
        return JsonResponse(
            {"etat": "pret" if ready else "indisponible", **found}, status=200 if ready else 503
        )


def _holds(name: str) -> bool:
    """Run one check; any failure is a plain « no » outside, and its reason in our log."""
    try:
        return CHECKS[name]()
    except Exception as error:
        logger.warning("readyz: %s: %s", name, type(error).__name__)
        return False
