"""Runs a gesture in a process of its own that dies, or loses its database, at its n-th step."""

import os
import signal
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: What a step is: every rename, removal, creation and flush of a file, and every commit; just before, then just after.
_FICHIERS = ("rename", "unlink", "open", "fsync", "mkdir")


class _Steps:
    def __init__(self, fatal: int, end: Callable[[], None]) -> None:
        self.fatal, self.end, self.count = fatal, end, 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.fatal:
            self.end()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = function(*args, **kwargs)
            self.step()
            return result

        return run


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _cut() -> None:
    """End every connection of this base but ours, as a restart of the database does."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and usename = 'palier_app'"
        )


def in_a_process(gesture: Callable[[], None], fatal: int = 0, what: str = "tuer") -> int:
    """Run ``gesture`` in a fork and return how it ended: 0 done, -9 killed, 3 failed.

    ``fatal``: the step at which it dies (``what`` = "tuer") or loses its database ("base"); 0 for never.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            steps = _Steps(fatal, _kill if what == "tuer" else _cut)
            for name in _FICHIERS:
                setattr(os, name, steps.around(getattr(os, name)))
            BaseDatabaseWrapper._commit = steps.around(BaseDatabaseWrapper._commit)  # type: ignore[method-assign]
            gesture()
            connections.close_all()
            os._exit(0 if not fatal or steps.count < fatal else 4)
        except BaseException:
            if not fatal:
                import traceback

                traceback.print_exc()
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
