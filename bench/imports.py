"""import.first, import.resend and import.delta: the whole import, checks included, against raw COPY of the same rows."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from bench import base, copie
from config.lanceur import database
from palier.core.embedded_postgres import Urls, environment

MOUVEMENTS_PAR_COMPTE, DOCUMENTS_PAR_COMPTE = 40, 2
GRAINE = 20261123
SLUG = "echelle-0001"
MEMOIRE = 1024


def measure(rows: int, names: set[str]) -> None:
    """Import ``rows`` ledger lines and their PDFs once, again unchanged, then a delta; then COPY the rows raw elsewhere."""
    with working_folder("banc-import") as folder:
        _measure(rows, folder, names)


class working_folder:
    """An empty folder of the bench, removed at the end."""

    def __init__(self, name: str) -> None:
        self.path = Path(os.environ["PALIER_DATA"]) / name

    def __enter__(self) -> Path:
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        return self.path

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def suffix(rows: int) -> str:
    """The end of a measure's name: none for the usual size."""
    return "" if rows <= 100_000 else f".{rows // 1000}k"


def _measure(rows: int, folder: Path, names: set[str]) -> None:
    dossier, lines = _generate(rows, folder)
    with base.copy_of_database("palier_banc_import") as urls:
        create_agence(urls)
        first = import_file(urls, dossier)
        again = import_file(urls, _sent_again(dossier)) if "import.resend" in names else None
        order, dumped = copie.dump(urls, folder / "copie", SLUG)
        delta = import_file(urls, _delta(rows, folder)) if "import.delta" in names else None
    runs = [run for run in (first, again, delta) if run]
    peak = max(run["memory"] for run in runs) / 1024
    end = suffix(rows)
    if "import.first" in names:
        with base.copy_of_database("palier_banc_copie") as urls:
            raw = copie.copy_raw(urls, folder / "copie", order)
        base.ratio(
            f"import.first{end}",
            raw / first["seconds"],
            f"{rows} mouvements et {rows // 20} PDF, {lines} lignes du dossier, {dumped} rangs : "
            f"{first['seconds']:.1f} s, COPY nu {raw:.1f} s ; au moins 0,30",
        )
    for name, run, most in (("import.resend", again, "0,10"), ("import.delta", delta, "0,05")):
        if run:
            value = run["seconds"] / first["seconds"]
            base.ratio(f"{name}{end}", value, f"{run['seconds']:.1f} s ; au plus {most}")
    rate = dumped / first["seconds"]
    base.tell(f"import : {rate:.0f} rangs/s, mémoire au plus {peak:.0f} Mo ({MEMOIRE} permis)")
    base.tell_load()


def _generate(rows: int, folder: Path) -> tuple[Path, int]:
    from palier.core.dates import today
    from palier.echanges.generateur import generate_scaled

    lots = rows // MOUVEMENTS_PAR_COMPTE
    [made] = generate_scaled(
        folder,
        1,
        lots,
        today(),
        GRAINE,
        mouvements_par_compte=MOUVEMENTS_PAR_COMPTE,
        pdf=True,
        documents_par_compte=DOCUMENTS_PAR_COMPTE,
        propres=True,
    )
    return made.path, sum(made.lignes.values())


def _delta(rows: int, folder: Path) -> Path:
    """A night's changes: 1 % of the ledger lines added, 1 % of the persons renamed."""
    from palier.core.dates import today
    from palier.echanges.generateur.echelle_delta import generate_scaled_delta
    from palier.echanges.generateur.echelle_lignes import Echelle

    lots = rows // MOUVEMENTS_PAR_COMPTE
    echelle = Echelle(SLUG, lots, MOUVEMENTS_PAR_COMPTE, DOCUMENTS_PAR_COMPTE, today(), GRAINE + 1, True)
    target = folder / "delta.zip"
    base.tell(f"delta de {generate_scaled_delta(target, echelle, 1)} lignes")
    return target


def _env(urls: Urls) -> dict[str, str]:
    return {**os.environ, **environment(urls), "DJANGO_SETTINGS_MODULE": "config.settings"}


def create_agence(urls: Urls) -> None:
    """Create the agence of the bench."""
    if database.manage(_env(urls), "agence", "create", SLUG, "--nom", "Agence d'échelle"):
        raise SystemExit("The bench's agence could not be created.")


def import_file(urls: Urls, path: Path) -> dict[str, Any]:
    """Import a dossier; return its seconds and its peak memory."""
    return run_once(urls, "dossier", "import", "--agence", SLUG, str(path))


def run_once(urls: Urls, *arguments: str) -> dict[str, Any]:
    """Run a command in a process of its own; return its seconds (Django's start excluded) and its peak memory in kB."""
    done = subprocess.run(
        database.python("-m", "bench.import_once", *arguments),
        env=_env(urls),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])} failed:\n{done.stdout}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    base.tell(found["said"])
    return found


def _sent_again(path: Path) -> Path:
    """Return the same tables under the next night's manifest: another file, the same content."""
    target = path.with_name("renvoi.zip")
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "dossier.json":
                declared = json.loads(content)
                declared["sequence"] += 1
                content = json.dumps(declared).encode()
            copy.writestr(name, content)
    return target
