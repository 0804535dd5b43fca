"""``./run manage traductions``: extract French source strings, update and compile the English catalogue."""

import io
from pathlib import Path
from typing import Any

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

METHODS = [
    ("**/generateur/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/templates/**.subject", "jinja2"),
]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
FOLDER = Path("locale/en/LC_MESSAGES")


def extract(root: Path) -> Catalog:
    """Return a catalogue of every source string under ``palier/`` and ``config/``."""
    catalog = Catalog(project="Palier", locale="en", charset="utf-8", fuzzy=False)
    for folder in ("config", "palier"):
        for name, line, message, comments, context in extract_from_dir(
            root / folder,
            method_map=METHODS,
            keywords=KEYWORDS,
            options_map={
                "**/templates/**": {
                    "extensions": "jinja2.ext.do",
                    "trim_blocks": "true",
                    "lstrip_blocks": "true",
                    "silent": "false",
                }
            },
        ):
            catalog.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def load(path: Path) -> Catalog:
    """Return the catalogue kept at ``path`` (empty when absent)."""
    if not path.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return pofile.read_po(source, locale="en")


def missing(catalog: Catalog) -> list[str]:
    """Return the source strings without an English text."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and (not message.string or (isinstance(message.string, tuple) and not all(message.string)))
    ]


class Command(BaseCommand):
    """Updates ``locale/en``; with ``--verifier`` only tells whether it is complete and compiled (exit code 1)."""

    help = "Met à jour et compile le catalogue anglais."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verifier", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        path = root / FOLDER / "django.po"
        catalog = load(path)
        catalog.update(extract(root), no_fuzzy_matching=True, keep_user_comments=False)
        catalog.obsolete.clear()
        untranslated = missing(catalog)
        if not options["verifier"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = io.BytesIO()
            pofile.write_po(text, catalog, width=120, sort_output=True, no_location=True, omit_header=False)
            path.write_bytes(text.getvalue())
            with (root / FOLDER / "django.mo").open("wb") as target:
                write_mo(target, catalog)
        if untranslated:
            listed = "\n".join(f"  - {text}" for text in untranslated[:20])
            raise CommandError(
                f"{len(untranslated)} textes sans traduction anglaise :\n{listed}", returncode=1
            )
        self.stdout.write(f"{len(list(catalog))} textes, tous traduits.")
