"""``./run serve`` and ``./run worker``: refuse what is unsafe, then become the server (or attend to it)."""

import argparse
import os

import psycopg

from config import exploitant
from config.lanceur import database, refusals, web
from config.lanceur.texts import Stop, say

# The role must own no table and bypass nothing, itself or through a role that it belongs to.
_ROLE = """
select
  (select bool_or(rolcreaterole) from pg_roles where pg_has_role(current_user, oid, 'member')),
  (select bool_or(rolsuper) from pg_roles where pg_has_role(current_user, oid, 'member')),
  (select bool_or(rolbypassrls) from pg_roles where pg_has_role(current_user, oid, 'member')),
  (select count(*) from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
    and pg_has_role(current_user, relowner, 'member')),
  current_user
"""


def run(arguments: list[str]) -> int:
    """Serve the pages until a signal asks for the end."""
    options = argparse.ArgumentParser(prog="./run serve", description="Le site en production.")
    options.add_argument("--host", default=os.environ.get("PALIER_HOST") or "127.0.0.1")
    options.add_argument("--port", type=int, default=int(os.environ.get("PALIER_PORT") or 8000))
    chosen = options.parse_args(arguments)
    web.refuse_taken_port(chosen.host, chosen.port)
    opened = _accepted()
    env = {**_without_stronger_roles(opened.env), "PALIER_POOL": "1"}
    try:
        web.collect_static(env)
    except BaseException:
        opened.leave()
        raise
    absent = exploitant.missing(env)
    if absent:
        say(
            "Attention : sans textes légaux publiés, personne ne peut ouvrir de compte. Ces réglages les complètent, et"
            f" manquent : {', '.join(absent)} (docs/exploitation.md), puis : ./run manage textes publier."
        )
    say(f"Palier écoute sur {chosen.host}:{chosen.port}.")
    return _serve(opened, web.command(chosen.host, chosen.port, env), web.tuned(env))


def run_worker(arguments: list[str]) -> int:
    """Run the background tasks until a signal asks for the end."""
    opened = _accepted()
    say("Palier : les tâches de fond tournent.")
    command = database.python("-m", "config.lanceur.worker_process", *arguments)
    return _serve(opened, command, _without_stronger_roles(opened.env))


def _serve(opened: database.Opened, command: list[str], env: dict[str, str]) -> int:
    """Become the server; with the embedded database, attend to it instead, so as to end that one after it."""
    if not opened.embedded:
        web.become(command, env)
    try:
        return web.attend(command, env)
    finally:
        opened.leave()


def _accepted() -> database.Opened:
    """Return the database of the server, its environment with it; raise ``Stop`` with every refusal."""
    env = dict(os.environ)
    found = refusals.of_environment(env)
    if found:
        raise Stop(*found)
    env["PALIER_MODE"] = "production"
    env["PALIER_DEBUG"] = "0"
    opened = database.open_database(database.data_folder(), env)
    try:
        found = _of_role(opened.env["DATABASE_URL"]) or _of_migrations(opened.env)
        if found:
            raise Stop(*found)
    except BaseException:
        opened.close()
        raise
    return opened


def _without_stronger_roles(env: dict[str, str]) -> dict[str, str]:
    """Return ``env`` without the addresses of stronger roles: what serves pages has no use for them."""
    dropped = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")
    return {name: value for name, value in env.items() if name not in dropped}


def _of_role(url: str) -> list[str]:
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute(_ROLE).fetchone()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        return [f"La base de DATABASE_URL ne répond pas : {reason}"]
    assert row is not None
    creates, superuser, bypass, owned, name = row
    found = []
    if superuser:
        found.append(
            f"Le rôle « {name} » est superutilisateur : la base ne cloisonnerait rien. Employez palier_app."
        )
    elif bypass:
        found.append(f"Le rôle « {name} » contourne le cloisonnement (BYPASSRLS). Employez palier_app.")
    if creates and not superuser:
        found.append(
            f"Le rôle « {name} » peut créer des rôles (CREATEROLE), donc s'en donner un plus fort. Employez palier_app."
        )
    if owned and not superuser:
        found.append(
            f"Le rôle « {name} » possède des tables : il pourrait lever leurs règles. Employez palier_app."
        )
    return found


def _of_migrations(env: dict[str, str]) -> list[str]:
    if database.manage(env, "migrate", "--check", "--verbosity", "0") == 0:
        return []
    return ["Des migrations attendent : PALIER_MODE=production ./run manage migrate, puis relancez."]
