"""``python -m config.lanceur``: reads the subcommand and hands over to its module."""

import sys
from importlib import import_module

from config.lanceur.texts import HELP, Stop, say

COMMANDS = {
    "demo": "demo",
    "test": "testing",
    "check": "checking",
    "serve": "production",
    "worker": "production",
    "bench": "benching",
    "manage": "manage",
}


def main(arguments: list[str]) -> int:
    """Run the subcommand and return its exit code; 2 when it was refused."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in {"help", "-h", "--help", "aide"}:
        print(HELP, end="")
        return 0
    if name not in COMMANDS:
        say(f"« {name} » n'est pas une commande de ./run.\n\n{HELP}")
        return 2
    module = import_module(f"config.lanceur.{COMMANDS[name]}")
    try:
        if name == "worker":
            return int(module.run_worker(rest))
        return int(module.run(rest))
    except Stop as refusal:
        for sentence in refusal.sentences:
            say(sentence)
        return refusal.code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
