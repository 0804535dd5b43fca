"""``./run test``: what it needs, the checks, every test on PostgreSQL 18, then the database's on PostgreSQL 15."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.lanceur import checking, database
from config.lanceur.processes import die_with_parent
from config.lanceur.texts import Stop, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
JOURNEYS = "tests/journeys"
NO_TEST = 5  # pytest's exit code when nothing was collected
PROCESSES = "3"
LIMIT = 40 * 60  # seconds for one call of pytest: whatever hangs, the run ends and says so
POSTGRES_15 = (
    Path("/usr/lib/postgresql/15/bin"),
    Path("/usr/pgsql-15/bin"),
    Path("/opt/homebrew/opt/postgresql@15/bin"),
)


def run(arguments: list[str]) -> int:
    """Run everything and return 0 when all of it holds. ``arguments`` go to pytest as they are."""
    start = time.monotonic()
    browser = find_browser()
    data = Path(os.environ.get("PALIER_TEST_DATA") or database.data_folder() / "test").resolve()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PALIER_", "DATABASE_"))
    }
    env = {
        **kept,
        "PYTHONPATH": str(database.ROOT),
        "PALIER_TEST_DATA": str(data),
        "PALIER_CHROMIUM": browser,
        "PALIER_PYTEST": "1",
    }
    opened = database.open_database(data, env)
    try:
        results = {"contrôles": checking.run_all(opened.env)}
        results["PostgreSQL 18"] = _pass(
            "PostgreSQL 18 (embarqué), tous les tests", env, arguments, journeys=True
        )
        with postgres_15() as url:
            if url:
                old = {**env, "PALIER_TEST_SERVER": url}
                results["PostgreSQL 15"] = _pass(
                    "PostgreSQL 15, tests de la base", old, arguments, journeys=False
                )
            else:
                say("PostgreSQL 15 n'est pas installé : cette passe n'est PAS faite (.ci/run l'installe).")
    finally:
        opened.close()
    say(f"Durée : {(time.monotonic() - start) / 60:.1f} min.")
    failed = [name for name, code in results.items() if code]
    say(f"ÉCHEC : {', '.join(failed)}." if failed else f"Tout est bon : {', '.join(results)}.")
    return 1 if failed else 0


def find_browser() -> str:
    """Return the path of a Chromium, installed by apt when we are root; raise ``Stop`` when there is none."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installation de Chromium…")
        _apt("chromium")
        found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        raise Stop(
            "Chromium manque, et les parcours dans le navigateur en ont besoin :"
            " installez-le (Debian : apt-get install chromium), puis relancez ./run test.",
            code=3,
        )
    return found


def _apt(package: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", package]):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


def _pass(title: str, env: dict[str, str], arguments: list[str], *, journeys: bool) -> int:
    """Run the tests on one server: three processes, for each waits on PostgreSQL; the browser's alone afterwards."""
    say(f"\n=== {title}")
    if arguments:
        ignored = [] if journeys else [f"--ignore={JOURNEYS}"]
        return _pytest(env, [*arguments, *ignored])
    code = _pytest(env, ["-n", PROCESSES, "--dist", "loadfile", f"--ignore={JOURNEYS}", "tests"])
    if journeys and (database.ROOT / JOURNEYS).is_dir():
        say("\n=== Parcours dans le navigateur")
        code = _pytest(env, [JOURNEYS]) or code
    return code


def _pytest(env: dict[str, str], arguments: list[str]) -> int:
    command = [sys.executable, "-P", "-m", "pytest", "-q", *arguments]
    with subprocess.Popen(command, cwd=database.ROOT, env=env) as pytest:
        try:
            code = pytest.wait(LIMIT)
        except subprocess.TimeoutExpired:
            say(f"Ces tests durent plus de {LIMIT // 60} minutes : ils sont arrêtés.")
            pytest.send_signal(signal.SIGINT)  # pytest ends its own processes and prints what it has
            try:
                code = pytest.wait(30)
            except subprocess.TimeoutExpired:
                pytest.kill()
                code = 1
    return 0 if code == NO_TEST else code


@contextmanager
def postgres_15() -> Iterator[str | None]:
    """Start a PostgreSQL 15 in a folder of its own, socket only; give its superuser's url, None when it is absent."""
    binaries = next((folder for folder in POSTGRES_15 if (folder / "initdb").exists()), None)
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="palier-pg15-"))
    identity = _identity(folder)
    base = folder / "base"
    initialise = [
        str(binaries / "initdb"),
        "-D",
        str(base),
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, **identity)  # type: ignore[call-overload]
    # A throw-away server: what a power cut would lose does not matter.
    options = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    command = [str(binaries / "postgres"), "-D", str(base), "-k", str(folder), "-h", "", *options]
    with (folder / "journal").open("wb") as log:
        server = subprocess.Popen(  # type: ignore[call-overload]
            command, stdout=log, stderr=log, start_new_session=True, preexec_fn=die_with_parent(), **identity
        )
    url = f"postgresql://postgres@/postgres?host={folder}"
    try:
        _wait_for(url, server)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _identity(folder: Path) -> dict[str, object]:
    """Return the arguments that make a process not root (PostgreSQL refuses root), the folder given to it."""
    folder.chmod(0o755)
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "pgserver", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": str(folder)}
    raise Stop("Aucun utilisateur non privilégié pour PostgreSQL 15 : créez-en un (useradd postgres).")


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > limit:
                raise Stop(f"PostgreSQL 15 ne démarre pas : {error}", code=1) from error
            time.sleep(0.1)
