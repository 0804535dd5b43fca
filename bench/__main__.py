"""``python -m bench [names] [--full]``, called by ``./run bench`` with the database and the demo's data in place."""

import argparse
import os
import sys

import django

from bench import fec, growth, imports, pages

NAMES = (
    "page.home",
    "page.documents",
    "page.compte",
    "import.first",
    "import.resend",
    "import.delta",
    "import.fec",
    "download",
    "signin",
    "growth.documents",
)


IMPORTS = ("import.first", "import.resend", "import.delta", "import.fec")


def main(arguments: list[str]) -> int:
    """Take the measures asked for, all of them by default."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    parser = argparse.ArgumentParser(prog="./run bench", description="Les mesures de docs/bench.md.")
    parser.add_argument(
        "names", nargs="*", metavar="nom", help=f"{', '.join(NAMES)} ; import : les quatre imports"
    )
    parser.add_argument(
        "--full", action="store_true", help="un million de mouvements, dix millions de documents"
    )
    options = parser.parse_args(arguments)
    options.names = [x for name in options.names for x in (IMPORTS if name == "import" else [name])]
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"mesure inconnue : {', '.join(unknown)}")
    wanted = options.names or list(NAMES)
    wanted_pages = [name for name in wanted if name.startswith("page.")]
    if wanted_pages:
        pages.measure_pages(wanted_pages)
    if "download" in wanted:
        pages.measure_download()
    if "signin" in wanted:
        pages.measure_sign_in()
    sizes = (100_000, 1_000_000) if options.full else (100_000,)
    for rows in sizes if {"import.first", "import.resend", "import.delta"} & set(wanted) else ():
        imports.measure(rows, set(wanted))
    for rows in sizes if "import.fec" in wanted else ():
        fec.measure(rows)
    if "growth.documents" in wanted:
        growth.measure(growth.default_sizes(options.full))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
