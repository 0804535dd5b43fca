"""The door: every page is a ``Screen`` that declares its gesture, opens its actor, and answers errors once."""

import functools
import inspect
from importlib import import_module
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.tenancy import enter, open_actor

# Views of other people's packages, by dotted path: each is named here with its gesture, or the door stays shut.
_foreign: dict[str, Gesture] = {}


def error_pages() -> "ErrorPages":
    """Return the module that renders error pages: the top floor's, named by a setting: core imports down only."""
    pages: ErrorPages = import_module(settings.ERROR_PAGES)
    return pages


class ErrorPages(Protocol):
    """What the module of error pages offers."""

    def bad_request(self, request: HttpRequest) -> HttpResponse: ...
    def too_large(self, request: HttpRequest) -> HttpResponse: ...
    def forbidden(self, request: HttpRequest) -> HttpResponse: ...
    def not_found(self, request: HttpRequest) -> HttpResponse: ...
    def method_not_allowed(self, request: HttpRequest, allowed: list[str]) -> HttpResponse: ...
    def business(self, request: HttpRequest, error: BusinessError) -> HttpResponse: ...


class UndeclaredAccess(TypeError):
    """A screen does not say which gesture it is."""


def declare_foreign(path: str, gesture: Gesture) -> None:
    """Declare the gesture of a third party's view, named ``module.Class`` or ``module.function``."""
    _foreign[path] = gesture


def view_path(view: Any) -> str:
    """Return the dotted path of a view function or of the class behind it."""
    target = getattr(view, "view_class", view)
    return f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', repr(target))}"


def declared_access(view: Any) -> Gesture | None:
    """Return the gesture that a view declares, or None."""
    own: Gesture | None = getattr(view, "palier_access", None)
    return own if own is not None else _foreign.get(view_path(view))


@functools.lru_cache(maxsize=8192)
def _espace_path(name: str, kwargs: tuple[tuple[str, Any], ...]) -> str:
    """Return the path of a page of a space. Cached: reversing is a third of a page's cost otherwise."""
    return reverse(name, kwargs=dict(kwargs))


class Page:
    """What the frame of every page needs; screens fill it before they render."""

    def __init__(self, titre: str = "", actif: str = "") -> None:
        self.titre = titre
        self.actif = actif
        self.account: Any = None
        self.espace: Any = None
        self.espaces: list[Any] = []
        self.agence: Any = None
        self.fraicheur: tuple[Any, ...] | None = None
        self.retards: list[Any] = []
        self.adresse_retards = ""
        self.messages: list[tuple[str, str]] = []
        self.vue_comme: str | None = None
        self.assistance: Any = None  # until when the exploitant's support may look at this agence
        self.prefixe = ""
        self.portes: list[tuple[Any, ...]] = []

    def espace_url(self, name: str, **kwargs: Any) -> str:
        """Return the path of a page of the present space, whichever door it was entered by."""
        espace = self.espace
        return _espace_path(f"{espace.prefixe}:{name}", tuple({**espace.url_kwargs, **kwargs}.items()))


class Screen(View):
    """A page. Subclasses declare ``access``; ``template`` and ``titre`` when they render one."""

    access: ClassVar[Gesture]
    template: ClassVar[str] = ""
    titre: ClassVar[Any] = ""
    actif: ClassVar[str] = ""
    # The setting that says how many bytes of files it takes; without one, UPLOAD_MAX_BYTES (core.uploads).
    uploads: ClassVar[str] = ""
    # A base class of screens (never routed) says so and needs no gesture.
    abstract_screen: ClassVar[bool] = True

    actor: Actor
    page: Page

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__dict__.get("abstract_screen", False):
            cls.abstract_screen = False
            if "access" not in cls.__dict__:
                raise UndeclaredAccess(f"{cls.__module__}.{cls.__qualname__} must declare access = Gesture.X")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view function, marked with its gesture and whether it needs a signed-in person."""
        if cls.abstract_screen:
            raise UndeclaredAccess(f"{cls.__qualname__} is a base, not a page.")
        view = super().as_view(**initkwargs)
        view.palier_access = cls.access  # type: ignore[attr-defined]
        view.palier_uploads = cls.uploads  # type: ignore[attr-defined]
        public = cls.access in {Gesture.PUBLIC, Gesture.PUBLIC_ONLY, Gesture.MACHINE}
        view.login_required = not public  # type: ignore[attr-defined]
        return view

    # --- opening ---------------------------------------------------------------------------------------------

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        """Return the actor of this page and tell PostgreSQL who it is."""
        user = request.user
        if not user.is_authenticated:
            actor = Actor.anonymous()
            open_actor(actor)
            return actor
        return enter(user.pk, is_exploitant=bool(getattr(user, "is_exploitant", False)))

    def prepare(self) -> None:
        """Load what every verb of this screen needs; raise ``Invisible`` when it is not for this actor."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = Page(str(self.titre), self.actif)
        self.page.account = request.user if request.user.is_authenticated else None
        request.page = self.page  # type: ignore[attr-defined]  # the audience counts which agence's page was shown
        try:
            with transaction.atomic():
                self.actor = self.open(request, **kwargs)
                require(self.actor, self.access)
                self.prepare()
                return super().dispatch(request, *args, **kwargs)
        except Invisible:
            return error_pages().not_found(request)
        except Forbidden:
            return error_pages().forbidden(request)
        except BusinessError as error:
            return self.refused(error)

    def refused(self, error: BusinessError) -> HttpResponse:
        """Answer a refusal that no form caught: its sentence, on a page of its own."""
        return error_pages().business(self.request, error)

    # --- answering -------------------------------------------------------------------------------------------

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """Render the page inside the request's transaction."""
        self.page.messages = [(m.level_tag, str(m)) for m in messages.get_messages(self.request)]
        response = render(
            self.request,
            template or self.template,
            {"page": self.page, "actor": self.actor, **context},
            status=status,
        )
        response["Vary"] = "HX-Request, Cookie"
        return response

    def say(self, text: str) -> None:
        """Show ``text`` once, on the next page."""
        messages.success(self.request, text)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return error_pages().method_not_allowed(
            request, [m.upper() for m in self.http_method_names if hasattr(self, m)]
        )


def screens_of(module: Any) -> list[type[Screen]]:
    """Return the screens that a module defines."""
    found = [value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, Screen)]
    return [screen for screen in found if screen.__module__ == module.__name__]


__all__ = ["Gesture", "Page", "Screen", "declare_foreign", "declared_access", "view_path"]
