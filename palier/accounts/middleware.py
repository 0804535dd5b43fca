"""The life of a session, decided by the server: one hour idle (security.md S3)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

_SEEN = "vu_le"


class SessionLife:
    """Ends a session idle for too long; writes the last activity at most once a minute, to spare a query a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # An agence's colour is the same for everybody and kept by caches: reading the session would make it private.
        if request.path.startswith("/agence/") and request.path.endswith(".css"):
            return self.get_response(request)
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get(_SEEN)
            if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            # A page that polls says so, and does not keep the session alive.
            elif (seen is None or now - seen >= 60) and "HTTP_X_PALIER_SONDE" not in request.META:
                request.session[_SEEN] = now
        return self.get_response(request)
