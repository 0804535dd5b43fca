"""Masks a value before it may appear in a report: enough to find it, never enough to read it."""

import re

#: Types whose shape helps more than their first letter, and says nothing personal.
SHAPED = frozenset({"number", "integer", "date", "datetime", "boolean"})
MAX_SHAPE = 24


def mask(value: str | None, kind: str = "string") -> str:
    """First character and length of a text ("L… (7)"), shape of a number or a date ("99/99/9999")."""
    if value is None or value == "":
        return ""
    if kind in SHAPED:
        shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
        return shape[:MAX_SHAPE] + ("…" if len(shape) > MAX_SHAPE else "")
    first = value[0] if value[0].isprintable() else "?"
    return f"{first}… ({len(value)})"
