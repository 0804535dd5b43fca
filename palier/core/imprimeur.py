"""Compiles one typst model in a process of its own: facts as JSON on standard input, the bytes on standard output."""

import base64
import json
import sys

import typst

REFUSED = 3  # exit code: the model or one of its images cannot be read; why is on standard error


def main() -> int:
    """Read the order, write what it makes; return the exit code."""
    order = json.load(sys.stdin)
    modele = base64.b64decode(order["modele"])
    try:
        made = typst.Compiler(ignore_system_fonts=True).compile(modele, **order["options"])
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return REFUSED
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
