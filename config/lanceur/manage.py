"""``./run manage …``: Django's commands, the database opened, migrations run as their owner."""

import os

from config.lanceur import database, keys
from config.lanceur.texts import Stop

OWNER_COMMANDS = frozenset(
    {
        "migrate",
        "prepare_base",
        "createcachetable",
        "makemigrations",
        "sqlmigrate",
        "flush",
        "dbshell",
        "sauvegarde",
    }
)


def run(arguments: list[str]) -> int:
    """Run one management command and return its exit code."""
    if not arguments:
        raise Stop(
            "Quelle commande ? Par exemple : ./run manage dossier check FICHIER. Liste : ./run manage help."
        )
    data = database.data_folder()
    env = keys.environment(data, dict(os.environ))
    if env.get("DATABASE_URL") and not env.get("PALIER_MODE"):
        env["PALIER_MODE"] = "production"  # somebody's base: nothing invented is written there by mistake
    opened = database.open_database(data, env)
    try:
        owner = arguments[0] in OWNER_COMMANDS and bool(opened.env.get("DATABASE_OWNER_URL"))
        code = database.manage(opened.env, *arguments, owner=owner)
        if code == 0 and arguments[0] == "migrate" and len(arguments) == 1:
            code = database.manage(opened.env, "prepare_base", owner=owner)
        return code
    finally:
        opened.close()
