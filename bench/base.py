"""What every measure needs: a server on a database, a copy of the database, and one way to say a figure."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from bench import client
from config.lanceur import web
from palier.core.embedded_postgres import Urls, environment

THREADS = "2"


def urls() -> Urls:
    """Return the addresses of the bench's own database."""
    return Urls(
        app=os.environ["DATABASE_URL"],
        owner=os.environ["DATABASE_OWNER_URL"],
        exploitant=os.environ["DATABASE_EXPLOITANT_URL"],
        superuser=os.environ["DATABASE_SUPERUSER_URL"],
    )


def ratio(name: str, value: float, target: str) -> None:
    """Print a figure: the line that other tools read, and its target beside it for people."""
    print(f"ratio {name} {value:.3f}", flush=True)
    print(f"  ({target})", flush=True)


def tell(text: str) -> None:
    """Print what a figure rests on."""
    print(f"  {text}", flush=True)


def tell_load() -> None:
    """Print how busy the machine is: a figure taken beside other work says less."""
    one, five, _fifteen = os.getloadavg()
    tell(f"charge de la machine : {one:.1f} (1 min), {five:.1f} (5 min), {os.cpu_count()} cœurs")


@contextmanager
def copy_of_database(name: str) -> Iterator[Urls]:
    """Give a copy of the bench's database, dropped afterwards."""
    source = urls()
    original = psycopg.conninfo.conninfo_to_dict(source.superuser)["dbname"]
    maintenance = source.for_database("postgres").superuser
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(
            sql.SQL("create database {} template {} owner palier_owner").format(
                sql.Identifier(name), sql.Identifier(str(original))
            )
        )
    copied = source.for_database(name)
    with psycopg.connect(copied.superuser, autocommit=True) as connection:
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to palier_app").format(sql.Identifier(name))
        )
    try:
        yield copied
    finally:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(drop)


@contextmanager
def server(database: Urls | None = None, **extra: str) -> Iterator[int]:
    """Run the web server (two workers) with the bare views; give its port."""
    port = web.free_port()
    env = {
        **os.environ,
        **(environment(database) if database else {}),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PALIER_POOL": "1",
        "PALIER_WORKERS": "2",
        "PALIER_THREADS": os.environ.get("PALIER_THREADS", THREADS),
        "PALIER_URL": f"http://{client.HOST}:{port}",
        **extra,
    }
    log = Path(os.environ["PALIER_DATA"]) / "banc-site.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            web.command(client.HOST, port, env), env=web.tuned(env), stdout=output, stderr=output
        )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 60
    while True:
        try:
            client.fetch(port, "/healthz", "")
            return
        except (OSError, RuntimeError):
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit("The bench's web server does not start: see banc-site.log.")
            time.sleep(0.1)
