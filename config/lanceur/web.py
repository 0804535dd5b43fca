"""The web server's command line, and the static files that it serves."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from config.lanceur import database
from config.lanceur.processes import die_with_parent
from config.lanceur.texts import Stop


def command(host: str, port: int, env: dict[str, str]) -> list[str]:
    """Return the command line of granian; workers and threads come from the environment."""
    return [
        sys.executable,
        "-P",
        "-m",
        "granian",
        *("--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", env.get("PALIER_WORKERS") or "2"),
        *("--blocking-threads", env.get("PALIER_THREADS") or "4"),
        "--respawn-failed-workers",
        *("--workers-kill-timeout", "10"),
        "--no-ws",
        *("--log-level", "warning"),
        "config.wsgi:application",
    ]


# glibc (the others ignore it): one heap for all threads, in huge pages where the system grants them, and not given back
# to the system after each answer. Argon2id walks through 19 MiB at random and takes a quarter less time; a document of
# five megabytes does not ask for its pages again at each download. A worker keeps 64 MiB at the most.
_MEMORY = ":".join(
    (
        "glibc.malloc.arena_max=1",
        "glibc.malloc.hugetlb=1",
        "glibc.malloc.mmap_threshold=33554432",
        "glibc.malloc.trim_threshold=67108864",
    )
)


def tuned(env: dict[str, str]) -> dict[str, str]:
    """Return the environment of the web server; what the operator chose for his memory is kept."""
    return {"GLIBC_TUNABLES": _MEMORY, **env}


def refuse_taken_port(host: str, port: int) -> None:
    """Raise ``Stop`` when something listens already at this address."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(
                f"Le port {port} de {host} n'est pas libre ({error.strerror}) :"
                f" arrêtez ce qui l'occupe, ou choisissez-en un autre (--port {port + 1})."
            ) from error


def free_port() -> int:
    """Return a port of loopback that nobody holds at this instant."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _digest() -> str:
    """Return a digest of what collectstatic reads: our files by size and date, the others by the lock."""
    digest = hashlib.sha256((database.ROOT / "requirements.lock").read_bytes())
    for path in sorted((database.ROOT / "palier" / "screens" / "shared" / "static").rglob("*")):
        digest.update(f"{path}|{path.stat().st_size}|{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def collect_static(env: dict[str, str]) -> None:
    """Gather and compress the static files when one of them changed; raise ``Stop`` when that fails."""
    root = Path(env.get("PALIER_STATIC") or Path(env["PALIER_DATA"]) / "static")
    stamp = root / ".empreinte"
    digest = _digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    if database.manage(env, "collectstatic", "--noinput", "--verbosity", "0"):
        raise Stop("Les fichiers statiques n'ont pas pu être préparés : le détail est au-dessus.", code=1)
    stamp.write_text(digest)


def spawn(arguments: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a short-lived process of ours, out of reach of the terminal's Ctrl-C: we end it ourselves."""
    return subprocess.Popen(arguments, env=env, start_new_session=True, preexec_fn=die_with_parent())


def become(arguments: list[str], env: dict[str, str]) -> None:
    """Replace this process: signals then reach the server itself."""
    os.execve(arguments[0], arguments, env)  # noqa: S606  # our own command line


def attend(arguments: list[str], env: dict[str, str]) -> int:
    """Run a server to its end, passing on the signals that ask for it; return its exit code.

    For a server whose database was started beside it: what replaces this process could not end that one.
    """
    asked: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: object) -> None:
        asked.append(number)
        if child is not None and child.poll() is None:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    child = spawn(arguments, env)
    if asked:  # between the handlers and the child
        child.send_signal(asked[-1])
    code = child.wait()
    return 0 if asked and code in {0, *(-number for number in asked)} else abs(code)


__all__ = [
    "attend",
    "become",
    "collect_static",
    "command",
    "free_port",
    "refuse_taken_port",
    "spawn",
    "tuned",
]
