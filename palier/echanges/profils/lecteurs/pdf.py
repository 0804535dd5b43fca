"""PDF files: one row each, with its SHA-256 and, when the profile asks for it, the text of its first pages."""

import hashlib
from pathlib import Path, PurePosixPath

import pypdfium2
from django.utils.translation import gettext as _

from palier.echanges.limites import LIMITES

from ..constats import Gravite
from ..texte import MIO
from .base import Releve, Travail

TEXTE_MAX = 20_000


def digest(path: Path) -> str:
    """SHA-256 of a file, in bounded memory."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(MIO):
            found.update(block)
    return found.hexdigest()


def first_text(path: Path, pages: int) -> str | None:
    """The text of the first pages on one line; None when the PDF cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return None
    try:
        texts = []
        for i in range(min(pages, len(document))):
            page = document[i]
            texts.append(page.get_textpage().get_text_bounded())
        return " ".join(" ".join(texts).replace("\x00", " ").split())[:TEXTE_MAX]
    except (pypdfium2.PdfiumError, ValueError, UnicodeError):
        return None
    finally:
        document.close()


def _fault(travail: Travail, code: str, message: str) -> None:
    travail.recueil.add(code, Gravite.ALERTE, message, travail.piece.nom)


def read_pdf(travail: Travail) -> Releve:
    """Read one PDF. A file that is not one is left out, with a sentence: it never stops the others."""
    releve, path = travail.releve(), travail.piece.chemin
    releve.lignes = 1
    with path.open("rb") as file:
        head = file.read(5)
    if head != b"%PDF-":
        _fault(travail, "pas_un_pdf", _("Ce fichier n'est pas un PDF malgré son nom : laissé de côté."))
        return releve
    if releve.octets > LIMITES.document:
        _fault(travail, "pdf_trop_gros", _("PDF de plus de 100 Mio : laissé de côté."))
        return releve
    text: str | None = ""
    pages = int(travail.source.options.get("texte_pages", 0))
    if pages:
        text = first_text(path, pages)
        if text is None:
            _fault(travail, "pdf_illisible", _("PDF abîmé ou protégé : son texte ne peut pas être lu."))
    sha256 = digest(path)
    name = PurePosixPath(travail.piece.nom).name
    stem = name[:-4] if name.lower().endswith(".pdf") else name
    travail.put(
        1, [travail.piece.nom, stem, f"documents/{sha256}.pdf", sha256, str(releve.octets), text or ""], True
    )
    return releve
