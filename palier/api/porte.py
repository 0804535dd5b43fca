"""The door of each operation: its gesture, its transaction, its replays."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from pydantic import BaseModel

from palier.api.idempotence import Memo, begin, fingerprint
from palier.api.identite import Machine
from palier.api.problemes import Probleme
from palier.api.seuil import language
from palier.core.access import Gesture, may
from palier.core.actor import Actor

Operation = Callable[..., Any]
#: A body that no operation streams: none of ours needs more.
PETIT = 64 * 1024


def machine_of(request: HttpRequest) -> Machine:
    """Return the machine that the key of the request named."""
    found: Machine = request.auth  # type: ignore[attr-defined]
    return found


def actor_of(request: HttpRequest) -> Actor:
    """Return the machine as an actor."""
    return machine_of(request).actor


def reply(status: int, content: BaseModel, location: str = "") -> HttpResponse:
    """Return an answer of the shape that its schema says."""
    response = HttpResponse(
        content.model_dump_json(), status=status, content_type="application/json; charset=utf-8"
    )
    if location:
        response["Location"] = location
    return response


def _allowed(request: HttpRequest, gesture: Gesture, accepts: tuple[str, ...]) -> None:
    if not may(actor_of(request), gesture):
        if gesture is Gesture.IMPORT_CONFIRM:
            raise Probleme(
                403,
                "confirmation_humaine",
                _(
                    "Un import arrêté par le frein attend une personne de l’agence : un programme ne le confirme pas."
                ),
            )
        raise Probleme(
            403, "portee_absente", _("Cette clé ne permet pas cette opération : voir ses portées.")
        )
    if not any(request.accepts(kind) for kind in accepts):
        raise Probleme(
            406,
            "format_indisponible",
            _("Cette adresse répond en %(formats)s.") % {"formats": ", ".join(accepts)},
        )


def small_body(request: HttpRequest) -> bytes:
    """Return a short body, whole. Raises Probleme 413."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > PETIT:
        raise Probleme(413, "trop_volumineux", _("Cette opération n’attend pas de contenu."))
    return request.body


def porte(
    gesture: Gesture, *, streams: bool = False, accepts: tuple[str, ...] = ("application/json",)
) -> Callable[[Operation], Operation]:
    """Make a function an operation: the gesture is asked first, then the transaction opens.

    ``streams``: the function reads a long body before it opens its own transaction, and keeps its own replays.
    """

    def wrap(function: Operation) -> Operation:
        @functools.wraps(function)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _allowed(request, gesture, accepts)
            if streams:
                return function(request, *args, **kwargs)
            if request.method != "POST":
                with machine_of(request).opened():
                    return function(request, *args, **kwargs)
            return _once(request, lambda: function(request, *args, **kwargs))

        run.palier_access = gesture  # type: ignore[attr-defined]
        return run

    return wrap


def _once(request: HttpRequest, serve: Callable[[], HttpResponse]) -> HttpResponse:
    machine = machine_of(request)
    digest = fingerprint(request, hashlib.sha256(small_body(request)).hexdigest())
    memo = begin(machine, request)
    if memo is not None and not memo.ours:
        return memo.replay(digest)
    with forgetting(memo), machine.opened():
        response = serve()
        if memo is not None:
            memo.keep(digest, response)
        return response


class forgetting:  # reads as a verb
    """Forget a replay whose request was refused or failed."""

    def __init__(self, memo: Memo | None) -> None:
        self.memo = memo

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is not None and self.memo is not None and self.memo.ours:
            self.memo.forget()


def in_its_language(view: Callable[..., Any]) -> Callable[..., Any]:
    """Make a view answer in the language that the request asks for."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with translation.override(language(request)):
            return view(request, *args, **kwargs)

    return run
