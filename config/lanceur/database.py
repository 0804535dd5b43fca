"""The database of a command: the one of DATABASE_URL, or the embedded PostgreSQL, started and ended here."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from config.lanceur.texts import Stop, say
from palier.core import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds granted to the recovery of a database that was killed


def data_folder() -> Path:
    """Return PALIER_DATA, or ``var`` in the project."""
    value = os.environ.get("PALIER_DATA")
    return Path(value).expanduser().resolve() if value else ROOT / "var"


def _server(data: Path) -> psutil.Process | None:
    """Return the embedded server under ``data``, or None: its pid file may be stale, or its number given to another."""
    try:
        lines = (data / "pg" / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        alive = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if alive else None


def is_running(data: Path) -> bool:
    """Tell whether the embedded server under ``data`` lives."""
    return _server(data) is not None


def start(data: Path) -> embedded_postgres.Urls:
    """Start or join the embedded server, waiting for its recovery; raise ``Stop`` when it does not come."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return embedded_postgres.start(data)
        except OSError as error:
            raise Stop(
                f"La base ne peut pas s'écrire dans {data} ({error.strerror}) : changez de dossier."
            ) from error
        except (
            Exception
        ) as error:  # the wheel raises many kinds; the reason that matters is in the server's log
            if time.monotonic() > limit:
                raise Stop(
                    f"La base embarquée ne démarre pas : voir {data / 'pg' / 'log'} ({error}).", code=1
                ) from error
            time.sleep(1)


def stop(data: Path) -> None:
    """End the embedded server under ``data`` (fast shutdown: nothing committed is lost)."""
    server = _server(data)
    if server is None:
        return
    try:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        say(f"La base ({server.pid}) tarde à s'arrêter : elle est laissée à elle-même.")


def revive(data: Path) -> None:
    """Start the embedded server again when it died; in a process of its own, for ours holds a stale handle."""
    if not is_running(data):
        say("La base s'est arrêtée ; elle est relancée.")
        quiet = subprocess.DEVNULL  # while it recovers the first tries fail; the next look tries again
        subprocess.call(python("-m", "palier.core.embedded_postgres", str(data)), stdout=quiet, stderr=quiet)


def _others(superuser: str) -> int:
    """Return how many sessions are open besides the one that asks; 0 when the server does not answer any more."""
    try:
        with psycopg.connect(superuser, connect_timeout=5) as connection:
            row = connection.execute(
                "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.Error:
        return 0
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Opened:
    """Environment of the children, and whether closing is ours to do."""

    env: dict[str, str]
    data: Path
    ours: bool
    embedded: bool = False

    def close(self) -> None:
        """End the server if this command started it."""
        if self.ours:
            stop(self.data)

    def leave(self) -> None:
        """End the embedded server when nobody else uses it: the last process of an installation puts out the light."""
        if self.embedded and not _others(self.env["DATABASE_SUPERUSER_URL"]):
            stop(self.data)


def open_database(data: Path, env: dict[str, str]) -> Opened:
    """Return ``env`` completed with the four urls; DATABASE_URL, when set, is used as it is."""
    env = {**env, "PALIER_DATA": str(data)}
    if env.get("DATABASE_URL"):
        return Opened(env, data, False)
    already = is_running(data)
    urls = start(data)
    return Opened({**env, **embedded_postgres.environment(urls)}, data, not already, embedded=True)


def python(*arguments: str) -> list[str]:
    """Return the command line of a Python of ours (-P: the caller's folder holds none of our modules)."""
    return [sys.executable, "-P", "-W", "ignore", *arguments]


def manage(env: dict[str, str], *arguments: str, owner: bool = False) -> int:
    """Run ``manage.py`` and return its exit code."""
    if owner:
        env = as_owner(env)
    return subprocess.call(python(str(ROOT / "manage.py"), *arguments), env=env)


def as_owner(env: dict[str, str]) -> dict[str, str]:
    """Return ``env`` for a process that migrates; raise ``Stop`` when the owner's url is missing."""
    if not env.get("DATABASE_OWNER_URL"):
        raise Stop("DATABASE_OWNER_URL manque : les migrations se font avec le rôle propriétaire des tables.")
    return {**env, "PALIER_DB_ROLE": "owner", "PALIER_POOL": "0"}


def prepare(env: dict[str, str]) -> None:
    """Migrate when something is pending, then give the roles their rights (as the owner)."""
    code = subprocess.call(python("-m", "config.lanceur.prepare"), env=as_owner(env))
    if code:
        raise Stop("La base n'a pas pu être mise à jour : le détail est au-dessus.", code=1)


__all__ = ["ROOT", "Opened", "data_folder", "manage", "open_database", "prepare", "python", "say"]
