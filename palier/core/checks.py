"""System checks: every address of the URLconf, third parties' included, declares its gesture."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from palier.core.screens import declared_access, view_path


def walk(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield (route, qualified name, view) for every address."""
    yield from _walk(resolver or get_resolver(), prefix, "")


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, route, inner)
        elif isinstance(pattern, URLPattern):
            yield route, f"{namespace}{pattern.name or ''}", pattern.callback


@register()
def every_address_declares_its_gesture(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """E001: an address without a gesture."""
    return [
        Error(f"/{route} ({view_path(view)}) ne déclare pas son geste.", id="palier.E001")
        for route, _name, view in walk()
        if declared_access(view) is None
    ]
