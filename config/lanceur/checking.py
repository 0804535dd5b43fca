"""``./run check``: every check that reads the code without running it, and Django's own."""

import os
import subprocess
import sys
import time
from pathlib import Path

from config.lanceur import database
from config.lanceur.texts import say


def run(arguments: list[str]) -> int:
    """Run them all, even after one failed; return 0 when all hold."""
    opened = database.open_database(database.data_folder(), dict(os.environ))
    try:
        return run_all(opened.env)
    finally:
        opened.close()


def run_all(env: dict[str, str]) -> int:
    """Run every check with the database of ``env``; return 0 or 1."""
    env = {**env, "PYTHONPATH": str(database.ROOT), "PALIER_MODE": "test"}
    scripts = Path(sys.executable).parent
    manage = [sys.executable, "-P", str(database.ROOT / "manage.py")]
    checks = {
        "ruff": [str(scripts / "ruff"), "check", "."],
        "ruff format": [str(scripts / "ruff"), "format", "--check", "."],
        "mypy": [str(scripts / "mypy"), "."],
        "import-linter": [str(scripts / "lint-imports")],
        "manage.py check": [*manage, "check", "--fail-level", "WARNING"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
    }
    failed = [name for name, command in checks.items() if not _holds(name, command, env)]
    if failed:
        say(f"Contrôles en échec : {', '.join(failed)}.")
    return 1 if failed else 0


def _holds(name: str, command: list[str], env: dict[str, str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=database.ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "ÉCHEC"
    say(f"{name:<16} {verdict} ({time.monotonic() - start:.1f} s)")
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0
