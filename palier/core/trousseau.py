"""The keyring: the one copy of the agences' wrapped keys outside the database, and the list of what must not come back.

Both lie in TROUSSEAU_DIR, which no backup holds. Destroying an agence's entry (and its row) makes every backup of it
unreadable. The list of erasures is replayed by a restore before the doors open: it holds identifiers and digests only.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

CLES, PIERRES = "cles.json", "effacements.jsonl"
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
