"""What a file shows: its pages as images, its text. PDFs through PDFium, which is not thread-safe: one at a time.

The portal never calls this for a PDF that somebody sent: ``palier.ged.atelier`` does it in a process apart.
"""

import struct
import threading
import zlib

import pypdfium2 as pdfium

MAX_TEXTE = 400_000  # letters kept for reading and searching
MAX_PAGES_TEXTE = 300
MAX_OCTETS = 80 * 1024 * 1024  # a heavier file is downloaded, not shown
LARGEURS = (480, 800, 1240, 1600)  # widths in pixels that may be asked for
MAX_POINTS = 14_400  # a page longer than the format allows (200 inches) is damaged or hostile
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})

_une_a_la_fois = threading.Lock()


class Illisible(Exception):
    """The file cannot be read as what it says it is."""


class PageAbsente(Illisible):
    """The file has no such page."""


def est_montrable(mime: str, octets: int) -> bool:
    """Tell whether pages of such a file can be shown in a page."""
    return octets <= MAX_OCTETS and (mime == "application/pdf" or mime in IMAGES)


def pages_et_texte(contenu: bytes, mime: str) -> tuple[int | None, str]:
    """Return (number of pages, plain text) of a file; (None, "") when it has neither. Raises ``Illisible``."""
    if mime in IMAGES:
        return 1, ""
    if mime in {"text/plain", "text/csv"}:
        return None, contenu[: 4 * MAX_TEXTE].decode("utf-8", "replace").replace("\x00", " ")[:MAX_TEXTE]
    if mime != "application/pdf" or len(contenu) > MAX_OCTETS:
        return None, ""
    with _une_a_la_fois:
        try:
            document = pdfium.PdfDocument(contenu)
        except pdfium.PdfiumError as error:
            raise Illisible(str(error)) from None
        try:
            return len(document), _texte(document)
        finally:
            document.close()


def _texte(document: pdfium.PdfDocument) -> str:
    """Return the text of a document, pages apart; a page that cannot be read is skipped."""
    parts: list[str] = []
    length = 0
    for rang in range(min(len(document), MAX_PAGES_TEXTE)):
        try:
            page = document[rang]
            textpage = page.get_textpage()
            text = str(textpage.get_text_bounded())
            textpage.close()
            page.close()
        except pdfium.PdfiumError:
            continue
        text = "\n".join(
            line.rstrip() for line in text.replace("\r\n", "\n").replace("\x00", " ").split("\n")
        )
        parts.append(text.strip())
        length += len(text)
        if length >= MAX_TEXTE:
            break
    return "\n\n".join(part for part in parts if part)[:MAX_TEXTE]


def image_de_page(contenu: bytes, numero: int, largeur: int) -> bytes:
    """Return page ``numero`` (from 1) of a PDF as a PNG ``largeur`` pixels wide. Raises ``Illisible``."""
    with _une_a_la_fois:
        try:
            document = pdfium.PdfDocument(contenu)
        except pdfium.PdfiumError as error:
            raise Illisible(str(error)) from None
        try:
            if not 1 <= numero <= len(document):
                raise PageAbsente("no such page")
            page = document[numero - 1]
            width, height = page.get_size()
            if not (0 < width <= MAX_POINTS and 0 < height <= MAX_POINTS) or height > 12 * width:
                raise Illisible("page size")
            bitmap = page.render(scale=largeur / width, rev_byteorder=True, may_draw_forms=False)
            size = (bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
            pixels = bytes(bitmap.buffer)
        except pdfium.PdfiumError as error:
            raise Illisible(str(error)) from None
        finally:
            document.close()
    return png(pixels, *size)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Return a PNG (W3C PNG, third edition) of rows of 8-bit grey, RGB, RGBX or RGBA; the fourth channel is dropped."""
    rows = bytearray()
    for rang in range(height):
        row = pixels[rang * stride : rang * stride + width * channels]
        rows.append(0)
        rows += row if channels != 4 else _sans_quatrieme(row)
    colour = 0 if channels == 1 else 2
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = zlib.compress(bytes(rows), 3)
    return b"\x89PNG\r\n\x1a\n" + _bloc(b"IHDR", header) + _bloc(b"IDAT", body) + _bloc(b"IEND", b"")


def _sans_quatrieme(row: bytes) -> bytes:
    kept = bytearray(len(row) // 4 * 3)
    for channel in range(3):
        kept[channel::3] = row[channel::4]
    return bytes(kept)


def _bloc(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
