"""A write is an action: atomic, allowed first, journalled last. Nothing else may write."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from palier.core.access import Gesture, require
from palier.core.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[str | None] = ContextVar("palier_action", default=None)


class WriteOutsideAction(RuntimeError):
    """A row was about to be written outside an action."""


def current_action() -> str | None:
    """Return the name of the action being executed, or None."""
    return _inside.get()


def require_action(what: str) -> None:
    """Raise ``WriteOutsideAction`` unless an action is being executed."""
    if _inside.get() is None:
        raise WriteOutsideAction(f"{what}: writes belong in an @action (house.md, wall 4).")


@contextmanager
def writing(name: str) -> Iterator[None]:
    """Mark a block as an action; for the machinery (import, fixtures) that has no single gesture."""
    token = _inside.set(name)
    try:
        yield
    finally:
        _inside.reset(token)


def action(
    gesture: Gesture, *, savepoint: bool = True
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function an action: one transaction, and ``require(actor, gesture)`` before its first line.

    The object, once fetched through ``visible_to``, is checked by the action itself with ``require``. Without
    ``savepoint``, a failure undoes the caller's whole transaction: for an action of one statement, after which nothing
    comes.
    """

    def wrap(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(actor, gesture)
            with transaction.atomic(savepoint=savepoint), writing(function.__name__):
                return function(actor, *args, **kwargs)

        return run

    return wrap
