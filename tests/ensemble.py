"""At the same instant: functions called each in its thread, with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def alone(function: Callable[[], Any]) -> Any:
    """Call a function in a thread of its own: the connections that it opens there are closed."""
    try:
        return function()
    finally:
        connections.close_all()


def together(functions: list[Any]) -> list[Any]:
    """Call every function at once; return their answers in order."""
    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(alone, functions))
