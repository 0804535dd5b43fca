"""The life of a session, decided by the server: one hour idle, one day in all (security.md S3)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from palier.accounts.session_store import OPENED
from palier.core import dates

_SEEN = "vu_le"
_SET_BACK = 300  # seconds by which a clock may be corrected without anybody noticing


def _is_over(since: int | None, now: int, longest: int) -> bool:
    """Tell whether ``longest`` is past; an instant to come is that of a clock that was wrong, and is not trusted."""
    return since is not None and not -_SET_BACK <= now - since <= longest


class SessionLife:
    """Ends a session idle for too long, or a day old however used.

    Writes the last activity at most once a minute, to spare a query a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # An agence's colour is the same for everybody and kept by caches: reading the session would make it private.
        if request.path.startswith("/agence/") and request.path.endswith(".css"):
            return self.get_response(request)
        if request.user.is_authenticated:
            self._judge(request, int(dates.now().timestamp()))
        return self.get_response(request)

    def _judge(self, request: HttpRequest, now: int) -> None:
        session = request.session
        seen, opened = session.get(_SEEN), session.get(OPENED)
        if _is_over(seen, now, settings.SESSION_IDLE_SECONDS) or _is_over(
            opened, now, settings.SESSION_COOKIE_AGE
        ):
            logout(request)
            return
        if opened is None:  # opened by other means than our pages: counted from here
            session[OPENED] = now
        request.veille = settings.SESSION_IDLE_SECONDS  # type: ignore[attr-defined]  # the page warns before (base.html)
        # A page that polls says so, and does not keep the session alive.
        if (seen is None or now - seen >= 60) and "HTTP_X_PALIER_SONDE" not in request.META:
            session[_SEEN] = now
