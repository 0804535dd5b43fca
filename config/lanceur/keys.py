"""The demo's own keys: made once beside its data, readable by its owner only. Production's come from elsewhere."""

import json
import os
import secrets as random_source
from pathlib import Path

FILE = "cles-demo.json"
NAMES = ("PALIER_SECRET_KEY", "PALIER_VAULT_KEY", "PALIER_PEPPER")


def make(data: Path) -> dict[str, str]:
    """Return the demo's keys, made on the first call; they die with the demo's data."""
    path = data / FILE
    if path.exists():
        return read(data)
    data.mkdir(parents=True, exist_ok=True)
    keys = {
        "PALIER_SECRET_KEY": random_source.token_urlsafe(48),
        "PALIER_VAULT_KEY": random_source.token_hex(32),
        "PALIER_PEPPER": random_source.token_urlsafe(32),
    }
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return keys


def read(data: Path) -> dict[str, str]:
    """Return the demo's keys, or nothing when ``data`` holds no demo."""
    try:
        found = json.loads((data / FILE).read_text())
    except FileNotFoundError:
        return {}
    return {name: str(found[name]) for name in NAMES}


def environment(data: Path, env: dict[str, str]) -> dict[str, str]:
    """Return ``env`` for a command run beside the demo: its mode and keys, unless the caller chose a mode."""
    keys = read(data)
    if not keys or env.get("PALIER_MODE") or env.get("DATABASE_URL"):
        return env
    return {**env, **keys, "PALIER_MODE": "demo"}
