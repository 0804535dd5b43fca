"""``./run demo``: database, migrations, invented agencies, mail catcher, worker, web; all ended together."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.lanceur import database, keys, web
from config.lanceur.processes import Child, Supervisor, end_leftovers
from config.lanceur.texts import Stop, say

READY_WITHIN = 60  # seconds granted to the web server and worker
MADE_BY_DEMO = (
    "pg",
    "coffre",
    "boite",
    "static",
    "journaux",
    "dossiers",
    "depots",
    "fiche.json",
    "codes.json",
    "etat-demo.json",
)
HOST = "127.0.0.1"
KEPT_FROM_CHILDREN = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")


def run(arguments: list[str]) -> int:
    """Run the demo until Ctrl-C; return the exit code."""
    options = _options(arguments)
    data: Path = options.data.expanduser().resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(
            f"Le dossier {data} ne peut pas être créé ({error.strerror}) : choisissez-en un autre (--data)."
        ) from error
    with _alone(data):
        supervisor = Supervisor(data / "processus.json", also=lambda: database.revive(data))
        supervisor.catch_signals()
        end_leftovers(supervisor.state, data)
        if options.reset:
            _reset(data)
        web.refuse_taken_port(HOST, options.port)
        try:
            _start(supervisor, data, options.port)
            supervisor.watch()
            say("\nArrêt…")
        except _Ended:
            say("\nArrêt demandé pendant la préparation : le prochain démarrage la reprendra où elle en est.")
        finally:
            supervisor.close()
            database.stop(data)
        say("Tout est arrêté.")
    return 0


class _Ended(Exception):
    """The end was asked for before everything was up."""


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run demo", description="La démonstration complète, en une commande."
    )
    parser.add_argument("--port", type=int, default=8000, help="port du site (8000)")
    parser.add_argument(
        "--data", type=Path, default=database.data_folder(), help="dossier des données (var/)"
    )
    parser.add_argument("--reset", action="store_true", help="efface les données de la démo et recommence")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        raise Stop("Le port va de 1 à 65535.")
    return options


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the folder's lock: the kernel frees it whatever way we end."""
    with (data / "demo.verrou").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise Stop(
                f"La démo tourne déjà sur {data} (processus {lock.read().strip() or 'inconnu'})."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _reset(data: Path) -> None:
    """Erase what the demo made, and nothing else."""
    database.stop(data)
    for name in (*MADE_BY_DEMO, keys.FILE):
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _environment(data: Path, port: int, smtp_port: int) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PALIER_", "DATABASE_"))}
    kept = {
        name: os.environ[name]
        for name in ("PALIER_WORKERS", "PALIER_THREADS", "PALIER_LOG")
        if name in os.environ
    }
    return {
        **env,
        **kept,
        **keys.make(data),
        "PALIER_DATA": str(data),
        "PALIER_MODE": "demo",
        "PALIER_URL": f"http://{HOST}:{port}",
        "PALIER_HOSTS": "127.0.0.1,localhost,[::1]",
        "PALIER_SMTP_HOST": "127.0.0.1",
        "PALIER_SMTP_PORT": str(smtp_port),
        "PYTHONUNBUFFERED": "1",
    }


def _start(supervisor: Supervisor, data: Path, port: int) -> None:
    """Bring everything up, in the order in which one needs the other, then print how to come in."""
    started = time.monotonic()
    smtp_port = web.free_port()
    env = database.open_database(data, _environment(data, port, smtp_port)).env
    children = {name: value for name, value in env.items() if name not in KEPT_FROM_CHILDREN}
    _while_waiting(
        supervisor,
        web.spawn(database.python("-m", "config.lanceur.prepare"), database.as_owner(env)),
        "La base",
    )
    first = not (data / "etat-demo.json").exists()
    loading = web.spawn(database.python("-m", "palier.demo.load"), children)
    if first:
        say("Première fois : les trois agences sont inventées puis importées, comptez quelques minutes.")
        _while_waiting(supervisor, loading, "Le chargement")
    web.collect_static(children)
    logs = data / "journaux"
    mail = database.python("-m", "palier.demo.smtp", str(smtp_port), str(data / "boite"))
    supervisor.add(Child("courriels", mail, children, logs / "courriels.log"))
    worker = database.python("-m", "config.lanceur.worker_process")
    supervisor.add(Child("tâches", worker, children, logs / "taches.log"))
    pooled = {**children, "PALIER_POOL": "1"}
    supervisor.add(Child("site", web.command(HOST, port, pooled), web.tuned(pooled), logs / "site.log"))
    if not first:
        _while_waiting(supervisor, loading, "Le chargement")
    _wait_ready(supervisor, port)
    print(
        _welcome(json.loads((data / "fiche.json").read_text()), data, port, time.monotonic() - started),
        flush=True,
    )


def _while_waiting(supervisor: Supervisor, process: subprocess.Popen[bytes], what: str) -> None:
    """Wait for a preparation, ending it when the end is asked for; raise ``Stop`` when it failed."""
    while process.poll() is None:
        if supervisor.ending:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise _Ended
        time.sleep(0.02)
    if process.returncode:
        if supervisor.ending:
            raise _Ended
        raise Stop(f"{what} n'a pas abouti (code {process.returncode}) : le détail est au-dessus.", code=1)


def _wait_ready(supervisor: Supervisor, port: int) -> None:
    limit = time.monotonic() + READY_WITHIN
    while not _answers(port):
        if supervisor.ending:
            raise _Ended
        if time.monotonic() > limit:
            raise Stop(f"Le site ne répond pas : voir {supervisor.state.parent / 'journaux'}.", code=1)
        supervisor.look()
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(facts: dict[str, Any], data: Path, port: int, seconds: float) -> str:
    """Return what the person needs to come in, in French."""
    address = f"http://{HOST}:{port}"
    width = max(len(line["capacite"]) for line in facts["connexions"])
    mail_width = max(len(line["email"]) for line in facts["connexions"])
    signs = [
        f"  {c['capacite']:<{width}}  {c['email']:<{mail_width}}  {c['note']}" for c in facts["connexions"]
    ]
    codes = [f"  {c['identifiant']}   {c['secret']}   {c['nom']} · {c['agence']}" for c in facts["codes"]]
    return "\n".join(
        [
            "",
            f"Palier est prêt ({seconds:.1f} s) : {address}",
            "",
            f"Se connecter ({address}/connexion), mot de passe de tous ces comptes : {facts['mot_de_passe']}",
            *signs,
            "",
            f"Codes d'accès non utilisés ({address}/activer), identifiant puis secret :",
            *codes,
            "",
            f"Boîte aux lettres de la démo : {address}/demo/boite",
            f"Données : {data} (recommencer à zéro : --reset)",
            "Arrêter : Ctrl-C",
            "",
        ]
    )
