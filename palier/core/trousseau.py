"""The keyring: the one copy of the agences' wrapped keys outside the database, and the list of what must not come back.

Both lie in TROUSSEAU_DIR, which no backup holds. Destroying an agence's entry (and its row) makes every backup of it
unreadable. Two lists are replayed by a restore before the doors open: the erasures, and what was stopped or taken back
since the backup (restrictions, withdrawn consents, ended contracts). They hold identifiers, dates and digests only.
"""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

CLES, PIERRES, SUITES = "cles.json", "effacements.jsonl", "suites.jsonl"
AGENCE, COMPTE = "agence", "compte"


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """An agence's key as the database keeps it: wrapped by the installation's key, with its salt."""

    id: UUID
    cle: bytes
    sel: bytes


def folder() -> Path:
    """Return the keyring's folder, made when absent, for us alone."""
    path = Path(settings.TROUSSEAU_DIR)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextmanager
def _locked() -> Iterator[Path]:
    """Hold the keyring: two processes never rewrite it at once."""
    place = folder()
    with (place / ".verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def keys() -> dict[UUID, Enveloppe]:
    """Return the wrapped keys by agence."""
    path = folder() / CLES
    if not path.exists():
        return {}
    found = json.loads(path.read_text())
    return {
        UUID(agence): Enveloppe(UUID(e["id"]), base64.b64decode(e["cle"]), base64.b64decode(e["sel"]))
        for agence, e in found.items()
    }


def _write(place: Path, kept: dict[UUID, Enveloppe]) -> None:
    content = {
        str(agence): {
            "id": str(e.id),
            "cle": base64.b64encode(e.cle).decode(),
            "sel": base64.b64encode(e.sel).decode(),
        }
        for agence, e in sorted(kept.items())
    }
    temporary = place / f".{CLES}.{os.getpid()}"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(place / CLES)


def replace_keys(present: dict[UUID, Enveloppe]) -> None:
    """Make the keyring what the database holds now: a key that is gone there goes here too."""
    with _locked() as place:
        _write(place, present)


def destroy_key(agence_id: UUID) -> None:
    """Take an agence's key out. Quiet when it is not there."""
    with _locked() as place:
        kept = keys()
        if kept.pop(agence_id, None) is not None:
            _write(place, kept)


def record(genre: str, objet: str, moment: datetime) -> None:
    """Add an erasure to the list, once, on disk before this returns. ``objet``: an agence's id, an account's digest."""
    with _locked() as place:
        if (genre, objet) in erased():
            return
        with os.fdopen(os.open(place / PIERRES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(json.dumps({"genre": genre, "objet": objet, "le": moment.isoformat()}) + "\n")
            file.flush()
            os.fsync(file.fileno())


def erased() -> set[tuple[str, str]]:
    """Return (genre, object) of everything that must not come back. A line cut by a crash is ignored."""
    path = folder() / PIERRES
    found: set[tuple[str, str]] = set()
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        found.add((row["genre"], row["objet"]))
    return found


Suites = dict[tuple[str, str], dict[str, Any]]


def noted() -> Suites:
    """Return the last facts of each decision to replay, by kind and object. A line cut by a crash is ignored."""
    path = folder() / SUITES
    found: Suites = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        found[row["genre"], row["objet"]] = row["faits"]
    return found


def note(facts: Suites) -> int:
    """Add the decisions that are new or changed, on disk before this returns; return how many."""
    with _locked() as place:
        known = noted()
        fresh = {key: value for key, value in facts.items() if known.get(key) != value}
        if fresh:
            with os.fdopen(
                os.open(place / SUITES, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b"
            ) as file:
                _end_line(file)
                file.write(_lines(fresh))
                file.flush()
                os.fsync(file.fileno())
        return len(fresh)


def drop(unwanted: Callable[[str, dict[str, Any]], bool]) -> int:
    """Rewrite the list without the decisions that are ``unwanted`` (kind, facts), and without their former states."""
    with _locked() as place:
        known = noted()
        kept = {key: value for key, value in known.items() if not unwanted(key[0], value)}
        if len(kept) == len(known):
            return 0
        temporary = place / f".{SUITES}.{os.getpid()}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_lines(kept))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place / SUITES)
        return len(known) - len(kept)


def _lines(facts: Suites) -> bytes:
    rows = ({"genre": genre, "objet": objet, "faits": value} for (genre, objet), value in facts.items())
    return "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode()


def _end_line(file: IO[bytes]) -> None:
    """Close a line that a crash cut: the next one must not be lost with it."""
    if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n":
        file.write(b"\n")


def note_later(agence_id: UUID | None) -> None:
    """Have what this transaction stops or takes back written in the list by the worker (None: the portal's own).

    By its name: the task stands above.
    """
    from procrastinate.contrib.django import app

    app.configure_task("vie_privee.noter", queue="machine").defer(agence_id=str(agence_id or ""))
