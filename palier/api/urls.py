"""The addresses of the API, under ``/api/v1/``. Only here is a request without a form's token taken: it has a key."""

from django.urls import URLPattern, path, re_path

from palier.api.porte import in_its_language
from palier.api.service import api
from palier.api.views import Documentation, Specification, nowhere
from palier.core.access import Gesture

app_name = "api"


def _operations() -> list[URLPattern]:
    found: dict[str, URLPattern] = {}  # one by address: each answers all its verbs
    for pattern in api.urls[0]:
        route = str(pattern.pattern)
        if not isinstance(pattern, URLPattern) or pattern.name == "api-root" or route in found:
            continue
        view = in_its_language(pattern.callback)
        view.palier_access = Gesture.API  # type: ignore[attr-defined]
        view.login_required = False  # type: ignore[attr-defined]
        view.csrf_exempt = True  # type: ignore[attr-defined]
        found[route] = URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
    return list(found.values())


urlpatterns = [
    path("openapi.json", Specification.as_view(), name="openapi"),
    path("docs", in_its_language(Documentation.as_view()), name="docs"),
    *_operations(),
    re_path("^.*$", nowhere()),
]
