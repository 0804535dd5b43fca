"""What somebody types in the search box, made into a query of PostgreSQL's full text: accents and case folded."""

import re
import unicodedata
from collections.abc import Mapping

MAX_MOTS = 8
MAX_LETTRES = 40
_MOT = re.compile(r"[a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# The short words of the trade, which documents write in full.
_SIGLES: Mapping[str, str] = {
    "ag": "(ag | (assemblee & generale))",
    "pv": "(pv | (proces & verbal))",
    "crg": "(crg | (compte & rendu & gerance))",
    "dpe": "(dpe | (performance & energetique))",
}


def normalise(texte: str) -> str:
    """Return ``texte`` in lower case without accents, as ``palier_normalise`` does in the database."""
    decomposed = unicodedata.normalize("NFKD", texte.lower().translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def mots(texte: str) -> list[str]:
    """Return the words searched for, folded; at most eight."""
    return [mot[:MAX_LETTRES] for mot in _MOT.findall(normalise(texte))][:MAX_MOTS]


def tsquery(texte: str) -> str:
    """Return the text of a tsquery: every word, the last one by its beginning. Empty when there is no word.

    Only folded letters and digits get in: nothing typed is read as an operator.
    """
    found = mots(texte)
    if not found:
        return ""
    parts = [_SIGLES.get(mot, mot) for mot in found[:-1]]
    last = found[-1]
    parts.append(f"({_SIGLES[last]} | {last}:*)" if last in _SIGLES else f"{last}:*")
    return " & ".join(parts)
