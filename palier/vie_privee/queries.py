"""Reads of the legal texts: the version in force, cut into sections."""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from palier.core.dates import today
from palier.vie_privee.models import TexteLegal


@dataclass(frozen=True, slots=True)
class Section:
    """One titled part of a text: paragraphs (str) and lists of points (list)."""

    titre: str
    corps: list[str | list[str]]


@dataclass(frozen=True, slots=True)
class TexteLu:
    """A text as a page shows it."""

    titre: str
    version: str
    en_vigueur_le: date
    sections: list[Section]


def text_in_force(genre: str, langue: str) -> TexteLegal | None:
    """Return the version in force today, in French when the language has none."""
    rows = TexteLegal.objects.filter(genre=genre, en_vigueur_le__lte=today())
    ordered = rows.order_by("-en_vigueur_le", "-version")
    return ordered.filter(langue=langue).first() or ordered.filter(langue="fr").first()


def read_text(texte: TexteLegal) -> TexteLu:
    """Cut a stored text into sections; the operator's identity comes from the settings of the installation."""
    corps = re.sub(r"\{(\w+)\}", lambda match: settings.EXPLOITANT.get(match[1], match[0]), texte.corps)
    sections: list[Section] = []
    for block in re.split(r"\n\s*\n", corps.strip()):
        if block.startswith("## "):
            sections.append(Section(block[3:].strip(), []))
        elif sections:
            lines = block.strip().splitlines()
            if all(line.startswith("- ") for line in lines):
                sections[-1].corps.append([line[2:].strip() for line in lines])
            else:
                sections[-1].corps.append(" ".join(line.strip() for line in lines))
    return TexteLu(texte.titre, texte.version, texte.en_vigueur_le, sections)
