"""Typed readers of environment variables: they raise rather than guess.

Settings hold the machine, never the law: a legal figure lives in a ``rules`` module with its article.
"""

import os
from pathlib import Path


class SettingError(RuntimeError):
    """A setting is missing or unusable; the message says which one, and what to write."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable ``name``; raise ``SettingError`` when it is absent and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"La variable d'environnement {name} est requise.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable written 1/0, true/false, oui/non; raise ``SettingError`` otherwise."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    lowered = value.strip().lower()
    if lowered in {"1", "true", "oui", "yes"}:
        return True
    if lowered in {"0", "false", "non", "no"}:
        return False
    raise SettingError(f"{name} doit valoir 1 ou 0 (lu : {value!r}).")


def integer(name: str, default: int, minimum: int = 0) -> int:
    """Return a whole number of at least ``minimum``; raise ``SettingError`` otherwise."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        number = int(value)
    except ValueError:
        raise SettingError(f"{name} doit être un nombre entier (lu : {value!r}).") from None
    if number < minimum:
        raise SettingError(f"{name} doit valoir au moins {minimum} (lu : {number}).")
    return number


def words(name: str, default: str = "") -> list[str]:
    """Return a comma separated list, blanks trimmed, empty items dropped."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder path; it is not created here."""
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default.resolve()
