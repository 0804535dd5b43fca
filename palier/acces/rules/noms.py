"""Do two names look like one person's? Pure; used to warn, never to refuse by itself (K5)."""

import unicodedata


def _words(name: str) -> set[str]:
    flat = unicodedata.normalize("NFD", name.lower())
    letters = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return {
        word
        for word in letters.split()
        if len(word) > 1 and word not in {"et", "de", "du", "la", "le", "sci"}
    }


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two family names share a word, accents and case aside (« LEFEVRE », « Lefèvre-Martin »)."""
    return bool(_words(one) & _words(other))
