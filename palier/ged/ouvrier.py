"""``python -m palier.ged.ouvrier``: the process that reads hostile files, started and ended by ``atelier``.

It imports what it needs, draws a page to warm up, then confines itself for good; only then does it read a file.
"""

import sys
from typing import BinaryIO

from palier.ged import confinement, pdf
from palier.ged.atelier import DEMANDE, REPONSE

_TEMOIN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 32>>stream\nBT /F 12 Tf 9 30 Td (Aa) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def main(entree: BinaryIO, sortie: BinaryIO) -> None:
    """Answer until the pipe is closed."""
    pdf.pages_et_texte(_TEMOIN, "application/pdf")
    pdf.image_de_page(_TEMOIN, 1, 60)
    confinement.confine()
    while head := entree.read(DEMANDE.size):
        kind, page, largeur, long_mime, long_contenu = DEMANDE.unpack(head)
        mime = entree.read(long_mime).decode()
        contenu = entree.read(long_contenu)
        confinement.count_time()
        answer, data = _done(kind, page, largeur, mime, contenu)
        sortie.write(REPONSE.pack(answer, len(data)) + data)
        sortie.flush()


def _done(kind: bytes, page: int, largeur: int, mime: str, contenu: bytes) -> tuple[bytes, bytes]:
    try:
        if kind == b"T":
            pages, texte = pdf.pages_et_texte(contenu, mime)
            return b"R", (pages or 0).to_bytes(4, "big") + texte.encode("utf-8", "replace")
        return b"R", pdf.image_de_page(contenu, page, largeur)
    except pdf.PageAbsente:
        return b"P", b""
    except (pdf.Illisible, MemoryError) as error:
        return b"E", str(error).encode("utf-8", "replace")


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
