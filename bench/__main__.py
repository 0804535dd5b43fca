"""``python -m bench [names] [--full]``, called by ``./run bench`` with the database and the demo's data in place."""

import argparse
import os
import sys

import django

from bench import growth, imports, pages

NAMES = (
    "page.home",
    "page.documents",
    "page.compte",
    "import.first",
    "import.resend",
    "download",
    "signin",
    "growth.documents",
)


def main(arguments: list[str]) -> int:
    """Take the measures asked for, all of them by default."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    parser = argparse.ArgumentParser(prog="./run bench", description="Les mesures de docs/bench.md.")
    parser.add_argument("names", nargs="*", metavar="nom", help=", ".join(NAMES))
    parser.add_argument(
        "--full", action="store_true", help="un million de mouvements, dix millions de documents"
    )
    options = parser.parse_args(arguments)
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
    if {"import.first", "import.resend"} & set(wanted):
        for rows in (100_000, 1_000_000) if options.full else (100_000,):
            imports.measure(rows)
    if "growth.documents" in wanted:
        growth.measure(growth.default_sizes(options.full))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
