"""The supervisor restarts, ends and recovers; ports and keys."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from config.lanceur import database, keys, web
from config.lanceur.__main__ import main
from config.lanceur.database import ROOT
from config.lanceur.processes import Child, Supervisor, end_leftovers
from config.lanceur.texts import Stop

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Starts a child of its own, as the web server does, and says its number.
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(p.pid, flush=True)\ntime.sleep(60)",
]


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "timed out"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "processus.json")


def child(tmp_path: Path, command: list[str]) -> Child:
    return Child("essai", command, {**os.environ, "PALIER_DATA": str(tmp_path)}, tmp_path / "essai.log")


def pid_of(one: Child) -> int:
    assert one.process is not None
    return one.process.pid


def test_supervisor_restarts_the_dead(supervisor: Supervisor, tmp_path: Path) -> None:
    one = child(tmp_path, SLEEPER)
    supervisor.add(one)
    first = pid_of(one)
    os.kill(first, signal.SIGKILL)
    until(lambda: one.dead)

    def restarted() -> bool:
        supervisor.look()
        return pid_of(one) != first

    until(restarted)
    assert alive(pid_of(one))
    supervisor.close()
    assert not alive(first)


def test_supervisor_close_ends_grandchildren(supervisor: Supervisor, tmp_path: Path) -> None:
    one = child(tmp_path, PARENT)
    supervisor.add(one)
    until(lambda: one.log.read_text().strip().isdigit())
    grandchild = int(one.log.read_text())
    supervisor.close()
    until(lambda: not alive(grandchild))
    assert not supervisor.state.exists()


def test_leftovers_of_a_killed_supervisor_ended(tmp_path: Path) -> None:
    process = subprocess.Popen(
        SLEEPER, env={**os.environ, "PALIER_DATA": str(tmp_path)}, start_new_session=True
    )
    state = tmp_path / "processus.json"
    state.write_text(json.dumps([{"name": "essai", "pid": process.pid}]))
    assert end_leftovers(state, tmp_path) == 1
    assert process.poll() is not None


def test_leftovers_stranger_with_the_same_number_spared(tmp_path: Path) -> None:
    process = subprocess.Popen(SLEEPER, start_new_session=True)
    state = tmp_path / "processus.json"
    state.write_text(json.dumps([{"name": "essai", "pid": process.pid}]))
    assert end_leftovers(state, tmp_path) == 0
    assert process.poll() is None
    process.kill()
    process.wait()


def test_port_taken_refused_in_words() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with pytest.raises(Stop, match="n'est pas libre"):
            web.refuse_taken_port("127.0.0.1", holder.getsockname()[1])
    web.refuse_taken_port("127.0.0.1", web.free_port())


def test_the_server_keeps_the_memory_settings_of_its_operator() -> None:
    assert "hugetlb=1" in web.tuned({})["GLIBC_TUNABLES"]
    assert web.tuned({"GLIBC_TUNABLES": "glibc.malloc.check=1"})["GLIBC_TUNABLES"] == "glibc.malloc.check=1"


def test_demo_keys_made_once_and_private(tmp_path: Path) -> None:
    made = keys.make(tmp_path)
    assert keys.make(tmp_path) == made
    assert stat.S_IMODE((tmp_path / keys.FILE).stat().st_mode) == 0o600
    assert len(set(made.values())) == 3
    assert keys.environment(tmp_path, {})["PALIER_MODE"] == "demo"
    assert keys.environment(tmp_path, {"PALIER_MODE": "production"}) == {"PALIER_MODE": "production"}


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), ([], 0), (["inconnue"], 2), (["manage"], 2)]
)
def test_command_line_answers(arguments: list[str], code: int) -> None:
    assert main(arguments) == code


def test_run_without_python_says_so_in_two_languages(tmp_path: Path) -> None:
    copy = tmp_path / "run"
    copy.write_bytes((ROOT / "run").read_bytes())
    (tmp_path / "requirements.lock").write_text("")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "basename", "rm", "flock", "bash"):
        found = next((Path(p) / name for p in ("/usr/bin", "/bin") if (Path(p) / name).exists()), None)
        if found is not None:
            (tools / name).symlink_to(found)
    done = subprocess.run(
        ["/bin/bash", str(copy), "demo"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 ou plus récent" in done.stderr
    assert "Python 3.11 or later" in done.stderr


# Says that it is ready, and ends well when asked to.
SERVER = [
    sys.executable,
    "-c",
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
    "open(sys.argv[1], 'w').close()\ntime.sleep(60)",
]


def test_server_attended_ends_with_its_signal(tmp_path: Path) -> None:
    ready = tmp_path / "pret"
    code = (
        "import os, sys; from config.lanceur import web; sys.exit(web.attend(sys.argv[1:], dict(os.environ)))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, *SERVER, str(ready)], cwd=ROOT)
    until(ready.exists, 20)
    (child_process,) = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    until(lambda: not alive(child_process.pid))


def test_embedded_database_ends_with_the_last_that_uses_it() -> None:
    data = Path(os.environ["PALIER_DATA"]) / f"serveur-{os.getpid()}"  # pytest closes its own to other users
    opened = database.open_database(data, {})
    try:
        with psycopg.connect(opened.env["DATABASE_URL"]):
            opened.leave()
            assert database.is_running(data)
        opened.leave()
        assert not database.is_running(data)
    finally:
        database.stop(data)
        shutil.rmtree(data, ignore_errors=True)
