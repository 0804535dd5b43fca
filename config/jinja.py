"""The Jinja environments, one a language: strict (an undefined name fails), translated, with the filters of money and dates."""

import functools
from collections.abc import Callable
from typing import Any

import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import nodes
from markupsafe import Markup

from config.folding import Folder
from palier.core import dates, money
from palier.core.access import Gesture
from palier.core.access import may as actor_may


@functools.lru_cache(maxsize=4096)
def _cached_reverse(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, args=args, kwargs=dict(kwargs))


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the path of a named page. Cached: reversing is a third of a page's cost otherwise."""
    return _cached_reverse(name, args, tuple(sorted(kwargs.items())))


@functools.lru_cache(maxsize=256)
def cached_static(name: str) -> str:
    """Return the address of a static file. Cached: an icon asks for it dozens of times a page."""
    return static(name)


@functools.lru_cache(maxsize=1024, typed=True)
def icone(nom: str, titre: str = "") -> Markup:
    """Return an icon of the sprite: named for screen readers when ``titre`` is given, hidden from them otherwise."""
    role = Markup('role="img" aria-label="{}"').format(titre) if titre else Markup('aria-hidden="true"')
    drawing = Markup('<svg class="icone" {} focusable="false"><use href="{}#{}"/></svg>')
    return drawing.format(role, cached_static("palier/icones.svg"), nom)


@functools.lru_cache(maxsize=8192)
def _translated(language: str | None, message: str) -> str:
    return gettext(message)


def translated(message: str) -> str:
    """Translate a message that only the run knows. Cached: the catalogue never changes."""
    return _translated(get_language(), message)


def octets(size: int, language: str = "fr") -> str:
    """Return « 8,4 Mo » ("8.4 MB" in English): powers of ten, one decimal past the kilobyte."""
    english = language.startswith("en")
    units = ("B", "kB", "MB", "GB") if english else ("o", "ko", "Mo", "Go")
    value = float(size)
    rank = 0
    while value >= 1000 and rank < len(units) - 1:
        value /= 1000
        rank += 1
    figures = f"{value:.0f}" if rank < 2 else f"{value:.1f}"
    return f"{figures if english else figures.replace('.', ',')}{money.NNBSP}{units[rank]}"


class Environment(jinja2.Environment):
    """The environment of one language: its words, addresses and icons are folded into the compiled templates."""

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(
            **options,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.language = language
        self.install_gettext_callables(translated, ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.pure: dict[str, Callable[..., Any]] = {
            "url": url,
            "static": cached_static,
            "icone": icone,
            "lang": lambda: language,
        }
        self.globals.update(self.pure, may=actor_may, Gesture=Gesture)
        self.filters.update(
            euros=functools.partial(money.euros, locale=language),
            octets=functools.partial(octets, language=language),
            date_longue=functools.partial(dates.date_longue, locale=language),
            date_simple=functools.partial(dates.date_simple, locale=language),
            date_courte=dates.date_courte,
            heure=dates.heure,
        )

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        with translation.override(self.language):
            folded = Folder(self.pure).visit(source)
        return super()._generate(folded, *args, **kwargs)


class Environments:
    """What Django's Jinja2 backend takes for its environment: one a language, made when first asked for."""

    def __init__(self, **options: Any) -> None:
        del options["undefined"]  # ours is strict
        self._options = options
        self._made: dict[str, Environment] = {}

    def present(self) -> Environment:
        """Return the environment of the reader's language."""
        language = get_language() or settings.LANGUAGE_CODE
        if language not in self._made:
            self._made[language] = Environment(language, **self._options)
        return self._made[language]

    def get_template(self, name: str) -> jinja2.Template:
        """Return a template, compiled in the reader's language."""
        return self.present().get_template(name)

    def from_string(self, source: str) -> jinja2.Template:
        """Return a template from its text."""
        return self.present().from_string(source)

    def forget(self) -> None:
        """Drop every compiled template."""
        self._made.clear()


class _CsrfInput:
    """The hidden field of every form of a page: one token a page, masked once, when the first form asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._html = ""

    def __html__(self) -> str:
        self._html = self._html or csrf_input(self._request)
        return self._html


def page_forms(request: HttpRequest) -> dict[str, Any]:
    """Return what the forms of a page share (context processor)."""
    return {"csrf_input": _CsrfInput(request)}
