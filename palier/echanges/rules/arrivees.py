"""Which names of a watched folder are final, and in which order files that came together are taken."""

from collections.abc import Sequence
from typing import TypeVar

#: Names that a sender gives while it writes; renaming to the final name is the signal.
_TEMPORAIRES = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".upload", ".swp", "~")
#: What we write ourselves: never taken back, wherever it is dropped.
RENDUS = (".rapport.csv", ".rapport.json", ".ok", ".erreur", ".attente")
#: Bytes: a name grows by an identifier when it is taken, and by an ending for its report (255 at most).
NOM_MAX = 190

T = TypeVar("T")
Rang = tuple[str, str, int]


def is_final(name: str) -> bool:
    """Tell whether a name says that its file is whole."""
    lowered = name.lower()
    return not (lowered.startswith((".", "~")) or lowered.endswith((*_TEMPORAIRES, *RENDUS)))


def is_sound(name: str) -> bool:
    """Tell whether a name can be kept, shown, and written back."""
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:  # bytes that are no UTF-8
        return False
    return 0 < size <= NOM_MAX and name.isprintable() and "/" not in name and name not in {".", ".."}


def in_order(items: Sequence[tuple[T, Rang | None]]) -> list[T]:
    """Return the items as they came, but the dossiers of one source between themselves by sequence.

    A rank is (logiciel, base, sequence); None for a file that says none: it keeps its place.
    """
    by_source: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for place, (_item, rank) in enumerate(items):
        if rank is not None:
            by_source.setdefault(rank[:2], []).append((rank[2], place))
    found = [item for item, _rank in items]
    for members in by_source.values():
        places = sorted(place for _sequence, place in members)
        for place, (_sequence, origin) in zip(places, sorted(members), strict=True):
            found[place] = items[origin][0]
    return found
