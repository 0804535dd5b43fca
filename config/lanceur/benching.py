"""``./run bench``: the demo's data in a folder of the bench's own, then the measures."""

import os
import subprocess
from pathlib import Path

from config.lanceur import database, keys, web
from config.lanceur.texts import Stop, say


def run(arguments: list[str]) -> int:
    """Take the measures and return the exit code."""
    data = Path(os.environ.get("PALIER_BENCH_DATA") or database.data_folder() / "banc").resolve()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PALIER_", "DATABASE_"))
    }
    chosen = {
        name: os.environ[name] for name in ("PALIER_THREADS", "PALIER_BANC_DOCUMENTS") if name in os.environ
    }
    data.mkdir(parents=True, exist_ok=True)
    env = {
        **kept,
        **chosen,
        **keys.make(data),
        "PALIER_MODE": "demo",
        "PALIER_HOSTS": "127.0.0.1,localhost",
        "PALIER_URL": "http://127.0.0.1:8000",
        "PALIER_SMTP_PORT": str(web.free_port()),  # nobody listens: no mail leaves a bench
    }
    opened = database.open_database(data, env)
    try:
        database.prepare(opened.env)
        if not (data / "etat-demo.json").exists():
            say("Données du banc (une seule fois)…")
        if subprocess.call(database.python("-m", "palier.demo.load"), env=opened.env):
            raise Stop("Les données du banc n'ont pas pu être chargées : le détail est au-dessus.", code=1)
        web.collect_static(opened.env)
        return subprocess.call(database.python("-m", "bench", *arguments), env=opened.env)
    finally:
        opened.close()
