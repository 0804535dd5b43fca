"""A text made of sections as an accessible PDF."""

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palier.core.dates import date_simple
from palier.core.impression import print_pdf
from palier.vie_privee.queries import TexteLu
from palier.vie_privee.rules.textes import Section

_MODELE = Path(__file__).with_name("texte.typ")


def sections_pdf(
    titre: str,
    sous_titre: str,
    sections: Sequence[Section],
    *,
    langue: str,
    pied: str = "Palier",
    preuve: str = "",
) -> bytes:
    """Return titled sections as a PDF; ``preuve`` is the small line that ends it."""
    return print_pdf(
        _MODELE,
        "texte",
        {
            "titre": titre,
            "sous_titre": sous_titre,
            "langue": langue,
            "pied": pied,
            "page": _("Page"),
            "preuve": preuve,
            "sections": [{"titre": s.titre, "corps": s.corps} for s in sections],
        },
    )


def text_pdf(texte: TexteLu, langue: str) -> bytes:
    """Return a published legal text, with its version, its date and its hash."""
    day = date_simple(texte.en_vigueur_le, get_language() or "fr")
    return sections_pdf(
        texte.titre,
        _("Version %(version)s, en vigueur depuis le %(jour)s") % {"version": texte.version, "jour": day},
        texte.sections,
        langue=langue,
        preuve=_("Empreinte SHA-256 du texte : %(empreinte)s") % {"empreinte": texte.empreinte},
    )
