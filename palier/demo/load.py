"""``python -m palier.demo.load``: prepares Django, then brings the demo's data to what it must be."""

import os
import sys

import django


def main() -> None:
    """Load what is missing; refuse outside demo mode."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from palier.demo.steps import load_all

    if settings.MODE != "demo":
        sys.exit("Le chargement de la démo n'existe qu'en mode demo.")
    load_all(settings.DATA_DIR)


if __name__ == "__main__":
    main()
