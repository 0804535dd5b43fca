"""``python -m bench.import_once SLUG FILE``: one import by the command, its seconds and its peak memory as JSON."""

import io
import json
import os
import resource
import sys
import time

import django


def main(slug: str, path: str) -> None:
    """Run the import and print what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    said = io.StringIO()
    start = time.perf_counter()
    try:
        call_command("dossier", "import", "--agence", slug, path, stdout=said)
    except SystemExit as ended:
        if ended.code not in (0, 1):
            sys.stdout.write(said.getvalue())
            raise
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(
        json.dumps({"seconds": seconds, "memory": memory, "said": " ".join(said.getvalue().split())}) + "\n"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
