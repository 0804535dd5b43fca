"""What anyone may read about the API: its specification and its page; and the end of the road for the rest."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views import View

from palier.api.openapi import specification
from palier.api.porte import in_its_language
from palier.api.problemes import answer, of_status
from palier.api.seuil import language
from palier.core.access import Gesture
from palier.core.screens import Screen


class Specification(Screen):
    """OpenAPI 3.1, in the language asked for. It asks nothing of the database."""

    access = Gesture.PUBLIC
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        text = json.dumps(specification(language(request)), ensure_ascii=False, indent=1) + "\n"
        return HttpResponse(text, content_type="application/json; charset=utf-8")


class Documentation(Screen):
    """The same for people."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "api/docs.html"
    titre = _("API des imports")

    def get(self, request: HttpRequest) -> HttpResponse:
        found = specification(language(request))
        groups: dict[str, list[dict[str, Any]]] = {}
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                entry = {**operation, "adresse": path, "verbe": method.upper()}
                groups.setdefault(operation["tags"][0], []).append(entry)
        return self.render(
            spec=found,
            groupes=groups,
            langue=language(request),
            site=settings.SITE_URL,
        )


class Nulle(Screen):
    """Any other address under /api/v1/: a problem, like every refusal here."""

    access = Gesture.PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return answer(request, of_status(404))


def nowhere() -> Any:
    """Return the view of any other address."""
    view = in_its_language(Nulle.as_view())
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view
