"""A legal text as data: its sections, the {fields} that the installation fills, what changed between two versions."""

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_CHAMP = re.compile(r"\{(\w+)\}")
#: What a forgotten placeholder looks like: the seed's own fault was « indiquer ses coordonnées » left in the text.
_OUBLI = re.compile(
    r"\[[^\]\n]*\]|\bTODO\b|\bXXX+\b|\b[ÀA][ _](?:COMPL[ÉE]TER|RENSEIGNER)\b|\bà compléter\b|\bindiquer (?:ses|vos|le|la|les)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of a text: paragraphs (str) and lists of points (list)."""

    titre: str
    corps: list[str | list[str]]


Morceaux = tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Ecart:
    """One row of a side-by-side difference: a paragraph before and after, cut into (changed, words) pieces."""

    genre: str  # "meme", "change", "ajoute", "retire"
    avant: Morceaux
    apres: Morceaux

    @property
    def lus(self) -> tuple[tuple[str, Morceaux], tuple[str, Morceaux]]:
        """Return both sides as a reader sees them."""
        return sans_marque(self.avant), sans_marque(self.apres)


def sans_marque(morceaux: Morceaux) -> tuple[str, Morceaux]:
    """Return ("titre", "point" or "", pieces without the mark that says so): a reader sees words only."""
    text = "".join(words for _changed, words in morceaux)
    nature, left = (
        ("titre", 3) if text.startswith("## ") else ("point", 2) if text.startswith("- ") else ("", 0)
    )
    kept = []
    for changed, words in morceaux:
        cut = min(left, len(words))
        left -= cut
        if words[cut:]:
            kept.append((changed, words[cut:]))
    return nature, tuple(kept)


def sections(corps: str) -> list[Section]:
    """Cut a text into its sections: '## ' opens one, a block of '- ' lines is a list."""
    found: list[Section] = []
    for block in blocks(corps):
        if block.startswith("## "):
            found.append(Section(block[3:].strip(), []))
        elif found:
            lines = block.splitlines()
            if all(line.startswith("- ") for line in lines):
                found[-1].corps.append([line[2:].strip() for line in lines])
            else:
                found[-1].corps.append(" ".join(line.strip() for line in lines))
    return found


def blocks(corps: str) -> list[str]:
    """Return the paragraphs, titles and lists of a text, in order."""
    return [b.strip() for b in re.split(r"\n\s*\n", corps.replace("\r\n", "\n").strip()) if b.strip()]


def fields_of(corps: str) -> list[str]:
    """Return the names of the {fields} of a text, once each, in order."""
    return list(dict.fromkeys(_CHAMP.findall(corps)))


def missing_fields(corps: str, champs: Mapping[str, str]) -> list[str]:
    """Return the {fields} that the installation's settings leave empty, unknown, or filled with a placeholder."""
    return [
        name for name in fields_of(corps) if not champs.get(name, "").strip() or _OUBLI.search(champs[name])
    ]


def placeholders(corps: str) -> list[str]:
    """Return the forgotten placeholders written in the text itself: « [à compléter] », « TODO »…"""
    return list(dict.fromkeys(m.group(0) for m in _OUBLI.finditer(corps)))


def fill(corps: str, champs: Mapping[str, str]) -> str:
    """Replace each {field} by its value. Raises KeyError when one is unknown: check with ``missing_fields`` first."""
    return _CHAMP.sub(lambda match: champs[match[1]], corps)


def empreinte(titre: str, corps: str) -> str:
    """Return the SHA-256 of a text as shown, in hexadecimal: the proof of which words were accepted."""
    return hashlib.sha256(f"# {titre}\n{corps}".encode()).hexdigest()


def next_version(present: str) -> str:
    """Return the version that follows: « 1.0 » → « 1.1 »; « 1.0 » when there is none."""
    head, _, tail = present.rpartition(".")
    return f"{head}.{int(tail) + 1}" if head and tail.isdigit() else "1.0"


def difference(avant: str, apres: str) -> list[Ecart]:
    """Return the side-by-side difference of two texts, paragraph by paragraph, word by word within a change."""
    old, new = _paragraphs(avant), _paragraphs(apres)
    rows: list[Ecart] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Ecart("meme", ((False, text),), ((False, text),)) for text in old[i:j]]
            continue
        before, after = old[i:j], new[k:m]
        paired = min(len(before), len(after))
        rows += [_changed(before[n], after[n]) for n in range(paired)]
        rows += [Ecart("retire", ((True, text),), ()) for text in before[paired:]]
        rows += [Ecart("ajoute", (), ((True, text),)) for text in after[paired:]]
    return rows


def _paragraphs(corps: str) -> list[str]:
    """Each title, paragraph and point of a list on its own."""
    return [line.strip() for block in blocks(corps) for line in _lines(block)]


def _lines(block: str) -> list[str]:
    lines = block.splitlines()
    return lines if all(line.startswith("- ") for line in lines) else [" ".join(lines)]


def _changed(before: str, after: str) -> Ecart:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if j > i:
            left.append((tag != "equal", "".join(old[i:j])))
        if m > k:
            right.append((tag != "equal", "".join(new[k:m])))
    return Ecart("change", tuple(left), tuple(right))
