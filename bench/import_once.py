"""``python -m bench.import_once COMMAND ARGUMENT…``: one run of a command, its seconds and its peak memory as JSON."""

import io
import json
import os
import resource
import sys
import time

import django


def main(arguments: list[str]) -> int:
    """Run the command and print what it took; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import CommandError, call_command

    said, code = io.StringIO(), 0
    start, cpu = time.perf_counter(), time.process_time()
    try:
        call_command(*arguments, stdout=said)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except CommandError as error:
        code = 1
        said.write(str(error))
    found = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "said": " ".join(said.getvalue().split()),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
