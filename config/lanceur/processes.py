"""Child processes: each in its own group, restarted when it dies, ended by pid, never left behind."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.lanceur.texts import say

GRACE = 8.0  # seconds between SIGTERM and SIGKILL
QUICK_DEATH = 5.0  # a child that lives less than this is restarted later and later
LONGEST_WAIT = 30.0


def die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs first on Linux: it ends when we are killed outright (PR_SET_PDEATHSIG)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(1, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


@dataclass
class Child:
    """One kind of process: how to start it, where it writes, how it fares."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start the process in a group of its own; its output goes to its log, begun anew past 5 MB."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        mode = "wb" if self.log.exists() and self.log.stat().st_size > 5_000_000 else "ab"
        with self.log.open(mode) as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # safe: the supervisor has one thread
            )
        self.started = time.monotonic()

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process, or to all of its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if group:
                    os.killpg(self.process.pid, number)
                else:
                    self.process.send_signal(number)

    @property
    def dead(self) -> bool:
        """Whether it was started and is no more."""
        return self.process is not None and self.process.poll() is not None


class Supervisor:
    """Keeps children alive until a signal asks for the end."""

    def __init__(self, state: Path, also: Callable[[], None] = lambda: None) -> None:
        self.state = state
        self.also = also  # asked at each look: what is not a child but must live too
        self.children: list[Child] = []
        self.ending = 0

    def catch_signals(self) -> None:
        """Let SIGINT, SIGTERM and SIGHUP ask for the end; a second one hurries it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_end)

    def _ask_end(self, number: int, frame: object) -> None:
        self.ending += 1

    def add(self, child: Child) -> None:
        """Start a child and look after it."""
        child.start()
        self.children.append(child)
        self._write_state()

    def _write_state(self) -> None:
        """Record the groups, so that the next start can end what a kill -9 left."""
        entries = [{"name": c.name, "pid": c.process.pid} for c in self.children if c.process is not None]
        temporary = self.state.with_suffix(".tmp")
        temporary.write_text(json.dumps(entries))
        temporary.replace(self.state)

    def look(self) -> None:
        """Restart, each at its own pace, the children that died."""
        self.also()
        now = time.monotonic()
        for child in self.children:
            if not child.dead:
                continue
            if not child.due:
                child.signal(signal.SIGKILL, group=True)  # its own children, if any outlived it
                quick = now - child.started < QUICK_DEATH
                child.wait = min(max(child.wait * 2, 1.0), LONGEST_WAIT) if quick else 0.0
                child.due = now + child.wait
                assert child.process is not None
                say(
                    f"Le processus « {child.name} » s'est arrêté (code {child.process.returncode}) ; il est relancé."
                )
                say(f"  Détail : {child.log}")
            if now >= child.due:
                child.due = 0.0
                child.start()
                self._write_state()

    def watch(self) -> None:
        """Stay until the end is asked for."""
        while not self.ending:
            self.look()
            time.sleep(0.3)

    def close(self) -> None:
        """End every child, last started first: politely, then not."""
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        limit = time.monotonic() + GRACE
        while time.monotonic() < limit and self.ending < 2 and any(not c.dead for c in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL, group=True)
            if child.process is not None:
                child.process.wait()
        self.children.clear()
        self.state.unlink(missing_ok=True)


def end_leftovers(state: Path, data: Path) -> int:
    """End what a supervisor killed outright left running, and return how many processes that was.

    A process is ours when it belongs to a recorded group and works on ``data``: numbers are given again to others.
    """
    try:
        groups = {int(entry["pid"]) for entry in json.loads(state.read_text())}
    except (OSError, ValueError):
        return 0
    found = [process for process in psutil.process_iter() if _is_ours(process, groups, str(data))]
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=GRACE)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=3)
    state.unlink(missing_ok=True)
    return len(found)


def _is_ours(process: psutil.Process, groups: set[int], data: str) -> bool:
    try:
        return os.getpgid(process.pid) in groups and process.environ().get("PALIER_DATA") == data
    except (OSError, psutil.Error):
        return False


__all__ = ["Child", "Supervisor", "die_with_parent", "end_leftovers"]
