"""``/agence/<slug>.css`` and ``/agence/<slug>/logo.png``: an agence's colour and its sign.

The same for everybody; no session, no cookie, kept by caches.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from palier.agences.models import Agence, Logo
from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.shared.couleur import stylesheet

KEPT_S = 300  # a changed colour shows within five minutes


class AgenceCss(Screen):
    """The style sheet; an unknown agence has an empty one, so that its existence is not told by a status."""

    access = Gesture.PUBLIC
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer without opening an actor: reading the session would make the answer private."""
        if request.method not in {"GET", "HEAD"}:
            return super().dispatch(request, *args, **kwargs)
        found = Agence.objects.filter(slug=kwargs["slug"]).values_list("couleur", flat=True).first()
        response = HttpResponse(
            stylesheet(kwargs["slug"], found) if found else "", content_type="text/css; charset=utf-8"
        )
        patch_cache_control(response, public=True, max_age=KEPT_S)
        # Django's login check looked at the session on the way; this answer does not depend on it.
        request.session.accessed = False
        return response


class AgenceLogo(AgenceCss):
    """The logo as we drew it; an agence without one, or unknown, has none: 404 without a word."""

    access = Gesture.PUBLIC
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return super().dispatch(request, *args, **kwargs)
        ids = Agence.objects.filter(slug=kwargs["slug"]).exclude(logo_empreinte="").values("id")
        found = Logo.objects.filter(agence_id__in=ids).values_list("contenu", flat=True).first()
        response = HttpResponse(bytes(found or b""), content_type="image/png", status=200 if found else 404)
        patch_cache_control(response, public=True, max_age=KEPT_S)
        request.session.accessed = False
        return response
